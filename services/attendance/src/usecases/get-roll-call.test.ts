import { beforeEach, expect, test } from 'vitest';
import { type Attendance, half, morning, office, testSchools } from '../../test/given.ts';
import { standingsOf } from '../domain/roll.ts';
import { getRollCall } from './get-roll-call.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const get = (facts = {}) => school.read((tx) => getRollCall(tx, { classId: school.classId, half: morning, actor: office, ...facts }));

test('a roll shows every submission and who is not marked yet', async () => {
  await school.call({ [school.an]: 'LATE' });
  const found = await get();
  if (!found.ok) throw new Error(found.refusal.code);
  expect(found.value.rollCall.submissions).toHaveLength(1);
  expect(standingsOf(found.value)).toMatchObject({ marked: [{ standing: { kind: 'LATE' } }], unmarked: [school.binh] });
});

test('a roll that nobody called is empty, and one of an unknown class is refused', async () => {
  expect(await get({ half: half(-3) })).toMatchObject({ ok: true, value: { rollCall: { submissions: [] } } });
  expect(await get({ classId: 'nobody' })).toEqual({ ok: false, refusal: { code: 'CLASS_UNKNOWN', classId: 'nobody' } });
});

test('a teacher sees own classes only', async () => {
  expect(await get({ actor: { subject: 'teacher', scope: 'CLASSES' } })).toMatchObject({ refusal: { code: 'NOT_YOUR_CLASS' } });
});
