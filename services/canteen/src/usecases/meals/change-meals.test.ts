import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const facts = async () => (await school.announced()).map(({ $case }) => $case);
const statusOf = async () => (await school.bookingOf(school.an)).state.status;

test('a guardian cancels and restores a meal until the cut-off', async () => {
  await school.book([school.an]);
  expect(await school.change('CANCEL', [school.an], { actor: school.mother })).toMatchObject({
    value: [{ state: { status: 'CANCELLED', reason: 'GUARDIAN', reportedAt: at('06:00') } }],
  });
  await school.change('RESTORE', [school.an], { actor: school.mother });
  expect(await facts()).toEqual(['mealsBooked', 'mealCancelled', 'mealRestored']);
  school.itIs(at('07:30'));
  expect(await school.change('CANCEL', [school.an], { actor: school.mother })).toMatchObject({
    refusal: { code: 'CUTOFF_PASSED', cutoffAt: at('07:30') },
  });
  expect(await school.change('CANCEL', [school.binh], { actor: school.mother })).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
});

test('the office cancels late, which gives nothing back, unless the school was told in time', async () => {
  await school.book([school.an]);
  school.itIs(at('08:00'));
  await school.change('CANCEL', [school.an]);
  expect(await statusOf()).toBe('CUT_LATE');
  await school.change('CANCEL', [school.an], { reportedAt: at('06:50') });
  expect(await facts()).toEqual(['mealsBooked', 'mealCutLate', 'mealCancelled']);
  expect((await school.count()).lateChanges).toMatchObject([{ kind: 'CUT_HEARD_LATE', reportedAt: at('06:50') }]);
});

test('a child who is here after all gets a portion from the kitchen, in spite of the absence', async () => {
  await school.book([school.an]);
  await school.say(school.an, {});
  school.itIs(at('08:05'));
  await school.say(school.an, { absent: false, reportedAt: at('08:00') });
  expect(await school.change('RESTORE', [school.an], { note: '' })).toMatchObject({ refusal: { code: 'REASON_MISSING' } });
  await school.change('RESTORE', [school.an], { note: 'Em đến lớp lúc 8:00' });
  expect((await school.announced()).at(-1)).toMatchObject({ $case: 'mealRestored', value: { before: 2, reason: 3 } });
  const { rows, lateChanges } = await school.count();
  expect(rows).toMatchObject([{ portions: 1, portionsAtCutoff: 0 }]);
  expect(lateChanges).toMatchObject([{ kind: 'RESTORED', heardAt: at('08:05') }]);
});

test('a guardian is told what brings a meal back that an absence cut', async () => {
  await school.book([school.an]);
  await school.say(school.an, {});
  expect(await school.change('RESTORE', [school.an], { actor: school.mother })).toMatchObject({ refusal: { code: 'CUT_FOR_ABSENCE' } });
});

test('the office puts right a meal of the whole school year, and names the pupil who is named twice', async () => {
  await school.book([school.an]);
  school.itIs(at('09:00', day('2027-05-28')));
  await school.change('CANCEL', [school.an], { reportedAt: at('06:50') });
  expect((await school.announced()).at(-1)).toMatchObject({ $case: 'mealCancelled' });
  expect(await school.change('CANCEL', [school.an, school.an])).toMatchObject({ refusal: { code: 'NAMED_TWICE', what: school.an } });
  school.itIs(at('09:00', day('2027-12-01')));
  await school.define({ year: { name: '2027-2028', firstDay: day('2027-09-05'), lastDay: day('2028-05-31') } });
  expect(await school.change('RESTORE', [school.an])).toMatchObject({ refusal: { code: 'TOO_LONG_AGO', earliest: '2027-09-05' } });
});

test('the same act sent twice is one, and its id with another content is refused', async () => {
  await school.book([school.an]);
  const id = crypto.randomUUID();
  await school.change('CANCEL', [school.an], { id });
  await school.change('CANCEL', [school.an], { id });
  expect(await facts()).toEqual(['mealsBooked', 'mealCancelled']);
  expect((await school.bookingOf(school.an)).acts).toHaveLength(1);
  expect(await school.change('RESTORE', [school.an], { id })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});

test('what is not booked is passed over, and where nothing is booked that is said', async () => {
  await school.book([school.an]);
  expect(await school.change('CANCEL', [school.an, school.binh])).toMatchObject({ value: [{ studentId: school.an }] });
  expect(await school.change('CANCEL', [school.binh])).toMatchObject({ refusal: { code: 'NOTHING_BOOKED' } });
  expect(await school.change('CANCEL', [school.an], { meals: [lunch(day('2026-11-24'))] })).toMatchObject({
    refusal: { code: 'NOTHING_BOOKED' },
  });
});

test('a meal of a pupil who left is not restored', async () => {
  await school.book([school.an], [lunch(day('2026-11-24'))]);
  await school.student({ id: school.an, version: 2, leftOn: day('2026-11-23') });
  const restored = await school.change('RESTORE', [school.an], { meals: [lunch(day('2026-11-24'))] });
  expect(restored).toMatchObject({ refusal: { code: 'STUDENT_LEFT' } });
});
