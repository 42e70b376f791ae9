import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equal, isPositive, isZero, lessThan, minus, plus, smaller, sum, times, vnd, zero } from './money.ts';

const amount = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map(vnd);

test('what is added and taken away again leaves the amount as it was', () => {
  fc.assert(fc.property(amount, amount, (a, b) => equal(minus(plus(a, b), b), a)));
});

test('a sum does not depend on the order', () => {
  fc.assert(fc.property(fc.array(amount), (amounts) => equal(sum(amounts), sum([...amounts].reverse()))));
});

test('a price times a quantity is the price added that often', () => {
  fc.assert(
    fc.property(amount, fc.integer({ min: 0, max: 50 }), (price, quantity) =>
      equal(times(price, quantity), sum(Array(quantity).fill(price))),
    ),
  );
});

test('of two amounts the smaller one is not more than the other', () => {
  fc.assert(fc.property(amount, amount, (a, b) => !lessThan(a, smaller(a, b)) && !lessThan(b, smaller(a, b))));
});

test('nothing is neither owed nor had', () => {
  expect(isZero(zero)).toBe(true);
  expect(isPositive(zero)).toBe(false);
  expect(isPositive(vnd(1n))).toBe(true);
});

test('an amount that does not fit in 64 bits is refused at once', () => {
  expect(() => vnd(2n ** 63n)).toThrow(RangeError);
  expect(() => plus(vnd(2n ** 63n - 1n), vnd(1n))).toThrow(RangeError);
});

test('a quantity that is no whole number is refused', () => {
  expect(() => times(vnd(10n), 1.5)).toThrow(RangeError);
});
