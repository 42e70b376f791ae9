import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, parseSchoolDate, type SchoolDate, schoolDateOf } from './school-date.ts';

const day = (text: string): SchoolDate => {
  const date = parseSchoolDate(text);
  if (!date) throw new Error(`${text} is no day`);
  return date;
};

test('the business day changes at midnight in Vietnam, whatever the zone of the process', () => {
  expect(schoolDateOf(new Date('2026-11-20T16:59:59.999Z'))).toBe('2026-11-20');
  expect(schoolDateOf(new Date('2026-11-20T17:00:00.000Z'))).toBe('2026-11-21');
});

test('a day holds every instant between two midnights in Vietnam', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }), (instant) => {
      const midnight = new Date(`${schoolDateOf(instant)}T00:00:00+07:00`);
      return midnight <= instant && instant.getTime() < midnight.getTime() + 86_400_000;
    }),
  );
});

test('a text that is no real day is no school date', () => {
  for (const text of ['2026-02-29', '2026-13-01', '21/11/2026', '2026-11-21T00:00:00Z', '', '2026-1-1'])
    expect(parseSchoolDate(text)).toBeUndefined();
  expect(parseSchoolDate('2028-02-29')).toBe('2028-02-29');
});

test('days are added over the ends of months and years', () => {
  expect(addDays(day('2026-12-31'), 1)).toBe('2027-01-01');
  expect(addDays(day('2026-03-01'), -1)).toBe('2026-02-28');
});
