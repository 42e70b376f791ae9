import { expect, test } from 'vitest';
import { guardian, lateCutEnded, markedAt, origin } from '../../../test/given.ts';
import { claim, type NewDelivery, type PendingDelivery, queue, record } from '../deliveries/delivery.ts';
import { guardianFrom } from '../roster/roster.ts';
import { retract, stop } from './retraction.ts';

const now = markedAt;
const letter = (guardianId: string): PendingDelivery => {
  const about = { eventId: 'e1', studentId: 'pupil-1', channel: 'EMAIL', language: 'vi', kind: 'MEAL_CUT_LATE', lane: 'BULK' } as const;
  const fresh: NewDelivery = { id: `to-${guardianId}`, guardianId, ...about, invoiceId: '', occurredAt: now, announcedAt: now };
  return queue(fresh, now);
};
const sending = (guardianId: string) => {
  const claimed = claim(letter(guardianId), { token: 't', leaseMs: 60_000, now });
  if (claimed.status !== 'SENDING') throw new Error('It is not too old to be sent');
  return claimed;
};

test('a letter that has not gone out is cancelled, one on its way is not tried again, one that arrived stays', () => {
  const sent = record(sending('g3'), { kind: 'SENT' }, now);
  const { cancelled, onTheirWay } = stop([letter('g1'), sending('g2'), sent], now);
  expect(cancelled).toMatchObject([{ before: { id: 'to-g1' }, after: { id: 'to-g1', status: 'FAILED', reason: 'WITHDRAWN' } }]);
  expect(onTheirWay.map(({ id }) => id)).toEqual(['to-g2']);
});

test('whoever has a letter is told once that it does not hold, and nobody else; whoever wants no letters any more is not', () => {
  const guardians = [guardian('g1'), guardian('g2', { wantsNotices: false }), guardian('g3')].map(guardianFrom);
  const known = { school: { id: 's', name: 'Hoa Phượng' }, student: { id: 'pupil-1', className: '1A' }, guardians };
  const retracting = { origin: origin('e2'), fact: lateCutEnded() };
  const letters = retract([letter('g1'), letter('g2')], retracting, known, { now, newId: () => 'new' });
  expect(letters).toMatchObject([{ delivery: { guardianId: 'g1', eventId: 'e2', kind: 'MEAL_CUT_LATE_ENDED', retracts: 'to-g1' } }]);
  expect(retract([], retracting, known, { now, newId: () => 'new' })).toEqual([]);
  expect(retract([letter('g1')], retracting, { ...known, student: undefined }, { now, newId: () => 'new' })).toEqual([]);
});
