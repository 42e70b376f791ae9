import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import type { SchoolYear } from './calendar.ts';
import { mayHaveBeenTold, mayMark } from './look-back.ts';

const day = (text: string) => text as SchoolDate;
const half = (date: string) => ({ date: day(date), session: 'MORNING' }) as const;
const now = new Date('2026-12-24T01:00:00Z');
const marking = { scope: 'CLASSES', source: 'CORRECTION', isCalled: true, now } as const;
const year: SchoolYear = {
  ...{ id: 'year', name: '2026-2027', firstDay: day('2026-09-05'), lastDay: day('2027-05-31'), citation: 'QĐ' },
  holidays: [{ firstDay: day('2027-02-04'), lastDay: day('2027-02-14'), name: 'Tết Nguyên đán', citation: 'BLLĐ 2019, Điều 112' }],
  weekdays: { MORNING: [1, 2, 3, 4, 5], AFTERNOON: [1, 2, 3, 4] },
  opens: { MORNING: '06:00', AFTERNOON: '12:00' },
};

test('a teacher marks a month back; older half-days only the office', () => {
  expect(mayMark(half('2026-11-23'), marking).ok).toBe(true);
  expect(mayMark(half('2026-11-22'), marking)).toEqual({ ok: false, refusal: { code: 'TOO_LONG_AGO', earliest: '2026-11-23' } });
  expect(mayMark(half('2026-09-07'), { ...marking, scope: 'SCHOOL' }).ok).toBe(true);
});

test('the office says why where it changes what was said months ago, and may bring in a roll that was never called', () => {
  const roll = { ...marking, scope: 'SCHOOL', source: 'ROLL_CALL' } as const;
  expect(mayMark(half('2026-09-07'), roll)).toMatchObject({ refusal: { code: 'CORRECTION_NEEDED', earliest: '2026-11-23' } });
  expect(mayMark(half('2026-09-07'), { ...roll, isCalled: false }).ok).toBe(true);
  expect(mayMark(half('2026-11-23'), roll).ok).toBe(true);
});

test('a teacher was told on the school day before at the earliest; over a weekend that is Friday, over Tết the day before it', () => {
  const told = (date: string, text: string | undefined, scope: 'CLASSES' | 'SCHOOL' = 'CLASSES') =>
    mayHaveBeenTold(year, half(date), {
      scope,
      marks: [undefined, text].map((time, nth) => ({
        studentId: `pupil ${nth}`,
        reportedAt: time === undefined ? undefined : new Date(time),
      })),
    });
  expect(told('2026-11-25', '2026-11-24T00:00:00+07:00').ok).toBe(true);
  expect(told('2026-11-25', '2026-11-23T23:59:00+07:00')).toMatchObject({
    refusal: { code: 'REPORT_TOO_EARLY', earliest: '2026-11-24', studentId: 'pupil 1', student: '#2 (pupil 1)' },
  });
  expect(told('2026-11-23', '2026-11-20T16:00:00+07:00').ok).toBe(true);
  expect(told('2027-02-15', '2027-02-03T16:00:00+07:00').ok).toBe(true);
  expect(told('2026-11-25', undefined).ok).toBe(true);
  expect(told('2026-11-25', '2026-11-01T16:00:00+07:00', 'SCHOOL').ok).toBe(true);
});
