import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  awaitTurn,
  claim,
  type Delivery,
  giveBack,
  giveUp,
  isDue,
  mayHaveArrived,
  mostStrikes,
  mostUnknowns,
  type NewDelivery,
  type OpenDelivery,
  type Outcome,
  oldestMs,
  queue,
  record,
  renew,
  withdraw,
} from './delivery.ts';

const now = new Date('2026-11-21T08:00:00Z');
const after = (ms: number): Date => new Date(now.getTime() + ms);
const fresh: NewDelivery = {
  id: 'd1',
  eventId: 'e1',
  guardianId: 'g1',
  studentId: 's1',
  channel: 'EMAIL',
  language: 'vi',
  kind: 'INVOICE_PAID',
  lane: 'BULK',
  invoiceId: 'i1',
  occurredAt: now,
  announcedAt: now,
};
const take = (delivery: OpenDelivery, at: Date) => claim(delivery, { token: 'w1', leaseMs: 60_000, now: at });

function sending(at = now) {
  const taken = take(queue(fresh, now), at);
  if (taken.status !== 'SENDING') throw new Error('was given up');
  return taken;
}

test('a new message is due at once, a held one only when its lease ended', () => {
  expect(isDue(queue(fresh, now), now)).toBe(true);
  expect(isDue(sending(), after(59_999))).toBe(false);
  expect(isDue(sending(), after(60_000))).toBe(true);
});

test('a message that was taken is sent once and never due again', () => {
  const sent = record(sending(), { kind: 'SENT' }, after(10));
  expect(sent).toMatchObject({ status: 'SENT', attempts: 1, lastError: '', sentAt: after(10) });
  expect(isDue(sent, after(oldestMs * 2))).toBe(false);
});

test('a refused address is given up at once', () => {
  expect(record(sending(), { kind: 'ADDRESS_REFUSED', error: '550 5.1.1' }, now)).toMatchObject({
    status: 'FAILED',
    reason: 'ADDRESS_REFUSED',
    lastError: '550 5.1.1',
  });
});

test('a message whose own tries fail is given up after the eighth', () => {
  let delivery: Delivery = queue(fresh, now);
  let tries = 0;
  for (; delivery.status === 'PENDING'; tries++) {
    const taken = take(delivery, delivery.dueAt);
    if (taken.status !== 'SENDING') throw new Error('was given up');
    delivery = record(taken, { kind: 'ERROR', error: '554' }, delivery.dueAt);
  }
  expect(tries).toBe(mostStrikes);
  expect(delivery).toMatchObject({ status: 'FAILED', reason: 'GAVE_UP', attempts: mostStrikes });
});

test('a message that may have been taken is sent once more at most, whatever happens in between', () => {
  let delivery: Delivery = queue(fresh, now);
  const kinds = ['UNREACHABLE', 'OUTCOME_UNKNOWN', 'DEFERRED', 'ERROR', 'OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN'] as const;
  for (const kind of kinds) {
    if (delivery.status !== 'PENDING') break;
    const taken = take(delivery, delivery.dueAt);
    if (taken.status !== 'SENDING') throw new Error('was given up');
    delivery = record(taken, { kind, error: 'x' }, delivery.dueAt);
  }
  expect(delivery).toMatchObject({ status: 'FAILED', reason: 'OUTCOME_UNKNOWN', attempts: 5, strikes: 3, unknowns: mostUnknowns });
});

test('a message that was given back is due at once and has lost nothing, one that is renewed is held longer', () => {
  const back = giveBack(sending(), after(10));
  expect(back).toEqual({ ...queue(fresh, now), dueAt: after(10) });
  expect(renew(sending(), { leaseMs: 60_000, now: after(10) })).toEqual({ ...sending(), dueAt: after(60_010) });
});

test('an outage of the provider uses up no tries, only the 24 hours', () => {
  let delivery: OpenDelivery = queue(fresh, now);
  let at = now;
  for (;;) {
    const taken = take(delivery, at);
    if (taken.status === 'FAILED') {
      expect(taken).toMatchObject({ reason: 'TOO_OLD', strikes: 0 });
      expect(at.getTime()).toBeGreaterThan(after(oldestMs).getTime());
      break;
    }
    const next = record(taken, { kind: 'UNREACHABLE', error: 'ECONNREFUSED' }, at);
    if (next.status !== 'PENDING') throw new Error('was not kept');
    expect(next.dueAt.getTime() - at.getTime()).toBeLessThanOrEqual(15_000);
    delivery = next;
    at = next.dueAt;
  }
});

