import { equal, minus, type SchoolDate, sum, vnd, zero } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  chargedFor,
  creditDue,
  isDue,
  type MealFact,
  type Portion,
  type PortionStatus,
  reserved,
  settleCredit,
  toCharge,
  withFact,
} from './portion.ts';

const booking = { bookingId: 'b1', date: '2026-12-07' as SchoolDate, meal: 'LUNCH' } as const;
const fact = (version: number, status: PortionStatus | undefined, price = 35_000n): MealFact => ({
  ...booking,
  price: vnd(price),
  status,
  version,
});
const withAll = (facts: readonly MealFact[]) => facts.reduce<Portion | undefined>(withFact, undefined);
const charged = (portion: Portion, invoiceId = 'i1'): Portion => ({
  ...portion,
  charges: [...portion.charges, { invoiceId, amount: toCharge(portion) }],
});

test('a fact that is older than what is known changes nothing, and is the very same portion', () => {
  const portion = withFact(withFact(undefined, fact(1, 'BOOKED')), fact(5, 'CANCELLED'));
  expect(withFact(portion, fact(1, 'BOOKED'))).toBe(portion);
  expect(withFact(portion, fact(5, 'CANCELLED'))).toBe(portion);
});

test('a portion that is first heard of by its cancellation is whole, and its booking adds nothing', () => {
  const portion = withFact(undefined, fact(5, 'CANCELLED'));
  expect(withFact(portion, fact(1, 'BOOKED'))).toEqual(portion);
  expect(portion).toMatchObject({ status: 'CANCELLED', price: vnd(35_000n), date: '2026-12-07', meal: 'LUNCH' });
});

test('a price that is told late counts where no newer price is known, whatever the standing', () => {
  const cut = withFact(undefined, fact(5, 'CANCELLED'));
  expect(withFact(cut, fact(3, undefined, 40_000n)).price).toEqual(vnd(35_000n));
  expect(withFact(cut, fact(7, undefined, 40_000n))).toMatchObject({ status: 'CANCELLED', price: vnd(40_000n) });
});

test('a meal that was cut in time is credited once, and on again it comes off', () => {
  const booked = withFact(undefined, fact(1, 'BOOKED'));
  const cut = settleCredit(withFact(booked, fact(2, 'CANCELLED')), booked);
  expect(cut.changes).toMatchObject([{ amount: vnd(35_000n), reason: 'MEAL_CANCELLED', entry: 0 }]);
  expect(settleCredit(cut.portion, cut.portion).changes).toEqual([]);
  const again = settleCredit(withFact(cut.portion, fact(3, 'BOOKED')), cut.portion);
  expect(again.changes).toMatchObject([{ amount: vnd(-35_000n), reason: 'MEAL_CANCELLED', entry: 1 }]);
  expect(again.portion.credited).toEqual(zero);
});

test('credit says why the meal was cut, when it comes and when it goes; a price moves it for no such reason', () => {
  const cut = settleCredit(withFact(undefined, { ...fact(2, 'CANCELLED'), cutReason: 'ABSENT' }), undefined);
  expect(cut.changes).toMatchObject([{ reason: 'MEAL_CANCELLED', cutReason: 'ABSENT' }]);
  const repriced = settleCredit(withFact(cut.portion, fact(3, undefined, 36_000n)), cut.portion);
  expect(repriced.changes[0]).not.toHaveProperty('cutReason');
  const again = settleCredit(withFact(repriced.portion, fact(4, 'BOOKED', 36_000n)), repriced.portion);
  expect(again.changes).toMatchObject([{ amount: vnd(-36_000n), reason: 'MEAL_CANCELLED', cutReason: 'ABSENT' }]);
  expect(again.portion).not.toHaveProperty('cutReason');
  const left = settleCredit(withFact(again.portion, { ...fact(5, 'CANCELLED', 36_000n), cutReason: 'LEFT' }), again.portion);
  expect(left.changes).toMatchObject([{ cutReason: 'LEFT' }]);
});

