import type { SchoolDate } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedHalves, firstToCome, type SchoolYear, schoolOn } from './calendar.ts';
import { changesByCalendar, type ToldHalfDay } from './calendar-walk.ts';
import { type Change, isOutOfPlace } from './change.ts';
import { type HalfDay, isBefore, sameHalfDay } from './half-day.ts';
import { type LeaveRequest, withdraw } from './leave.ts';
import { changesByLeave } from './leave-marks.ts';
import { isAbsent, type MarkKind, type Submission, standingOf } from './mark.ts';
import type { KnownPupil } from './pupil.ts';
import { coveringOf, take } from './roll.ts';
import { earlierSubmission, emptyRollCall, type RollCall, reportsOf, rollCallId } from './roll-call.ts';

const days = ['2026-11-23', '2026-11-24'] as SchoolDate[];
const halves: HalfDay[] = days.flatMap((date) => [
  { date, session: 'MORNING' },
  { date, session: 'AFTERNOON' },
]);
const pupil: KnownPupil = {
  ...{ id: 'an', name: 'An', classId: 'class', className: '1A', grade: 1, leftOn: undefined },
  ...{ classIds: ['class'], memberships: [] },
};
/** Hours after midnight of the first day. */
const hour = (hours: number) => new Date(Date.parse('2026-11-23T00:00:00+07:00') + hours * 3_600_000);
const calendar = (closed: readonly number[]): SchoolYear => ({
  ...{ id: `without ${closed.join()}`, name: '2026-2027', firstDay: days[0] as SchoolDate, lastDay: days[1] as SchoolDate, citation: 'QĐ' },
  holidays: days.filter((_, nth) => closed.includes(nth)).map((date) => ({ firstDay: date, lastDay: date, name: 'Bão', citation: 'CV' })),
  ...{ weekdays: { MORNING: [1, 2], AFTERNOON: [1, 2] }, opens: { MORNING: '06:00', AFTERNOON: '12:00' } },
});

/** What reaches the service; each has the times at which it was said, so that it means the same whenever it comes. */
type Act =
  | { does: 'MARK'; id: string; half: number; kind: MarkKind; taken: number; told: number | null; corrects: boolean }
  | { does: 'LEAVE'; id: string; first: number; last: number; reported: number }
  | { does: 'WITHDRAW'; leave: string; at: number }
  | { does: 'CALENDAR'; closed: number[] };

interface World {
  readonly year: SchoolYear;
  /** What the clock has not looked at yet. */
  readonly waiting: readonly HalfDay[];
  readonly rollCalls: readonly RollCall[];
  readonly leaves: readonly LeaveRequest[];
  /** What others were told last of each half-day, if it is news. */
  readonly told: readonly ToldHalfDay[];
}

const start: World = { year: calendar([]), waiting: [], rollCalls: [], leaves: [], told: [] };

/** The service in small: the same functions of the domain, in the order in which things come. */
function happen(world: World, act: Act): World {
  switch (act.does) {
    case 'MARK':
      return marked(world, act);
    case 'LEAVE': {
      if (world.leaves.some(({ id }) => id === act.id)) return world;
      const times = { reportedAt: hour(act.reported), requestedAt: hour(act.reported) };
      const span = { first: halfOf(Math.min(act.first, act.last)), last: halfOf(Math.max(act.first, act.last)) };
      return leaveChanged(world, { id: act.id, studentId: 'an', ...span, reason: '', ...times, requestedBy: 'mother', status: 'STANDING' });
    }
    case 'WITHDRAW': {
      const leave = world.leaves.find(({ id }) => id === act.leave);
      if (!leave || leave.status === 'WITHDRAWN') return world;
      const now = hour(act.at);
      return leaveChanged(world, withdraw(leave, { from: firstToCome(calendar([]), now), now }));
    }
    case 'CALENDAR': {
      const year = calendar(act.closed);
      return { ...world, year, waiting: [...world.waiting, ...changedHalves(world.year, year)] };
    }
  }
}

function marked(world: World, { id, half: nth, kind, taken, told, corrects }: Extract<Act, { does: 'MARK' }>): World {
  const half = halfOf(nth);
  if (!schoolOn(world.year, half).ok) return world;
  const rollCall = world.rollCalls.find((one) => sameHalfDay(one, half)) ?? emptyRollCall(pupil, half);
  const submission: Submission = {
    ...{
      id,
      source: corrects ? 'CORRECTION' : 'ROLL_CALL',
      takenAt: hour(taken),
      submittedAt: hour(Math.max(taken, told ?? 0)),
      by: 'teacher',
      reason: undefined,
    },
    marks: [{ studentId: 'an', kind, reportedAt: told === null ? undefined : hour(told) }],
  };
  const earlier = earlierSubmission(rollCall, { ...submission, marks: submission.marks });
  if (!earlier.ok || earlier.value) return world;
  const roll = { rollCall, elsewhere: [], pupils: [pupil], leaves: world.leaves, noSchool: undefined };
  const after = take(roll, submission);
  if (!after.ok) throw new Error(after.refusal.code);
  const others = world.rollCalls.filter((one) => one.id !== rollCall.id);
  return tell({ ...world, rollCalls: [...others, after.value.roll.rollCall] }, after.value.changes);
}

function leaveChanged(world: World, leave: LeaveRequest): World {
  const open = halves.filter((half) => schoolOn(world.year, half).ok);
  const reached = open.filter((half) => leave.status === 'STANDING' || !isBefore(half, leave.withdrawnFrom));
  const changes = changesByLeave({ pupil, halves: reached, rollCalls: world.rollCalls, leaves: world.leaves }, leave);
  return tell({ ...world, leaves: [...world.leaves.filter(({ id }) => id !== leave.id), leave] }, changes);
}

