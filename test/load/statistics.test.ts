import { expect, test } from 'vitest';
import { alternate, estimate, median, quantile } from './statistics.ts';

test('the median of an even count lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([5, 1, 3])).toBe(3);
});

test('a quantile is a value that was measured, the worst ones included', () => {
  const values = Array.from({ length: 200 }, (_, nth) => 200 - nth);
  expect([0.5, 0.99, 1].map((share) => quantile(values, share))).toEqual([100, 198, 200]);
  expect(quantile([7], 0.99)).toBe(7);
});

test('an interval holds the median and is the same each time', () => {
  const values = [0.7, 0.8, 0.75, 0.9, 0.72, 0.81];
  const { median: middle, low, high } = estimate(values);
  expect(low).toBeLessThanOrEqual(middle);
  expect(high).toBeGreaterThanOrEqual(middle);
  expect(estimate(values)).toEqual({ median: middle, low, high });
});

test('floor and subject take turns and the first pair is left out', async () => {
  const order: string[] = [];
  const side = (name: string, units: number) => async () => {
    order.push(name);
    return { units, seconds: 2 };
  };
  const paired = await alternate(3, side('floor', 10), side('subject', 8));
  expect(order.join(' ')).toBe('floor subject subject floor floor subject subject floor');
  expect(paired.ratios).toEqual([0.8, 0.8, 0.8]);
  expect(paired.floor).toEqual([5, 5, 5]);
});
