import { expect, test } from 'vitest';
import { type Fact, isOfTheDay, laneOf } from './fact.ts';

test('what a parent must hear today is urgent, and what moves money in rounds is not', () => {
  const kinds = ['ABSENT', 'LATE', 'MARK_RETRACTED', 'MEAL_CUT_LATE', 'MEAL_CREDITED', 'MEAL_CREDIT_REVERSED'] as const;
  for (const kind of kinds) expect(laneOf(kind)).toBe('URGENT');
  const rounds: Fact['kind'][] = ['INVOICE_PAID', 'PAYMENT_RECEIVED', 'ACCOUNT_CREDITED', 'REFUND_REQUESTED', 'REFUND_PAID'];
  for (const kind of rounds) expect(laneOf(kind)).toBe('BULK');
});

test('only where a child is grows old within a day', () => {
  expect(isOfTheDay('ABSENT')).toBe(true);
  expect(isOfTheDay('MEAL_CREDITED')).toBe(false);
});
