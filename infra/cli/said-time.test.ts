import { addDays, schoolDateOf } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { asTime } from './said-time.ts';

const today = schoolDateOf(new Date());

test('an hour is one of the day that is spoken of, by Vietnam’s clock', () => {
  expect(asTime('06:40')('2026-01-05')).toEqual(new Date('2026-01-05T06:40:00+07:00'));
  expect(asTime('6:40')('2026-01-05')).toEqual(asTime('06:40')('2026-01-05'));
});

test('what is said of a day to come was told today', () => {
  expect(asTime('06:40')(addDays(today, 3))).toEqual(new Date(`${today}T06:40:00+07:00`));
});

test('a time with day and zone is itself, whatever the day', () => {
  expect(asTime('2026-11-24T06:40:00+07:00')('2026-01-05')).toEqual(new Date('2026-11-23T23:40:00Z'));
  expect(asTime('2026-11-23T23:40:00Z')('2026-01-05')).toEqual(new Date('2026-11-23T23:40:00Z'));
});

test.each(['6', '24:00', '06:60', '2026-11-24', '2026-11-24T06:40', '2026-13-24T06:40:00Z', 'soon', ''])('"%s" is no time', (text) => {
  expect(() => asTime(text)).toThrow('06:40');
});
