import { expect, test } from 'vitest';
import { at, day, lunch, year } from '../../../test/facts.ts';
import { checkOrder, isAfterCutoff, type Order, openFrom } from './order.ts';

const order = (facts: Partial<Order> = {}): Order => ({
  ...{ id: 'order', does: 'CANCEL', studentIds: ['an'], meals: [lunch()], note: '', reportedAt: undefined },
  ...facts,
});
const since = day('2026-09-05');
const office = { now: at('08:00'), asParent: false, openFrom: since };
const parent = { ...office, asParent: true };

test('the same order is the first answer, and its id with another content is refused', () => {
  expect(checkOrder(order(), order(), office)).toMatchObject({ ok: true });
  for (const other of [{ does: 'RESTORE' as const }, { studentIds: ['binh'] }, { note: 'khác' }, { reportedAt: at('07:00') }])
    expect(checkOrder(order(), order(other), office)).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});

test('an order is bounded and names nobody twice', () => {
  const many = Array.from({ length: 126 }, (_, index) => String(index));
  const meals = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'].map((date) => lunch(day(date)));
  expect(checkOrder(undefined, order({ studentIds: many, meals }), office)).toMatchObject({ refusal: { code: 'TOO_MANY_MEALS' } });
  expect(checkOrder(undefined, order({ studentIds: ['an', 'an'] }), office)).toMatchObject({
    refusal: { code: 'NAMED_TWICE', what: 'an' },
  });
  expect(checkOrder(undefined, order({ meals: [lunch(), lunch()] }), office)).toMatchObject({ refusal: { code: 'NAMED_TWICE' } });
});

test('only a person of the school says when it was told, and never that it will be', () => {
  const late = order({ reportedAt: at('06:40') });
  expect(checkOrder(undefined, late, office)).toMatchObject({ ok: true });
  expect(checkOrder(undefined, late, parent)).toMatchObject({ refusal: { code: 'REPORTED_BY_PARENT' } });
  expect(checkOrder(undefined, order({ reportedAt: at('08:03') }), office)).toMatchObject({ refusal: { code: 'CLOCK_AHEAD' } });
});

test('at the cut-off it is too late for a parent; the office goes on for the whole school year', () => {
  const meal = (date: string) => ({ ...lunch(day(date)), cutoffAt: at('07:30', day(date)) });
  expect(isAfterCutoff(meal('2026-11-24'), parent)).toEqual({ ok: true, value: false });
  expect(isAfterCutoff(meal('2026-11-23'), parent)).toMatchObject({ refusal: { code: 'CUTOFF_PASSED' } });
  expect(isAfterCutoff(meal('2026-11-23'), office)).toEqual({ ok: true, value: true });
  expect(isAfterCutoff(meal('2026-09-05'), office)).toEqual({ ok: true, value: true });
  expect(isAfterCutoff(meal('2026-09-04'), office)).toMatchObject({ refusal: { code: 'TOO_LONG_AGO', earliest: '2026-09-05' } });
});

test('open is the school year that began last, in summer the one gone by, and the last month in any case', () => {
  const next = year({ name: '2027-2028', firstDay: day('2027-09-05'), lastDay: day('2028-05-31') });
  const from = (date: string) => openFrom([next, year()], at('08:00', day(date)));
  expect([from('2026-11-23'), from('2027-07-10')]).toEqual(['2026-09-05', '2026-09-05']);
  expect([from('2027-09-06'), from('2027-11-06')]).toEqual(['2027-08-06', '2027-09-05']);
  expect(openFrom([], at('08:00'))).toBe('2026-10-23');
});
