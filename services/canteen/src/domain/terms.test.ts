import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { at, lunch, price, rule, year } from '../../test/facts.ts';
import { termsOf } from './terms.ts';

const defined = { years: [year()], prices: [{ ...price(), order: 1 }], rules: [{ ...rule(), order: 1 }] };

test('a meal is booked at the price and until the cut-off in force for its day', () => {
  expect(termsOf(defined, lunch())).toEqual({
    ok: true,
    value: { sessions: ['MORNING', 'AFTERNOON'], price: vnd(35_000n), cutoffAt: at('07:30'), halfDayRule: 'ANY_HALF' },
  });
});

test('what is missing is named: the school day, the price, the cut-off rule', () => {
  expect(termsOf({ ...defined, years: [] }, lunch())).toMatchObject({ refusal: { code: 'OUTSIDE_SCHOOL_YEAR' } });
  expect(termsOf({ ...defined, prices: [] }, lunch())).toMatchObject({ refusal: { code: 'PRICE_MISSING', meal: 'LUNCH' } });
  expect(termsOf({ ...defined, rules: [] }, lunch())).toMatchObject({ refusal: { code: 'CUTOFF_RULE_MISSING', meal: 'LUNCH' } });
});
