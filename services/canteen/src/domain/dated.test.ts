import { vnd } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day, price } from '../../test/facts.ts';
import { define, inForce } from './dated.ts';
import { priceContent } from './meals/price.ts';

const lunch = (date: string) => ({ date: day(date), meal: 'LUNCH' as const });

test('of the prices that cover a day the one that begins last holds, and the one before for the others', () => {
  const first = { ...price({ amount: vnd(35_000n) }), order: 1 };
  const october = { ...price({ amount: vnd(36_000n), effectiveFrom: day('2026-10-01'), effectiveUntil: day('2026-10-31') }), order: 2 };
  const amounts = ['2026-09-30', '2026-10-01', '2026-10-31', '2026-11-01'].map((date) => inForce([october, first], lunch(date))?.amount);
  expect(amounts).toEqual([vnd(35_000n), vnd(36_000n), vnd(36_000n), vnd(35_000n)]);
});

test('a price of November that is corrected without an end leaves the price of January alone, whenever that was defined', () => {
  const january = { ...price({ amount: vnd(40_000n), effectiveFrom: day('2027-01-01') }), order: 1 };
  const november = { ...price({ amount: vnd(38_000n), effectiveFrom: day('2026-11-01') }), order: 2 };
  const amounts = ['2026-11-02', '2026-12-31', '2027-01-01'].map((date) => inForce([january, november], lunch(date))?.amount);
  expect(amounts).toEqual([vnd(38_000n), vnd(38_000n), vnd(40_000n)]);
});

test('of prices that begin on the same day the one that was defined last holds', () => {
  const [wrong, right] = [vnd(36_000n), vnd(37_000n)].map((amount, at) => ({ ...price({ amount }), order: at + 1 }));
  expect(inForce([right!, wrong!], lunch('2026-11-02'))?.amount).toEqual(vnd(37_000n));
});

test('no day and no other meal has a price that nobody defined', () => {
  const one = { ...price({ effectiveFrom: day('2026-10-01') }), order: 1 };
  expect(inForce([one], lunch('2026-09-30'))).toBeUndefined();
  expect(inForce([one], { date: day('2026-10-01'), meal: 'SNACK' })).toBeUndefined();
});

test('what holds does not depend on the order in which prices are read', () => {
  const some = fc.array(fc.record({ from: fc.integer({ min: 1, max: 9 }), length: fc.integer({ min: 0, max: 9 }) }), { maxLength: 8 });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 18 }), (spans, at) => {
      const text = (n: number) => day(`2026-10-${String(n).padStart(2, '0')}`);
      const all = spans.map(({ from, length }, index) => ({
        ...price({ effectiveFrom: text(from), effectiveUntil: text(from + length) }),
        order: index + 1,
      }));
      const asked = { date: text(at), meal: 'LUNCH' as const };
      expect(inForce(all.toReversed(), asked)?.order).toBe(inForce(all, asked)?.order);
    }),
  );
});

test('the same id with the same content is the first answer, with other content it is refused', () => {
  const wanted = price();
  const defined = define(wanted, undefined, { others: [], contentOf: priceContent });
  if (!defined.ok) throw new Error(defined.refusal.code);
  expect(define(wanted, defined.value, { others: [defined.value], contentOf: priceContent })).toEqual(defined);
  const other = { ...wanted, citation: 'Khác' };
  expect(define(other, defined.value, { others: [defined.value], contentOf: priceContent })).toMatchObject({
    refusal: { code: 'ID_REUSED' },
  });
});

test('what ends before it begins is refused', () => {
  const wanted = price({ effectiveUntil: day('2026-09-01') });
  expect(define(wanted, undefined, { others: [], contentOf: priceContent })).toMatchObject({ refusal: { code: 'ENDS_TOO_EARLY' } });
});
