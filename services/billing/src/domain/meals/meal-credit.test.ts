import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { creditEntry } from './meal-credit.ts';
import type { CreditChange } from './portion.ts';

const cause = { now: new Date('2026-12-07T01:00:00Z'), entryId: 'e1', causationId: 'event-1' };
const change: CreditChange = {
  bookingId: 'b1',
  date: '2026-12-07' as SchoolDate,
  meal: 'LUNCH',
  amount: vnd(35_000n),
  reason: 'MEAL_CANCELLED',
  source: undefined,
  entry: 2,
};

test('a meal that is credited leaves the money kept for food, and comes back to it when it is reversed', () => {
  const { postings, kind, reference } = creditEntry('s1', change, cause);
  expect({ kind, reference }).toEqual({ kind: 'MEAL_CREDITED', reference: 'meal:b1:2' });
  expect(postings).toMatchObject([
    { account: 'meals:LUNCH', debit: vnd(35_000n) },
    { account: 'credit:s1', credit: vnd(35_000n) },
  ]);
  expect(creditEntry('s1', { ...change, amount: vnd(-35_000n) }, cause)).toMatchObject({
    kind: 'MEAL_CREDIT_REVERSED',
    postings: [
      { account: 'credit:s1', debit: vnd(35_000n) },
      { account: 'meals:LUNCH', credit: vnd(35_000n) },
    ],
  });
});

test('public support comes from whoever pays it', () => {
  const { postings } = creditEntry('s1', { ...change, reason: 'LUNCH_SUPPORT', source: 'HCMC' }, cause);
  expect(postings[0]).toMatchObject({ account: 'subsidy:HCMC', debit: vnd(35_000n) });
});
