import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { guardian, markedAt, morning, office, steps, teacher } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { holdAbsence } from './hold-absence.ts';

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

const hold = (actor: Parameters<typeof holdAbsence>[1]['actor'], studentId = 'pupil-1', reason = 'Mẹ đang ở phòng y tế cùng em') =>
  given.run((tx) => holdAbsence(tx, { studentId, half: morning, reason, actor }));
const letters = () => database.db.collection('deliveries').countDocuments();

test('nobody is told of what the class teacher holds back, and it says who and why', async () => {
  await given.marked(1);
  expect(await hold(teacher())).toMatchObject({ ok: true, value: { status: 'SUPPRESSED', because: 'HELD_BACK' } });
  database.setNow(new Date(markedAt.getTime() + 3_600_000));
  await given.release();
  expect(await letters()).toBe(0);
  expect(await database.db.collection('absence_alerts').findOne()).toMatchObject({
    decision: { by: 'lan@79000701', at: markedAt },
    reason: 'Mẹ đang ở phòng y tế cùng em',
  });
});

test('held back twice it is held back once, by the first', async () => {
  await given.marked(1);
  const first = await hold(teacher());
  expect(await hold(office, 'pupil-1', 'x')).toEqual(first);
});

test('the teacher of another class holds nothing back', async () => {
  await given.marked(1);
  await given.teacher('minh@79000701', 'class-1b');
  expect(await hold(teacher('minh@79000701'))).toEqual({ ok: false, refusal: { code: 'NOT_YOUR_CLASS', classId: 'class-1a' } });
});

test('what guardians were told cannot be held back any more', async () => {
  await given.marked(1);
  database.setNow(new Date(markedAt.getTime() + 3_600_000));
  await given.release();
  expect(await hold(teacher())).toEqual({ ok: false, refusal: { code: 'ALERT_WENT_OUT' } });
});

test('where there is no alert there is nothing to hold back', async () => {
  expect(await hold(teacher())).toEqual({ ok: false, refusal: { code: 'ALERT_NOT_FOUND', studentId: 'pupil-1' } });
  await given.marked(1, { kind: 'ABSENT_WITH_LEAVE' });
  expect(await hold(teacher())).toEqual({ ok: false, refusal: { code: 'NOTHING_TO_HOLD' } });
});

test('held back and released in the same instant, it is one of the two', async () => {
  for (let round = 0; round < 5; round++) {
    const studentId = `pupil-${round}`;
    await given.student(studentId);
    await given.guardian(guardian(`g-${round}`, { guardianships: [{ studentId, from: '2026-09-05' as never }] }));
    await given.marked(round + 1, { studentId, submittedAt: new Date(markedAt.getTime() - 3_600_000) });
    const [held] = await Promise.all([hold(teacher(), studentId), given.release()]);
    const told = await database.db.collection('deliveries').countDocuments({ studentId });
    expect(told).toBe(held.ok ? 0 : 1);
  }
});
