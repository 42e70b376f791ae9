import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch, monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { followStudent } from './follow-student.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const tuesday = lunch(day('2026-11-24'));
const facts = async () => (await school.announced()).map(({ $case }) => $case);

test('meals after the last day of a pupil who left are cancelled, those before it stay', async () => {
  await school.book([school.an], [lunch(), tuesday]);
  await school.student({ id: school.an, version: 2, leftOn: monday });
  expect((await school.bookingOf(school.an)).state).toEqual({ status: 'BOOKED' });
  expect((await school.bookingOf(school.an, tuesday)).state).toMatchObject({ status: 'CANCELLED', reason: 'LEFT' });
  expect(await facts()).toEqual(['mealsBooked', 'mealCancelled']);
});

test('a pupil who is back eats again, from the first meal on whose cut-off was to come when the school was told', async () => {
  await school.book([school.an], [tuesday]);
  await school.student({ id: school.an, version: 2, leftOn: monday });
  await school.student({ id: school.an, version: 3, announcedAt: at('06:30') });
  expect((await school.announced()).at(-1)).toMatchObject({ $case: 'mealRestored', value: { reason: 5, reportedAt: at('06:30') } });
});

test('who was away for weeks and comes back is charged for none of the meals that were cut in time', async () => {
  const days = ['2026-11-24', '2026-12-08', '2026-12-15'].map((date) => lunch(day(date)));
  await school.book([school.an], days);
  await school.student({ id: school.an, version: 2, leftOn: monday });
  const back = at('08:00', day('2026-12-08'));
  school.itIs(back);
  await school.student({ id: school.an, version: 3, announcedAt: back });
  const states = await Promise.all(days.map(async (meal) => (await school.bookingOf(school.an, meal)).state));
  expect(states).toMatchObject([
    { status: 'CANCELLED', reason: 'LEFT', hereSince: undefined },
    { status: 'CANCELLED', reason: 'LEFT', hereSince: back },
    { status: 'BOOKED' },
  ]);
  expect((await facts()).filter((fact) => fact === 'mealRestored')).toHaveLength(1);
  expect((await school.count(days[1])).lateChanges).toMatchObject([{ kind: 'HERE_WITHOUT_PORTION', reportedAt: back }]);
  expect((await school.count(days[0])).lateChanges).toEqual([]);
  await school.say(school.an, { date: day('2026-12-08'), absent: false, reportedAt: at('08:05', day('2026-12-08')) });
  expect((await school.bookingOf(school.an, days[1])).state).toEqual(states[1]);
});

test('the office gives a portion to a pupil who is back after the cut-off, and a later word of the pupil takes it away no more', async () => {
  await school.book([school.an], [tuesday]);
  await school.student({ id: school.an, version: 2, leftOn: monday });
  school.itIs(at('08:00', tuesday.date));
  await school.student({ id: school.an, version: 3, announcedAt: at('08:00', tuesday.date) });
  await school.change('RESTORE', [school.an], { meals: [tuesday], note: 'Em đã trở lại trường' });
  await school.student({ id: school.an, version: 4, className: '1B', announcedAt: at('08:10', tuesday.date) });
  expect((await school.bookingOf(school.an, tuesday)).state).toEqual({ status: 'BOOKED' });
  expect((await school.count(tuesday)).rows).toMatchObject([{ className: '1B', portions: 1, portionsAtCutoff: 0 }]);
});

test('who comes back is cut alike in whichever order the events come', async () => {
  const [inOrder, other] = [await school.student(), await school.student()];
  await school.book([inOrder, other], [tuesday]);
  school.itIs(at('09:00', tuesday.date));
  const left = { version: 2, leftOn: monday, announcedAt: at('06:30') };
  const back = { version: 3, announcedAt: at('08:00', tuesday.date) };
  for (const facts of [left, back]) await school.student({ id: inOrder, ...facts });
  for (const facts of [back, left]) await school.student({ id: other, ...facts });
  const [one, two] = [await school.bookingOf(inOrder, tuesday), await school.bookingOf(other, tuesday)];
  expect(one.state).toMatchObject({ status: 'CANCELLED', reason: 'LEFT', hereSince: back.announcedAt });
  expect(two.state).toEqual(one.state);
});

test('that a pupil left counts from when the school was first told, in whichever order the events come', async () => {
  const date = day('2026-11-24');
  const [inOrder, other] = [await school.student(), await school.student()];
  await school.book([inOrder, other], [tuesday]);
  school.itIs(at('08:00', date));
  const first = { version: 2, leftOn: monday, announcedAt: at('06:00', date) };
  const again = { version: 3, leftOn: monday, announcedAt: at('07:45', date) };
  for (const facts of [first, again]) await school.student({ id: inOrder, ...facts });
  for (const facts of [again, first]) await school.student({ id: other, ...facts });
  for (const id of [inOrder, other]) {
    expect((await school.bookingOf(id, tuesday)).state).toMatchObject({ status: 'CANCELLED', reportedAt: at('06:00', date) });
  }
});

test('a change of class reaches the meals from today on', async () => {
  await school.book([school.an], [lunch(), tuesday]);
  school.itIs(at('06:00', day('2026-11-24')));
  await school.student({ id: school.an, version: 2, classId: 'other', className: '1B' });
  expect((await school.bookingOf(school.an)).className).toBe('1A');
  expect((await school.bookingOf(school.an, tuesday)).className).toBe('1B');
  expect((await school.count(tuesday)).rows).toMatchObject([{ className: '1B', portions: 1 }]);
});

test('an event of before changes nothing', async () => {
  await school.student({ id: school.an, version: 5, classId: 'other', className: '1B' });
  await school.student({ id: school.an, version: 4, className: '1C' });
  expect(await school.read((tx) => tx.students.find(school.an))).toMatchObject({ className: '1B' });
});

test('an id that is none is refused, so that the event is parked', async () => {
  const student = { id: '7', name: 'x', classId: 'c', className: '1A', leftOn: undefined };
  expect(await school.transact((tx) => followStudent(tx, { student, version: 1, at: at('06:00') }))).toMatchObject({
    refusal: { code: 'STUDENT_ID_MALFORMED' },
  });
});
