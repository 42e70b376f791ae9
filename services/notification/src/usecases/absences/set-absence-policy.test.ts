import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { day, guardian, markedAt, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { getAbsencePolicy } from './get-absence-policy.ts';
import { setAbsencePolicy } from './set-absence-policy.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(markedAt);
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1')), () => given.teacher('lan@79000701', 'class-1a')])
    await event();
});
afterAll(() => database.close());

const policy = {
  id: '0198c1de-6c1e-7b5e-9c1a-000000000001',
  effectiveFrom: day('2026-11-23'),
  tellWithoutLeave: true,
  tellWithLeave: true,
  tellLate: true,
  graceMinutes: 5,
  confirmation: 'NEEDED',
  longestWaitMinutes: 30,
  citation: 'Quyết định 12/QĐ-HT ngày 20-11-2026',
} as const;
const set = (overrides: Partial<typeof policy> | { graceMinutes: number } = {}) =>
  given.run((tx) => setAbsencePolicy(tx, { policy: { ...policy, ...overrides }, by: 'principal@79000701' }));
const after = (minutes: number): Date => new Date(markedAt.getTime() + minutes * 60_000);
const letters = () => database.db.collection('deliveries').countDocuments();

test('where a person must confirm, nothing goes at the end of the window, but it goes when nobody confirmed for too long', async () => {
  await set();
  await given.marked(1);
  database.setNow(after(29));
  await given.release();
  expect(await letters()).toBe(0);
  database.setNow(after(30));
  await given.release();
  expect(await letters()).toBe(1);
});

test('a policy decides about marks of days from its first day on', async () => {
  await set({ effectiveFrom: day('2026-11-24') as typeof policy.effectiveFrom });
  await given.marked(1, { kind: 'LATE' });
  await given.marked(2, { kind: 'LATE', date: day('2026-11-24'), submittedAt: after(24 * 60) });
  database.setNow(after(25 * 60));
  await given.release();
  expect(await database.db.collection('deliveries').find().toArray()).toMatchObject([{ eventId: 'mark-2', kind: 'LATE' }]);
});

test('the same again is the first answer, the same id with other content is refused', async () => {
  const first = await set();
  expect(await set()).toMatchObject({ ok: first.ok, value: policy });
  expect(await set({ graceMinutes: 6 })).toEqual({ ok: false, refusal: { code: 'ID_REUSED', id: policy.id } });
  expect(await database.db.collection('absence_policies').countDocuments()).toBe(1);
});

test('times out of bounds are refused and nothing is laid down', async () => {
  expect(await set({ graceMinutes: 121 })).toMatchObject({ ok: false, refusal: { code: 'GRACE_WRONG' } });
  expect((await given.run((tx) => getAbsencePolicy(tx, policy.effectiveFrom))).id).toBe('');
});
