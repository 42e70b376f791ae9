import fc from 'fast-check';
import { expect, test } from 'vitest';
import { booking, cancel, restore } from '../../../test/bookings.ts';
import { at, day } from '../../../test/facts.ts';
import { leavingFor } from '../roster/pupil.ts';
import type { AttendanceFact } from './attendance.ts';
import type { Away } from './away.ts';
import { type Facts, stateOf } from './booking.ts';

const absent = (version: number, clock: string): AttendanceFact => ({ version, session: 'MORNING', absent: true, reportedAt: at(clock) });
const here = (version: number, clock: string): AttendanceFact => ({ ...absent(version, clock), absent: false });
const gone = (clock: string): Away => ({ reportedAt: at(clock), since: at(clock), hereSince: undefined });
const state = (facts: Partial<Facts> = {}, attendance: AttendanceFact[] = []) => stateOf(booking(facts), attendance);

test('a meal is eaten unless something cuts it', () => {
  expect(state()).toEqual({ status: 'BOOKED' });
});

test('an absence reported before the cut-off cuts the meal, one reported at it or after leaves the portion on the bill', () => {
  expect(state({}, [absent(1, '07:29')])).toMatchObject({ status: 'CANCELLED', reason: 'ABSENT', reportedAt: at('07:29') });
  expect(state({}, [absent(1, '07:30')])).toEqual({ status: 'CUT_LATE', reason: 'ABSENT', reportedAt: at('07:30') });
});

test('what a guardian cancels is cut, and on again where the guardian restores it', () => {
  expect(state({ acts: [cancel('06:00')] })).toMatchObject({ status: 'CANCELLED', reason: 'GUARDIAN' });
  expect(state({ acts: [cancel('06:00'), restore('06:30')] })).toEqual({ status: 'BOOKED' });
});

test('what the office cancels after the cut-off is paid for, unless it writes down that it was told in time', () => {
  const late = cancel('08:00', { reason: 'OFFICE' });
  expect(state({ acts: [late] })).toMatchObject({ status: 'CUT_LATE', reason: 'OFFICE' });
  const call = cancel('09:00', { reason: 'OFFICE', reportedAt: at('06:50') });
  expect(state({ acts: [late, call] })).toMatchObject({ status: 'CANCELLED', reportedAt: at('06:50') });
});

test('a guardian’s wish does not undo an absence; the office’s act does, for reports until then', () => {
  const away = [absent(1, '06:40')];
  expect(state({ acts: [restore('07:00')] }, away).status).toBe('CANCELLED');
  expect(state({ acts: [restore('07:00', { reason: 'PLAN' })] }, away).status).toBe('CANCELLED');
  expect(state({ acts: [restore('09:05', { reason: 'OFFICE' })] }, [...away, here(2, '09:00')])).toEqual({ status: 'BOOKED' });
  const again = [...away, here(2, '07:00'), absent(3, '10:00')];
  expect(state({ acts: [restore('09:05', { reason: 'OFFICE' })] }, again)).toMatchObject({
    status: 'CUT_LATE',
    reportedAt: at('10:00'),
  });
});

test('putting the reason of an absence right after the cut-off leaves the family its money', () => {
  expect(state({}, [absent(1, '07:15'), absent(2, '09:00')])).toMatchObject({ status: 'CANCELLED', reportedAt: at('07:15') });
});

test('a child who got a portion after all and is away again pays for it', () => {
  const acts = [restore('09:05', { reason: 'OFFICE' })];
  const facts = [absent(1, '06:40'), here(2, '09:00'), absent(3, '10:00')];
  expect(state({ acts }, facts)).toEqual({ status: 'CUT_LATE', reason: 'ABSENT', reportedAt: at('10:00') });
  expect(state({}, facts)).toMatchObject({ status: 'CANCELLED', reportedAt: at('06:40') });
});

