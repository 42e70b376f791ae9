import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';

test('the wait doubles up to its longest and keeps at least half of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 }), fc.string(), (tries, seed) => {
      const full = Math.min(15_000, 1_000 * 2 ** Math.max(0, tries - 1));
      const wait = backOffMs(tries, { firstMs: 1_000, longestMs: 15_000, seed });
      expect(wait).toBeGreaterThanOrEqual(full / 2);
      expect(wait).toBeLessThanOrEqual(full);
    }),
  );
});

test('messages that failed together come back apart', () => {
  const waits = Array.from({ length: 100 }, (_, at) => backOffMs(5, { firstMs: 1_000, longestMs: 15_000, seed: `delivery-${at}` }));
  expect(new Set(waits).size).toBeGreaterThan(80);
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(6_000);
});
