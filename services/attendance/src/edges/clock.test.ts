import { createLogger } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { at, monday, office, testSchools, year } from '../../test/given.ts';
import { defineSchoolYear } from '../usecases/define-school-year.ts';
import { clock } from './clock.ts';

const schools = testSchools();
const storm = { firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' };

test('a school whose walk fails holds up no other, and is tried again', async () => {
  const [broken, whole] = [await schools.newSchool(), await schools.newSchool()];
  const { database } = whole;
  for (const school of [broken, whole]) {
    await school.call({ [school.an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15') });
    await school.transact((tx) => defineSchoolYear(tx, { year: year({ holidays: [storm] }), by: office.subject }));
  }
  const rolls = database.db.collection<{ schoolId: string; submissions: unknown }>('roll_calls');
  const before = await rolls.findOne({ schoolId: broken.schoolId });
  await rolls.updateOne({ schoolId: broken.schoolId }, { $set: { submissions: 'none' } });
  const [walks] = clock({ ...database, log: createLogger('attendance', 'silent') });
  const tick = async () => walks?.run(new AbortController().signal);
  const ended = async (of: typeof whole) => (await of.announced()).some(({ $case }) => $case === 'studentExpectedAgain');

  database.setNow(at('08:01'));
  expect(await tick()).toBe(true);
  expect(await tick()).toBe(true);
  expect(await tick()).toBe(false);
  expect([await ended(broken), await ended(whole)]).toEqual([false, true]);
  await rolls.updateOne({ schoolId: broken.schoolId }, { $set: { submissions: before?.submissions } });
  database.setNow(at('08:03'));
  while (await tick());
  expect(await ended(broken)).toBe(true);
});
