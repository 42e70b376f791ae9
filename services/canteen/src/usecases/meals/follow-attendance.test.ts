import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { followAttendance } from './follow-attendance.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const facts = async () => (await school.announced()).map(({ $case }) => $case);
const statusOf = async (studentId = school.an) => (await school.bookingOf(studentId)).state.status;

test('an absence reported before the cut-off takes the meal off the count and announces the credit’s reason once', async () => {
  await school.book([school.an, school.binh]);
  await school.say(school.an, { version: 7 });
  await school.say(school.an, { version: 7 });
  expect(await facts()).toEqual(['mealsBooked', 'mealsBooked', 'mealCancelled']);
  expect((await school.announced()).at(-1)).toMatchObject({
    value: { booking: { studentId: school.an, className: '1A', price: { minorUnits: 35_000n } }, reportedAt: at('06:40') },
  });
  expect((await school.count()).rows).toMatchObject([{ className: '1A', diet: 'STANDARD', portions: 1, portionsAtCutoff: 1 }]);
});

test('an absence reported too late takes nothing off and says why', async () => {
  await school.book([school.an]);
  school.itIs(at('07:50'));
  await school.say(school.an, { reportedAt: at('07:45') });
  expect(await facts()).toEqual(['mealsBooked', 'mealCutLate']);
  const { rows, lateChanges } = await school.count();
  expect(rows).toMatchObject([{ portions: 1, portionsAtCutoff: 1, cutLate: 1 }]);
  expect(lateChanges).toMatchObject([{ kind: 'CUT_LATE', studentName: 'An', reportedAt: at('07:45'), heardAt: at('07:50') }]);
});

test('a backlog does not turn a refundable meal into a lost one: the time of the report counts, and the kitchen sees that it came late', async () => {
  await school.book([school.an]);
  school.itIs(at('10:15'));
  await school.say(school.an, { reportedAt: at('06:40') });
  expect(await facts()).toEqual(['mealsBooked', 'mealCancelled']);
  const { rows, lateChanges } = await school.count();
  expect(rows).toMatchObject([{ portions: 0, portionsAtCutoff: 1 }]);
  expect(lateChanges).toMatchObject([{ kind: 'CUT_HEARD_LATE', reportedAt: at('06:40'), heardAt: at('10:15') }]);
});

test('a correction before the cut-off puts the meal on again', async () => {
  await school.book([school.an]);
  await school.say(school.an, {});
  await school.say(school.an, { absent: false, reportedAt: at('07:10') });
  expect(await facts()).toEqual(['mealsBooked', 'mealCancelled', 'mealRestored']);
  expect((await school.count()).rows).toMatchObject([{ portions: 1, portionsAtCutoff: 1 }]);
});

test('a correction after the cut-off leaves the cut, and the kitchen sees who is here without a portion', async () => {
  await school.book([school.an]);
  await school.say(school.an, {});
  school.itIs(at('08:05'));
  await school.say(school.an, { absent: false, reportedAt: at('08:00') });
  expect(await statusOf()).toBe('CANCELLED');
  const { rows, lateChanges } = await school.count();
  expect(rows).toEqual([]);
  expect(lateChanges).toMatchObject([{ kind: 'HERE_WITHOUT_PORTION', reportedAt: at('08:00'), heardAt: at('08:05') }]);
});

test('a mother’s call that the office writes down later turns a late cut into one in time', async () => {
  await school.book([school.an]);
  school.itIs(at('08:05'));
  await school.say(school.an, { reportedAt: at('07:45') });
  await school.say(school.an, { reportedAt: at('06:40') });
  expect(await facts()).toEqual(['mealsBooked', 'mealCutLate', 'mealCancelled']);
});

test('a half-day counts as the rule of the school says', async () => {
  await school.define({ rule: { halfDayRule: 'WHOLE_DAY' } });
  await school.book([school.an, school.binh]);
  await school.say(school.an, { session: 'MORNING' });
  expect(await statusOf()).toBe('BOOKED');
  await school.say(school.an, { session: 'AFTERNOON', reportedAt: at('07:00') });
  expect((await school.bookingOf(school.an)).state).toMatchObject({ status: 'CANCELLED', reportedAt: at('07:00') });
  await school.say(school.binh, { session: 'MORNING' });
  await school.say(school.binh, { session: 'AFTERNOON', reportedAt: at('12:40') });
  expect(await statusOf(school.binh)).toBe('CUT_LATE');
});

test('a report of a pupil who is not known, or has booked nothing, is not lost', async () => {
  const id = crypto.randomUUID();
  await school.say(id, {});
  await school.student({ id });
  await school.book([id]);
  expect(await facts()).toEqual(['mealsBooked', 'mealCancelled']);
  expect((await school.bookingOf(id)).state).toMatchObject({ status: 'CANCELLED', reason: 'ABSENT', reportedAt: at('06:40') });
});

test('an absence and a booking in the same instant meet', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await school.student();
    await Promise.all([school.book([id]), school.say(id, {})]);
    expect(await statusOf(id)).toBe('CANCELLED');
  }
});

test('an id that is none is refused, so that the event is parked', async () => {
  const fact = { version: 1, session: 'MORNING', absent: true, reportedAt: at('06:40') } as const;
  const announced = { studentId: '7', date: at('06:40').toISOString().slice(0, 10) as never, fact };
  expect(await school.transact((tx) => followAttendance(tx, announced))).toMatchObject({ refusal: { code: 'STUDENT_ID_MALFORMED' } });
});

test('facts in any order, twice, before and after the booking end alike, and what was announced last says so', async () => {
  const clock = fc.constantFrom('06:40', '07:29', '07:45', '09:30');
  const session = fc.constantFrom('MORNING' as const, 'AFTERNOON' as const);
  const story = fc.array(fc.record({ session, absent: fc.boolean(), clock }), { minLength: 1, maxLength: 4 }).chain((marks) => {
    const facts = marks.map(({ clock: text, ...rest }, index) => ({ ...rest, version: index + 1, reportedAt: at(text) }));
    const received = fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 });
    return fc.record({ facts: fc.constant(facts), received, bookedAfter: fc.nat(facts.length * 2) });
  });
  await fc.assert(
    fc.asyncProperty(story, async ({ facts, received, bookedAfter }) => {
      const [inOrder, shuffled] = [await school.student(), await school.student()];
      await school.book([inOrder]);
      for (const fact of facts) await school.say(inOrder, fact);
      for (const [index, fact] of received.entries()) {
        if (index === bookedAfter) await school.book([shuffled]);
        await school.say(shuffled, fact);
      }
      await school.book([shuffled]);
      const [one, other] = [await school.bookingOf(inOrder), await school.bookingOf(shuffled)];
      expect(other.state).toEqual(one.state);
      expect(await lastAnnouncedOf(shuffled)).toBe(other.state.status);
    }),
    { numRuns: 25 },
  );
});

const saying = { mealCancelled: 'CANCELLED', mealCutLate: 'CUT_LATE' } as const;

async function lastAnnouncedOf(studentId: string): Promise<string> {
  const announced = (await school.announced()).filter(({ value }) =>
    'booking' in value ? value.booking?.studentId === studentId : 'studentId' in value && value.studentId === studentId,
  );
  const last = announced.at(-1)?.$case;
  return last === 'mealCancelled' || last === 'mealCutLate' ? saying[last] : 'BOOKED';
}
