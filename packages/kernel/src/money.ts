/**
 * An exact amount in the smallest unit of its currency. The đồng has no subunit: vnd(1_250_000n) is 1,250,000 VND.
 * Negative means owed back to the payer.
 */
export type Money = { readonly currency: 'VND'; readonly minorUnits: bigint };

// BSON stores 64-bit integers; an amount beyond that could not be written back as it was.
const limit = 2n ** 63n;

export function vnd(minorUnits: bigint): Money {
  if (minorUnits >= limit || minorUnits <= -limit) throw new RangeError('An amount must fit in 64 bits');
  return { currency: 'VND', minorUnits };
}

export const zero: Money = vnd(0n);

export function plus(a: Money, b: Money): Money {
  return vnd(a.minorUnits + b.minorUnits);
}

export function minus(a: Money, b: Money): Money {
  return vnd(a.minorUnits - b.minorUnits);
}

/** `money` × `quantity`; quantity is a whole number. */
export function times(money: Money, quantity: number): Money {
  return vnd(money.minorUnits * BigInt(quantity));
}

export function sum(amounts: Iterable<Money>): Money {
  let total = 0n;
  for (const amount of amounts) total += amount.minorUnits;
  return vnd(total);
}

export function lessThan(a: Money, b: Money): boolean {
  return a.minorUnits < b.minorUnits;
}

export function equal(a: Money, b: Money): boolean {
  return a.minorUnits === b.minorUnits;
}

export function smaller(a: Money, b: Money): Money {
  return a.minorUnits <= b.minorUnits ? a : b;
}

export function isPositive(money: Money): boolean {
  return money.minorUnits > 0n;
}

export function isZero(money: Money): boolean {
  return money.minorUnits === 0n;
}
