import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { price } from '../../../test/facts.ts';
import { priceContent } from './price.ts';

test('two prices differ by their content and not by their ids', () => {
  expect(priceContent(price())).toEqual(priceContent(price()));
  expect(priceContent(price())).not.toEqual(priceContent(price({ amount: vnd(1n) })));
});