test('a message that ends every worker that takes it is given up', () => {
  let delivery: OpenDelivery = queue(fresh, now);
  for (let lapse = 0; ; lapse++) {
    const taken = take(delivery, delivery.dueAt);
    if (taken.status === 'FAILED') {
      expect(taken.reason).toBe('GAVE_UP');
      expect(lapse).toBe(mostStrikes);
      break;
    }
    delivery = taken;
  }
});

test('whatever happens, a message ends as sent or failed and never both', () => {
  const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
    fc.constant({ kind: 'SENT' } as const),
    fc
      .constantFrom('UNREACHABLE', 'OUTCOME_UNKNOWN', 'DEFERRED', 'ADDRESS_REFUSED', 'ERROR')
      .map((kind) => ({ kind, error: 'x' }) as const),
  );
  fc.assert(
    fc.property(fc.array(outcomes, { minLength: 1, maxLength: 60 }), (run) => {
      let delivery: Delivery = queue(fresh, now);
      for (const outcome of run) {
        if (delivery.status !== 'PENDING') break;
        const taken = take(delivery, delivery.dueAt);
        delivery = taken.status === 'SENDING' ? record(taken, outcome, taken.dueAt) : taken;
      }
      const met = run.slice(0, delivery.attempts);
      expect(delivery.status === 'SENT').toBe(met.some(({ kind }) => kind === 'SENT'));
      expect('claim' in delivery).toBe(false);
      expect('dueAt' in delivery).toBe(delivery.status === 'PENDING');
    }),
  );
});

test('the trace of a message is kept from queue to end', () => {
  const traced = queue({ ...fresh, traceparent: '00-a-b-01' }, now);
  expect(giveUp(traced, 'CONSENT_WITHDRAWN', now)).toMatchObject({ traceparent: '00-a-b-01', reason: 'CONSENT_WITHDRAWN' });
});

test('what did not go out is cancelled, what a worker has in hand is not tried again, what went out stays', () => {
  expect(withdraw(queue(fresh, now), now)).toMatchObject({ status: 'FAILED', reason: 'WITHDRAWN' });
  const sent = record(sending(), { kind: 'SENT' }, now);
  expect(withdraw(sent, now)).toBe(sent);
  const inHand = withdraw(sending(), now);
  if (inHand.status !== 'SENDING') throw new Error('was taken from its worker');
  expect(record(inHand, { kind: 'SENT' }, now)).toMatchObject({ status: 'SENT' });
  for (const kind of ['UNREACHABLE', 'DEFERRED', 'ERROR', 'ADDRESS_REFUSED'] as const) {
    const ended = record(inHand, { kind, error: '' }, now);
    expect(ended).toMatchObject({ status: 'FAILED', reason: 'WITHDRAWN' });
    expect(mayHaveArrived(ended)).toBe(false);
  }
  expect(giveBack(inHand, now)).toMatchObject({ status: 'FAILED', reason: 'WITHDRAWN' });
});

test('a message nobody knows the outcome of may have arrived, be it withdrawn or not', () => {
  const inHand = withdraw(sending(), now);
  if (inHand.status !== 'SENDING') throw new Error('was taken from its worker');
  expect(mayHaveArrived(inHand)).toBe(true);
  expect(mayHaveArrived(record(inHand, { kind: 'OUTCOME_UNKNOWN', error: '' }, now))).toBe(true);
  expect(mayHaveArrived(record(sending(), { kind: 'OUTCOME_UNKNOWN', error: '' }, now))).toBe(true);
  // The worker died with it in hand.
  const left = take(inHand, after(60_000));
  expect(left).toMatchObject({ status: 'FAILED', reason: 'WITHDRAWN' });
  expect(mayHaveArrived(left)).toBe(true);
  expect(mayHaveArrived(queue(fresh, now))).toBe(false);
});

test('a retraction goes after what it takes back, or not at all', () => {
  const retraction = queue({ ...fresh, id: 'd2', eventId: 'e2', retracts: 'd1' }, now);
  expect(awaitTurn(retraction, sending(), now)).toMatchObject({ status: 'PENDING', dueAt: after(1_000), attempts: 0 });
  // It tells of something else that stands, so it goes out after all.
  expect(awaitTurn(retraction, queue(fresh, now), now)).toMatchObject({ status: 'PENDING', dueAt: after(1_000) });
  expect(awaitTurn(retraction, record(sending(), { kind: 'SENT' }, now), now)).toBeUndefined();
  expect(awaitTurn(retraction, giveUp(sending(), 'ADDRESS_REFUSED', now), now)).toMatchObject({ status: 'FAILED', reason: 'WITHDRAWN' });
});
