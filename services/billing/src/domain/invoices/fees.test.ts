import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { defineFeeItem, type FeeItem, isChargedBy, isInForce, linesFor } from './fees.ts';

const day = (text: string) => text as SchoolDate;
const boarding: FeeItem = {
  id: 'boarding',
  code: 'BAN_TRU',
  name: 'Dịch vụ phục vụ, quản lý và vệ sinh bán trú',
  unitPrice: vnd(350_000n),
  unit: 'tháng',
  effectiveFrom: day('2026-09-01'),
  effectiveUntil: undefined,
  citation: 'NQ 18/2025/NQ-HĐND',
};

test('a line carries the name and the price in force on the day, and quantity times price', () => {
  const lines = linesFor([{ feeItemId: 'boarding', quantity: 3 }], [boarding], day('2026-11-21'));
  expect(lines).toEqual({
    ok: true,
    value: [
      { feeItemId: 'boarding', code: 'BAN_TRU', name: boarding.name, quantity: 3, unitPrice: vnd(350_000n), amount: vnd(1_050_000n) },
    ],
  });
});

test('a fee may be charged from its first day until the day before its last', () => {
  const ended = { ...boarding, effectiveUntil: day('2027-01-01') };
  expect(isInForce(ended, day('2026-08-31'))).toBe(false);
  expect(isInForce(ended, day('2026-09-01'))).toBe(true);
  expect(isInForce(ended, day('2026-12-31'))).toBe(true);
  expect(isInForce(ended, day('2027-01-01'))).toBe(false);
});

test('a fee that is unknown, not in force or charged twice is refused with the facts', () => {
  const on = day('2026-08-31');
  expect(linesFor([{ feeItemId: 'other', quantity: 1 }], [boarding], on)).toEqual({
    ok: false,
    refusal: { code: 'FEE_ITEM_UNKNOWN', feeItemId: 'other' },
  });
  expect(linesFor([{ feeItemId: 'boarding', quantity: 1 }], [boarding], on)).toEqual({
    ok: false,
    refusal: { code: 'FEE_ITEM_NOT_IN_FORCE', feeItemId: 'boarding', feeCode: 'BAN_TRU', day: on },
  });
  const twice = { feeItemId: 'boarding', quantity: 1 };
  expect(linesFor([twice, twice], [boarding], day('2026-11-21'))).toEqual({
    ok: false,
    refusal: { code: 'CHARGED_TWICE', feeItemId: 'boarding' },
  });
});

test('defining the same item again changes nothing, also after it was ended', () => {
  const ended = { ...boarding, effectiveUntil: day('2027-01-01') };
  expect(defineFeeItem(boarding, boarding, [boarding])).toEqual({ ok: true, value: boarding });
  expect(defineFeeItem(boarding, ended, [boarding])).toEqual({ ok: true, value: ended });
  expect(defineFeeItem(ended, boarding, [ended])).toEqual({ ok: true, value: ended });
});

test('a new price is a new item, and an item cannot end before it begins', () => {
  expect(defineFeeItem(boarding, { ...boarding, unitPrice: vnd(400_000n) }, [boarding])).toEqual({
    ok: false,
    refusal: { code: 'ID_REUSED', id: 'boarding' },
  });
  expect(defineFeeItem(undefined, { ...boarding, effectiveUntil: boarding.effectiveFrom }, [])).toMatchObject({
    refusal: { code: 'FEE_ITEM_ENDS_TOO_EARLY' },
  });
});

test('lines are told from other charges by item, quantity and order', () => {
  const lines = linesFor([{ feeItemId: 'boarding', quantity: 3 }], [boarding], day('2026-11-21'));
  if (!lines.ok) throw new Error('refused');
  expect(isChargedBy(lines.value, [{ feeItemId: 'boarding', quantity: 3 }])).toBe(true);
  expect(isChargedBy(lines.value, [{ feeItemId: 'boarding', quantity: 2 }])).toBe(false);
  expect(isChargedBy(lines.value, [])).toBe(false);
});

test('on no day may two prices of a fee hold; the other item and its days are named', () => {
  const ended = { ...boarding, effectiveUntil: day('2027-01-01') };
  const next = (effectiveFrom: string, effectiveUntil?: string) => ({
    ...boarding,
    id: 'next',
    effectiveFrom: day(effectiveFrom),
    effectiveUntil: effectiveUntil === undefined ? undefined : day(effectiveUntil),
  });
  const refusal = { code: 'FEE_OVERLAPS', feeCode: 'BAN_TRU', otherId: 'boarding' };
  expect(defineFeeItem(undefined, next('2027-01-01'), [ended])).toMatchObject({ ok: true });
  expect(defineFeeItem(undefined, next('2026-08-01', '2026-09-01'), [ended])).toMatchObject({ ok: true });
  expect(defineFeeItem(undefined, next('2026-12-31'), [ended])).toEqual({
    ok: false,
    refusal: { ...refusal, span: '2026-09-01/2027-01-01' },
  });
  expect(defineFeeItem(undefined, next('2026-08-01', '2026-09-02'), [boarding])).toEqual({
    ok: false,
    refusal: { ...refusal, span: '2026-09-01/..' },
  });
  expect(defineFeeItem(ended, { ...boarding, effectiveUntil: day('2027-01-02') }, [ended, next('2027-01-01')])).toMatchObject({
    refusal: { code: 'FEE_OVERLAPS', otherId: 'next' },
  });
});
