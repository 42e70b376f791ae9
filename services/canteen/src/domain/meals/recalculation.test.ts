import { expect, test } from 'vitest';
import { booking } from '../../../test/bookings.ts';
import { at, day, monday, rule, year } from '../../../test/facts.ts';
import { movedCutoff, moveOn, schoolOfDay, startRecalculation } from './recalculation.ts';

const recalculation = startRecalculation(
  { id: 'recalculation', why: 'PRICE', meal: 'LUNCH', firstDay: monday, lastDay: undefined },
  at('06:00'),
);

test('a recalculation goes from booking to booking, and then once more, when whoever had begun before it must have ended', () => {
  const next = moveOn(recalculation, booking());
  expect(next).toMatchObject({ cursor: 'an:2026-11-23:LUNCH', pass: 1, dueAt: at('06:00') });
  const second = moveOn(next, undefined);
  expect(second).toMatchObject({ cursor: '', pass: 2, dueAt: new Date(at('06:00').getTime() + 20_000), done: false });
  expect(moveOn(second, undefined)).toMatchObject({ done: true });
});

test('a cut-off moves only where the old and the new one are to come', () => {
  const rules = (time: string) => [{ ...rule({ time }), order: 1 }];
  expect(movedCutoff(booking(), rules('07:00'), at('06:00'))).toMatchObject({ cutoffAt: at('07:00') });
  expect(movedCutoff(booking(), rules('05:30'), at('06:00'))).toBeUndefined();
  expect(movedCutoff(booking(), rules('09:00'), at('07:30'))).toBeUndefined();
  expect(movedCutoff(booking(), [], at('06:00'))).toBeUndefined();
});

test('a day that became free is cut from when the calendar said so; one that is over stays what it was', () => {
  const storm = [{ firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' }];
  const schoolBy = (clock: Date) => schoolOfDay(booking(), [year({ holidays: storm, announcedAt: clock })]);
  expect(schoolBy(at('05:00'))).toMatchObject({ noSchoolReportedAt: at('05:00') });
  expect(schoolBy(at('05:00', day('2026-11-24')))).toBeUndefined();
  expect(schoolOfDay(booking({ noSchoolReportedAt: at('05:00') }), [year({ announcedAt: at('05:30') })])).toEqual({
    ...{ sessions: ['MORNING', 'AFTERNOON'], noSchoolReportedAt: undefined },
  });
});
