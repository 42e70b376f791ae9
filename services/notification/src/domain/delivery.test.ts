import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  claim,
  type Delivery,
  giveBack,
  giveUp,
  isDue,
  mostStrikes,
  mostUnknowns,
  type NewDelivery,
  type OpenDelivery,
  type Outcome,
  oldestMs,
  queue,
  record,
  renew,
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