test('a meal that was cut late stays charged and is credited nothing', () => {
  const late = settleCredit(charged(withFact(undefined, fact(2, 'CUT_LATE'))), undefined);
  expect(late.changes).toEqual([]);
  expect(chargedFor(late.portion)).toEqual(vnd(35_000n));
});

test('a price that fell after the bill is credited by the difference, one that rose is for the next bill', () => {
  const billed = charged(withFact(undefined, fact(1, 'BOOKED')));
  const cheaper = settleCredit(withFact(billed, fact(2, undefined, 30_000n)), billed);
  expect(cheaper.changes).toMatchObject([{ amount: vnd(5_000n), reason: 'MEAL_REPRICED' }]);
  expect(isDue(cheaper.portion)).toBe(false);
  const dearer = settleCredit(withFact(billed, fact(2, undefined, 40_000n)), billed);
  expect(dearer.changes).toEqual([]);
  expect(toCharge(dearer.portion)).toEqual(vnd(5_000n));
});

test('what was credited before it was charged is kept for its own bill', () => {
  const cut = settleCredit(withFact(undefined, fact(2, 'CANCELLED')), undefined).portion;
  expect(reserved(cut)).toEqual(vnd(35_000n));
  expect(reserved(charged(cut))).toEqual(zero);
});

/** What canteen may say of one booking, in its order: booked first, then standings and prices, each with the booking as it stands then. */
const history = fc
  .array(fc.tuple(fc.constantFrom<PortionStatus | 'REPRICED'>('BOOKED', 'CANCELLED', 'CUT_LATE', 'REPRICED'), fc.bigInt(0n, 60_000n)), {
    maxLength: 6,
  })
  .map((steps) => {
    let price = 35_000n;
    const facts = [fact(1, 'BOOKED', price)];
    for (const [step, newPrice] of steps) {
      if (step === 'REPRICED') price = newPrice;
      facts.push(fact(facts.length + 1, step === 'REPRICED' ? undefined : step, price));
    }
    return facts;
  });

test('any order and repetition of what was said ends with the portion as it stands', () => {
  fc.assert(
    fc.property(
      history.chain((facts) =>
        fc.tuple(
          fc.constant(facts),
          fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2, maxLength: facts.length * 2 }),
        ),
      ),
      ([facts, told]) => {
        const last = facts.at(-1);
        const status = facts.findLast((each) => each.status !== undefined)?.status;
        expect(withAll(told)).toMatchObject({ status, price: last?.price });
        expect(withAll(told)).toEqual(withAll(facts));
      },
    ),
  );
});

test('whenever bills and voids fall in between, a portion ends charged for what was eaten or cut late, and every credit was told', () => {
  const told = history.chain((facts) =>
    fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2, maxLength: facts.length * 2 }),
  );
  const bills = fc.array(fc.constantFrom<'BILL' | 'VOID' | 'NOTHING'>('BILL', 'VOID', 'NOTHING'), { minLength: 14, maxLength: 14 });
  fc.assert(
    fc.property(told, bills, (facts, between) => {
      let portion: Portion | undefined;
      let credited = zero;
      const settle = (after: Portion) => {
        const { portion: settled, changes } = settleCredit(after, portion);
        credited = sum([credited, ...changes.map(({ amount }) => amount)]);
        portion = settled;
      };
      for (const [at, each] of facts.entries()) {
        settle(withFact(portion, each));
        if (portion && between[at] === 'BILL' && isDue(portion)) settle(charged(portion, `i${at}`));
        if (portion && between[at] === 'VOID') settle({ ...portion, charges: portion.charges.slice(0, -1) });
      }
      if (!portion) throw new Error('nothing was told');
      settle(isDue(portion) ? charged(portion, 'last') : portion);
      const owed = portion.status === 'CANCELLED' ? zero : portion.price;
      expect(minus(chargedFor(portion), portion.credited)).toEqual(owed);
      expect(equal(portion.credited, creditDue(portion)) && equal(portion.credited, credited)).toBe(true);
      expect(isDue(portion)).toBe(false);
    }),
  );
});