function walked(world: World): World {
  const { rollCalls, leaves, told, year, waiting } = world;
  const once = halves.filter((half) => waiting.some((one) => sameHalfDay(one, half)));
  return tell({ ...world, waiting: [] }, changesByCalendar({ pupil, halves: once, rollCalls, leaves }, told, [year]));
}

function tell(world: World, changes: readonly Change[]): World {
  const told = changes.reduce<readonly ToldHalfDay[]>((known, { halfDay, before, after }) => {
    const others = known.filter((one) => !sameHalfDay(one, halfDay));
    if (isOutOfPlace(after)) return [...others, { ...halfDay, kind: after.kind, reportedAt: after.reportedAt }];
    return isOutOfPlace(before) ? others : known;
  }, world.told);
  return { ...world, told };
}

/** How the pupil stands by everything that was taken, if others must hear of it. */
function expected({ year, rollCalls, leaves }: World): ToldHalfDay[] {
  return halves.flatMap((half) => {
    const roll = rollCalls.filter(({ id }) => id === rollCallId('class', half));
    const standing = standingOf(reportsOf(roll).get('an') ?? [], coveringOf(leaves, 'an', half));
    return schoolOn(year, half).ok && isOutOfPlace(standing) ? [{ ...half, kind: standing.kind, reportedAt: standing.reportedAt }] : [];
  });
}

/** Since when a pupil is late is no news: nobody acts on it. */
function shown(told: readonly ToldHalfDay[]): string[] {
  return told
    .map(({ date, session, kind, reportedAt }) => `${date} ${session} ${kind} ${isAbsent(kind) ? reportedAt.toISOString() : ''}`)
    .sort();
}

function halfOf(nth: number): HalfDay {
  const half = halves[nth];
  if (!half) throw new Error('There are four half-days');
  return half;
}

const kinds = fc.constantFrom<MarkKind>('PRESENT', 'LATE', 'ABSENT_WITH_LEAVE', 'ABSENT_WITHOUT_LEAVE');
const hours = fc.integer({ min: 0, max: 40 });
const nth = fc.integer({ min: 0, max: 3 });
const leaveId = fc.constantFrom('leave 1', 'leave 2');
const mark = fc.record({
  ...{ does: fc.constant('MARK' as const), id: fc.integer({ min: 0, max: 99 }).map(String), half: nth, kind: kinds, taken: hours },
  ...{ told: fc.option(hours), corrects: fc.boolean() },
});
const leave = fc.record({ does: fc.constant('LEAVE' as const), id: leaveId, first: nth, last: nth, reported: hours });
const withdrawal = fc.record({ does: fc.constant('WITHDRAW' as const), leave: leaveId, at: hours });
const laidDown = fc.record({ does: fc.constant('CALENDAR' as const), closed: fc.subarray([0, 1]) });

test('whatever leave, withdrawals, marks, corrections and calendars come in whatever order, others were told how the pupil stands', () => {
  const looks = fc.constant('LOOK' as const);
  fc.assert(
    fc.property(fc.array(fc.oneof(mark, mark, leave, withdrawal, laidDown, looks), { maxLength: 25 }), (acts) => {
      const end = walked(acts.reduce<World>((world, act) => (act === 'LOOK' ? walked(world) : happen(world, act)), start));
      expect(shown(end.told)).toEqual(shown(expected(end)));
    }),
    { numRuns: 1_000 },
  );
});

test('the same marks, corrections, leave and withdrawals end alike in any order and with any repeats, before a calendar and after it', () => {
  const said = fc.record({
    marks: fc.uniqueArray(mark, { maxLength: 8, selector: ({ id }) => id }),
    leaves: fc.uniqueArray(fc.tuple(leave, fc.option(withdrawal)), { maxLength: 2, selector: ([{ id }]) => id }),
    closed: fc.subarray([0, 1]),
  });
  fc.assert(
    fc.property(said, fc.infiniteStream(fc.nat()), ({ marks, leaves, closed }, chance) => {
      const asked = leaves.map(([of, taken]) => [of, ...(taken ? [{ ...taken, leave: of.id }] : [])]);
      const inTurn = [...marks.map((each) => [each]), ...asked];
      const closes: Act[] = [{ does: 'CALENDAR', closed }];
      const reopens: Act[] = [{ does: 'CALENDAR', closed: [] }];
      const one = walked([...inTurn.flat(), ...closes].reduce<World>(happen, start));
      // The parts of a turn stay in their order: leave is withdrawn after it was asked.
      const shuffled = [...inTurn, ...inTurn]
        .map((turn) => ({ turn, place: chance.next().value ?? 0 }))
        .toSorted((a, b) => a.place - b.place)
        .flatMap(({ turn }): Act[] => turn);
      const other = walked([...shuffled, ...closes, ...reopens, ...closes].reduce<World>(happen, start));
      expect(shown(other.told)).toEqual(shown(one.told));
      // Leave that is asked or withdrawn while its day is closed ends as if the day had never been.
      const late = [...marks.flatMap((each) => [each]), ...closes, ...asked.flat(), ...reopens].reduce<World>(happen, start);
      expect(shown(walked(late).told)).toEqual(shown(walked(inTurn.flat().reduce<World>(happen, start)).told));
    }),
    { numRuns: 500 },
  );
});
