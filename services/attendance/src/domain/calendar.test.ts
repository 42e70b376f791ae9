import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import {
  changedHalves,
  defineYear,
  firstToCome,
  hasBegun,
  type SchoolYear,
  schoolDayBefore,
  schoolHalfDays,
  schoolOn,
} from './calendar.ts';
import type { Session } from './half-day.ts';

const day = (text: string) => text as SchoolDate;
const year = (facts: Partial<SchoolYear> = {}): SchoolYear => ({
  id: 'year',
  name: '2026-2027',
  firstDay: day('2026-09-05'),
  lastDay: day('2027-05-31'),
  citation: 'Quyết định',
  holidays: [{ firstDay: day('2026-12-31'), lastDay: day('2027-01-01'), name: 'Tết Dương lịch', citation: 'Điều 112' }],
  weekdays: { MORNING: [1, 2, 3, 4, 5], AFTERNOON: [1, 2] },
  opens: { MORNING: '06:00', AFTERNOON: '12:00' },
  ...facts,
});
const half = (date: string, session: Session = 'MORNING') => ({ date: day(date), session });

test.each([
  ['2026-09-04', 'MORNING', 'OUTSIDE_SCHOOL_YEAR'],
  ['2027-06-01', 'MORNING', 'OUTSIDE_SCHOOL_YEAR'],
  ['2026-12-31', 'MORNING', 'HOLIDAY'],
  ['2026-11-22', 'MORNING', 'NO_SESSION'],
  ['2026-11-25', 'AFTERNOON', 'NO_SESSION'],
] as const)('%s in the %s is no school: %s', (date, session, code) => {
  expect(schoolOn(year(), half(date, session))).toMatchObject({ ok: false, refusal: { code, date } });
});

test('without a calendar there is no school', () => {
  expect(schoolOn(undefined, half('2026-11-23'))).toMatchObject({ ok: false, refusal: { code: 'OUTSIDE_SCHOOL_YEAR' } });
});

test('nobody is present before the doors open, or tomorrow', () => {
  const now = new Date('2026-11-23T05:30:00Z'); // 12:30 in Vietnam
  const begun = (date: string, session: Session, takenAt: Date) => hasBegun(year(), half(date, session), { takenAt, now });
  expect(begun('2026-11-23', 'AFTERNOON', now)).toMatchObject({ ok: true });
  expect(begun('2026-11-23', 'AFTERNOON', new Date('2026-11-23T04:59:00Z'))).toMatchObject({ refusal: { code: 'SESSION_NOT_OPEN' } });
  expect(begun('2026-11-24', 'MORNING', now)).toMatchObject({ refusal: { code: 'IN_THE_FUTURE' } });
  expect(begun('2026-11-23', 'MORNING', new Date('2026-11-23T05:33:00Z'))).toMatchObject({ refusal: { code: 'CLOCK_AHEAD' } });
});

test('a span holds the half-days of school and no others, cut at both ends', () => {
  const halves = schoolHalfDays(year(), half('2026-11-23', 'AFTERNOON'), half('2026-11-30', 'MORNING'));
  expect(halves.map(({ date, session }) => `${date} ${session}`)).toEqual([
    '2026-11-23 AFTERNOON',
    '2026-11-24 MORNING',
    '2026-11-24 AFTERNOON',
    '2026-11-25 MORNING',
    '2026-11-26 MORNING',
    '2026-11-27 MORNING',
    '2026-11-30 MORNING',
  ]);
});

test('a calendar sent again is the same; impossible ones are refused', () => {
  expect(defineYear(year(), year(), [])).toEqual({ ok: true, value: year() });
  const refusal = (wanted: Partial<SchoolYear>, others: SchoolYear[] = []) => defineYear(undefined, year(wanted), others);
  expect(defineYear(year(), year({ citation: 'khác' }), [])).toMatchObject({ refusal: { code: 'ID_REUSED' } });
  expect(refusal({ lastDay: day('2026-09-05') })).toMatchObject({ refusal: { code: 'YEAR_ENDS_TOO_EARLY' } });
  expect(refusal({ lastDay: day('2027-12-31') })).toMatchObject({ refusal: { code: 'YEAR_TOO_LONG' } });
  expect(refusal({ firstDay: day('2027-01-02') })).toMatchObject({ refusal: { code: 'HOLIDAY_WRONG', name: 'Tết Dương lịch' } });
  expect(refusal({ name: '2027-2028', firstDay: day('2026-12-01') }, [year()])).toMatchObject({ refusal: { code: 'YEARS_OVERLAP' } });
  expect(refusal({ id: 'newer' }, [year()])).toMatchObject({ ok: true });
});

test('between two calendars those half-days changed that one of them has and the other has not', () => {
  const storm = { firstDay: day('2026-11-24'), lastDay: day('2026-11-24'), name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  const both = [half('2026-11-24'), half('2026-11-24', 'AFTERNOON')];
  const stormy = year({ holidays: [...year().holidays, storm] });
  expect(changedHalves(year(), stormy)).toEqual(both);
  expect(changedHalves(stormy, year())).toEqual(both);
  expect(changedHalves(year(), year({ firstDay: day('2026-09-03'), lastDay: day('2027-05-30') }))).toEqual([
    ...[half('2026-09-03'), half('2026-09-04'), half('2027-05-31'), half('2027-05-31', 'AFTERNOON')],
  ]);
  expect(changedHalves(year(), year({ citation: 'Quyết định khác', opens: { MORNING: '06:30', AFTERNOON: '12:00' } }))).toEqual([]);
});

test('a half-day is to come until two hours after its doors open', () => {
  const next = (clock: string, of: SchoolYear | undefined = year()) => firstToCome(of, new Date(`2026-11-23T${clock}:00+07:00`));
  expect(next('05:00')).toEqual(half('2026-11-23'));
  expect(next('07:59')).toEqual(half('2026-11-23'));
  expect(next('08:00')).toEqual(half('2026-11-23', 'AFTERNOON'));
  expect(next('14:00')).toEqual(half('2026-11-24'));
  expect(firstToCome(undefined, new Date('2026-11-23T22:00:00+07:00'))).toEqual(half('2026-11-23'));
});

test('the school day before a day is the last one with school', () => {
  expect(schoolDayBefore(year(), day('2026-11-23'))).toBe('2026-11-20');
  expect(schoolDayBefore(year(), day('2027-01-04'))).toBe('2026-12-30');
  expect(schoolDayBefore(year(), day('2026-09-07'))).toBe('2026-09-06');
});
