import { expect, test } from 'vitest';
import { day, monday } from '../../../test/facts.ts';
import { foodCitationOn, foodRulesOn } from './food-check-rules.ts';

test('the numbers of QĐ 1246/QĐ-BYT hold today', () => {
  expect(foodRulesOn(monday)).toMatchObject({
    ...{ samplesFromPortions: 30, keepSampleHours: 24, leastSolidGrams: 100, leastLiquidMillilitres: 150 },
    ...{ coldestTenths: 20, warmestTenths: 80 },
  });
});

test('a meal of a day before the first rule is judged by the first rule', () => {
  expect(foodRulesOn(day('2016-01-01'))).toEqual(foodRulesOn(monday));
});

test('every number says where it comes from', () => {
  expect(foodCitationOn('keepSampleHours', monday)).toContain('QĐ 1246/QĐ-BYT');
  for (const name of Object.keys(foodRulesOn(monday)) as (keyof ReturnType<typeof foodRulesOn>)[])
    expect(foodCitationOn(name, monday)).not.toBe('');
});
