import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { guardian, markedAt, morning, office, steps, teacher } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { confirmAbsences } from './confirm-absences.ts';
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

const confirm = (actor: Parameters<typeof confirmAbsences>[1]['actor'], studentIds: string[] = [], classId = 'class-1a') =>
  given.run((tx) => confirmAbsences(tx, { classId, half: morning, studentIds, actor }));
const told = async () => (await database.db.collection('deliveries').find().sort({ eventId: 1 }).toArray()).map(({ eventId }) => eventId);

async function threeAbsent() {
  for (const [index, pupil] of ['pupil-1', 'pupil-2', 'pupil-3'].entries()) {
    await given.student(pupil);
    await given.guardian(guardian(`of-${pupil}`, { guardianships: [{ studentId: pupil, from: '2026-09-05' as never }] }));
    await given.marked(index + 1, { studentId: pupil, studentName: pupil });
  }
  await given.guardian(guardian('g1', { guardianships: [] }), 2);
}

test('what the class teacher confirms goes at once and not at the end of the window', async () => {
  await threeAbsent();
  const confirmed = await confirm(teacher());
  expect(confirmed.ok && confirmed.value.map(({ status }) => status)).toEqual(['HELD', 'HELD', 'HELD']);
  await given.release();
  expect(await told()).toEqual(['mark-1', 'mark-2', 'mark-3']);
  expect(await database.db.collection('absence_alerts').findOne()).toMatchObject({
    status: 'RELEASED',
    confirmed: { by: 'lan@79000701', at: markedAt },
  });
});

test('of a class only the named pupils may be confirmed', async () => {
  await threeAbsent();
  await confirm(teacher(), ['pupil-2']);
  await given.release();
  expect(await told()).toEqual(['mark-2']);
});

test('a confirmation that is sent again, or comes after the alert, changes nothing', async () => {
  await threeAbsent();
  const first = await confirm(teacher());
  expect(await confirm(office)).toEqual(first);
  await given.release();
  const after = await confirm(teacher());
  expect(after.ok && after.value.map(({ status }) => status)).toEqual(['RELEASED', 'RELEASED', 'RELEASED']);
  await given.release();
  expect(await told()).toHaveLength(3);
});

test('the teacher of another class, and one whose assignment has ended, are refused', async () => {
  await threeAbsent();
  await given.teacher('minh@79000701', 'class-1b');
  await given.teacher('cu@79000701', 'class-1a', { until: '2026-11-23' });
  const refused = { ok: false, refusal: { code: 'NOT_YOUR_CLASS', classId: 'class-1a' } };
  for (const subject of ['minh@79000701', 'cu@79000701', 'nobody']) expect(await confirm(teacher(subject))).toEqual(refused);
  expect(await confirm(teacher(), [], 'class-1b')).toEqual({ ok: false, refusal: { code: 'NOT_YOUR_CLASS', classId: 'class-1b' } });
  await given.release();
  expect(await told()).toEqual([]);
});

test('a pupil of whom there is no alert in the class is refused, and nobody is told', async () => {
  await threeAbsent();
  expect(await confirm(teacher(), ['pupil-1', 'pupil-x'])).toEqual({
    ok: false,
    refusal: { code: 'ALERT_NOT_FOUND', studentId: 'pupil-x' },
  });
  await given.release();
  expect(await told()).toEqual([]);
});

test('what a person held back is not swept along with the class, but goes when it is named', async () => {
  await threeAbsent();
  await given.run((tx) => holdAbsence(tx, { studentId: 'pupil-2', half: morning, reason: 'Đang ở phòng y tế', actor: teacher() }));
  await confirm(teacher());
  await given.release();
  expect(await told()).toEqual(['mark-1', 'mark-3']);
  await confirm(teacher(), ['pupil-2']);
  await given.release();
  expect(await told()).toEqual(['mark-1', 'mark-2', 'mark-3']);
});

test('a correction after the confirmation and before the letter still suppresses it', async () => {
  await threeAbsent();
  await confirm(teacher());
  await given.marked(9, { studentId: 'pupil-2', kind: 'PRESENT' });
  await given.release();
  expect(await told()).toEqual(['mark-1', 'mark-3']);
});
