import { expect, test } from 'vitest';
import { day, year } from '../../../test/facts.ts';
import { sessionsOn, yearBegan } from './calendar.ts';

test('a school day has the half-days that the calendar gives its weekday', () => {
  expect(sessionsOn([year()], day('2026-11-23'))).toEqual({ ok: true, value: ['MORNING', 'AFTERNOON'] });
  expect(sessionsOn([year()], day('2026-11-27'))).toEqual({ ok: true, value: ['MORNING'] });
});

test('a school year that has begun is the last one until the next begins', () => {
  expect(['2026-09-04', '2026-09-05', '2027-08-01'].map((date) => yearBegan([year()], day(date)))).toEqual([
    undefined,
    '2026-09-05',
    '2026-09-05',
  ]);
});

test('a day without school says why: the weekday, the holiday by its name, or no calendar at all', () => {
  expect(sessionsOn([year()], day('2026-11-29'))).toMatchObject({ refusal: { code: 'NO_SCHOOL_DAY' } });
  expect(sessionsOn([year()], day('2026-12-31'))).toMatchObject({ refusal: { code: 'HOLIDAY', name: 'Tết Dương lịch' } });
  expect(sessionsOn([year()], day('2027-07-01'))).toMatchObject({ refusal: { code: 'OUTSIDE_SCHOOL_YEAR' } });
  expect(sessionsOn([], day('2026-11-23'))).toMatchObject({ refusal: { code: 'OUTSIDE_SCHOOL_YEAR' } });
});
