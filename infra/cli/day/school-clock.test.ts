import { expect, test } from 'vitest';
import { minuteFrom, minuteText, schoolClock } from './school-clock.ts';

const now = new Date('2026-11-23T13:04:17.250Z');
const [from, cutoff] = [minuteFrom('05:30'), minuteFrom('08:00')];

test('the replay begins now, and its cut-off falls on a whole minute near the wished speed', () => {
  const clock = schoolClock({ now, speed: 60, from, cutoff });
  expect(clock.cutoffAt).toEqual(new Date('2026-11-23T13:07:00.000Z'));
  expect(clock.realOf(from)).toEqual(now);
  expect(clock.realOf(cutoff)).toEqual(clock.cutoffAt);
  expect(clock.speeds[0]).toBeCloseTo(55.3, 1);
  expect(clock.realOf(minuteFrom('09:00'))).toEqual(new Date('2026-11-23T13:08:00.000Z'));
});

test('at any speed there is time to do what comes before the cut-off', () => {
  for (const speed of [1, 60, 600, 100_000]) {
    const { cutoffAt } = schoolClock({ now, speed, from, cutoff });
    expect(cutoffAt.getTime() % 60_000).toBe(0);
    expect(cutoffAt.getTime() - now.getTime()).toBeGreaterThanOrEqual(20_000);
  }
});

test('both ways through the clock end where they began', () => {
  const clock = schoolClock({ now, speed: 60, from, cutoff });
  for (const text of ['05:30', '07:59', '08:00', '10:45']) expect(minuteText(clock.minuteOf(clock.realOf(minuteFrom(text))))).toBe(text);
});