test('the office gives a portion to a pupil who is back, in spite of the leaving that was reported before', () => {
  const back = { ...gone('06:20'), hereSince: at('09:00') };
  expect(state({ left: back })).toMatchObject({ status: 'CANCELLED', reason: 'LEFT', hereSince: at('09:00') });
  expect(state({ left: back, acts: [restore('09:05', { reason: 'OFFICE' })] })).toEqual({ status: 'BOOKED' });
  expect(state({ left: back, acts: [restore('09:05', { reason: 'PLAN' })] }).status).toBe('CANCELLED');
});

test('of several cuts the one that was reported first counts', () => {
  const facts = { acts: [cancel('06:30')], left: gone('06:20') };
  expect(state(facts, [absent(1, '06:10')])).toMatchObject({ status: 'CANCELLED', reason: 'ABSENT', reportedAt: at('06:10') });
  expect(state(facts, [absent(1, '08:10')])).toMatchObject({ status: 'CANCELLED', reason: 'LEFT' });
});

test('a day without school is never at the family’s cost, however late the school says so', () => {
  expect(state({ noSchoolReportedAt: at('09:00') })).toMatchObject({ status: 'CANCELLED', reason: 'NO_SCHOOL' });
});

test('a pupil of whose leaving the school learns after the cut-off pays for that meal', () => {
  expect(state({ left: gone('08:00') })).toMatchObject({ status: 'CUT_LATE', reason: 'LEFT' });
});

test('nothing that is reported after the cut-off charges a meal that was off, or gives back one that was on, but the office', () => {
  const telling = (...clocks: string[]) =>
    fc.array(
      fc.record({
        session: fc.constantFrom('MORNING' as const, 'AFTERNOON' as const),
        what: fc.constantFrom('ABSENT', 'HERE', 'LEFT', 'BACK'),
        clock: fc.constantFrom(...clocks),
      }),
      { maxLength: 6 },
    );
  const halfDayRule = fc.constantFrom('WHOLE_DAY' as const, 'MORNING' as const, 'AFTERNOON' as const, 'ANY_HALF' as const);
  fc.assert(
    fc.property(telling('06:40', '07:29'), telling('07:30', '09:00', '14:00'), halfDayRule, (before, after, which) => {
      const meal = booking({ halfDayRule: which });
      const statusAfter = (story: typeof before) => {
        const all = story.map((each, version) => ({ ...each, version, at: at(each.clock) }));
        const marks = all.flatMap(({ what, session, version, at: reportedAt }) =>
          what === 'ABSENT' || what === 'HERE' ? [{ version, session, absent: what === 'ABSENT', reportedAt }] : [],
        );
        const stays = all.flatMap(({ what, version, at: announcedAt }) =>
          what === 'LEFT' || what === 'BACK' ? [{ version, leftOn: what === 'LEFT' ? day('2026-11-20') : undefined, at: announcedAt }] : [],
        );
        return stateOf({ ...meal, left: leavingFor(stays, meal) }, marks).status;
      };
      const off = statusAfter(before) === 'CANCELLED';
      expect(statusAfter([...before, ...after]) === 'CANCELLED').toBe(off);
    }),
  );
});

test('the state of a booking does not depend on the order of attendance’s events', () => {
  const clock = fc.constantFrom('06:40', '07:29', '07:30', '08:00', '09:30');
  const facts = fc
    .array(fc.record({ absent: fc.boolean(), clock }), { maxLength: 6 })
    .map((story) =>
      story.map(
        (each, index): AttendanceFact => ({ version: index + 1, session: 'MORNING', absent: each.absent, reportedAt: at(each.clock) }),
      ),
    );
  const act = fc.constantFrom(
    cancel('06:30'),
    restore('06:50'),
    cancel('08:15', { reason: 'OFFICE' }),
    restore('09:05', { reason: 'OFFICE' }),
  );
  fc.assert(
    fc.property(
      facts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      fc.array(act, { maxLength: 3 }),
      ([all, shuffled], acts) => {
        expect(state({ acts }, shuffled)).toEqual(state({ acts }, all));
      },
    ),
  );
});
