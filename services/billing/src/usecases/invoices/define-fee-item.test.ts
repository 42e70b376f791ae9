import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import type { FeeItem } from '../../domain/invoices/fees.ts';
import { defineFeeItem } from './define-fee-item.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});

const boarding = (facts: Partial<FeeItem> = {}): FeeItem => ({
  id: crypto.randomUUID(),
  code: 'BAN_TRU',
  name: 'Dịch vụ bán trú',
  unitPrice: vnd(350_000n),
  unit: 'tháng',
  effectiveFrom: '2026-09-01' as SchoolDate,
  effectiveUntil: undefined,
  citation: 'NQ 18/2025/NQ-HĐND',
  ...facts,
});
const define = (item: FeeItem) => billing.transact((tx) => defineFeeItem(tx, item));

test('an item is stored once, may be ended later, and stays ended when the first call is repeated', async () => {
  const item = boarding();
  const ended = { ...item, effectiveUntil: '2027-01-01' as SchoolDate };
  expect(await define(item)).toEqual({ ok: true, value: item });
  expect(await define(item)).toEqual({ ok: true, value: item });
  expect(await define(ended)).toEqual({ ok: true, value: ended });
  expect(await define(item)).toEqual({ ok: true, value: ended });
  expect(await billing.count('fee_items')).toBe(1);
});

test('the same id with another price is refused and changes nothing', async () => {
  const item = boarding();
  await define(item);
  expect(await define({ ...item, unitPrice: vnd(1n) })).toEqual({ ok: false, refusal: { code: 'ID_REUSED', id: item.id } });
  expect(await define(item)).toEqual({ ok: true, value: item });
});

test('a new price begins where the one before has ended, and is refused before that', async () => {
  const item = boarding();
  const dearer = boarding({ unitPrice: vnd(400_000n), effectiveFrom: '2027-01-01' as SchoolDate });
  await define(item);
  await define(boarding({ code: 'BAN_TRU_2' }));
  expect(await define(dearer)).toEqual({
    ok: false,
    refusal: { code: 'FEE_OVERLAPS', feeCode: 'BAN_TRU', otherId: item.id, span: '2026-09-01/..' },
  });
  await define({ ...item, effectiveUntil: '2027-01-01' as SchoolDate });
  expect(await define(dearer)).toEqual({ ok: true, value: dearer });
});

test('of twenty overlapping items that are sent at the very same time one is defined, and nineteen are told which', async () => {
  const items = Array.from({ length: 20 }, (_, day) =>
    boarding({ effectiveFrom: `2026-09-${String(day + 1).padStart(2, '0')}` as SchoolDate }),
  );
  const results = await Promise.all(items.map(define));
  const defined = results.flatMap((result) => (result.ok ? [result.value.id] : []));
  expect(defined).toHaveLength(1);
  const refusals = results.flatMap((result) => (result.ok ? [] : [result.refusal]));
  expect(refusals).toHaveLength(19);
  for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'FEE_OVERLAPS', otherId: defined[0] });
  expect(await billing.count('fee_items')).toBe(1);
});

test('an item that is ended earlier and one that begins then, at the same time, never overlap', async () => {
  const item = boarding();
  await define(item);
  const next = boarding({ effectiveFrom: '2027-01-01' as SchoolDate });
  const until = (effectiveUntil: string) => define({ ...item, effectiveUntil: effectiveUntil as SchoolDate });
  await until('2027-01-01');
  const [later, begun] = await Promise.all([until('2027-02-01'), define(next)]);
  expect([later.ok, begun.ok].filter(Boolean)).toHaveLength(1);
});
