import { addDays, type SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { type AbsentHalfDay, countAbsences } from './counting.ts';

const day = (text: string) => text as SchoolDate;
const monday = day('2026-11-23');
const away = (date: SchoolDate, session: AbsentHalfDay['session'], kind: AbsentHalfDay['kind'] = 'ABSENT_WITH_LEAVE') => ({
  date,
  session,
  kind,
});
const absences = [
  away(monday, 'MORNING'),
  away(monday, 'AFTERNOON', 'ABSENT_WITHOUT_LEAVE'),
  away(addDays(monday, 1), 'AFTERNOON'),
  away(addDays(monday, 2), 'MORNING'),
];
const counted = (until: SchoolDate) => countAbsences(absences, { day: until, grade: 6 }).map(({ plan, counted: number }) => [plan, number]);

test('by one session a day only mornings count, by two every half-day, with leave or without', () => {
  expect(counted(addDays(monday, 2))).toEqual([
    ['ONE_SESSION_A_DAY', 2],
    ['TWO_SESSIONS_A_DAY', 4],
  ]);
});

test('what lies ahead does not count yet, and a rule not before it holds', () => {
  expect(counted(monday)).toEqual([
    ['ONE_SESSION_A_DAY', 1],
    ['TWO_SESSIONS_A_DAY', 2],
  ]);
  expect(counted(day('2021-09-04'))).toEqual([]);
});

test('the limit of 45 binds from grade 6, and every count names where it comes from', () => {
  const limits = (grade: number) => countAbsences([], { day: monday, grade }).map(({ limit }) => limit);
  expect([limits(5), limits(6)]).toEqual([
    [undefined, undefined],
    [45, 45],
  ]);
  expect(countAbsences([], { day: monday, grade: 6 }).every(({ citation }) => citation.includes('TT 22/2021'))).toBe(true);
});
