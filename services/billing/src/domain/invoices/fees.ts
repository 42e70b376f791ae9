import { equal, err, type Money, ok, type Result, type SchoolDate, times } from '@schoolbell/kernel';

/** Something a school may charge for, at a price that holds from `effectiveFrom` until the day before `effectiveUntil`. */
export type FeeItem = {
  readonly id: string;
  /** Also the ledger's revenue account: "BAN_TRU". */
  readonly code: string;
  readonly name: string;
  readonly unitPrice: Money;
  readonly unit: string;
  readonly effectiveFrom: SchoolDate;
  readonly effectiveUntil: SchoolDate | undefined;
  /** Where the right to charge it comes from. */
  readonly citation: string;
};

export type Charge = { readonly feeItemId: string; readonly quantity: number };

/** One line of an invoice, with name and price as they were on the day of issue. */
export type InvoiceLine = {
  readonly feeItemId: string;
  readonly code: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly amount: Money;
};

export type FeeItemRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'FEE_ITEM_ENDS_TOO_EARLY'; readonly effectiveFrom: SchoolDate }
  /** `span` of the other item as ISO 8601 writes it: "2026-09-01/2027-01-01", its last day not included, or "2026-09-01/..". */
  | { readonly code: 'FEE_OVERLAPS'; readonly feeCode: string; readonly otherId: string; readonly span: string };

export type ChargeRefused =
  | { readonly code: 'FEE_ITEM_UNKNOWN'; readonly feeItemId: string }
  | { readonly code: 'FEE_ITEM_NOT_IN_FORCE'; readonly feeItemId: string; readonly feeCode: string; readonly day: SchoolDate }
  | { readonly code: 'CHARGED_TWICE'; readonly feeItemId: string };

/**
 * The item as it is after `wanted` was asked for: new, the same, or the same with another last day. A new price is a new item, and
 * begins when the one before has ended: `sameCode` are the items of the fee, and on no day may two of them hold.
 */
export function defineFeeItem(
  earlier: FeeItem | undefined,
  wanted: FeeItem,
  sameCode: readonly FeeItem[],
): Result<FeeItem, FeeItemRefused> {
  if (wanted.effectiveUntil !== undefined && wanted.effectiveUntil <= wanted.effectiveFrom) {
    return err({ code: 'FEE_ITEM_ENDS_TOO_EARLY', effectiveFrom: wanted.effectiveFrom });
  }
  if (earlier && !sameButForTheEnd(earlier, wanted)) return err({ code: 'ID_REUSED', id: wanted.id });
  // A late repeat of the first call, which knew no end, must not open an item again that has been ended since.
  if (earlier && (wanted.effectiveUntil === undefined || wanted.effectiveUntil === earlier.effectiveUntil)) return ok(earlier);
  const other = sameCode.find((item) => item.id !== wanted.id && overlap(item, wanted));
  if (other) return err({ code: 'FEE_OVERLAPS', feeCode: other.code, otherId: other.id, span: spanOf(other) });
  return ok(wanted);
}

function overlap(a: FeeItem, b: FeeItem): boolean {
  return beginsBeforeEndOf(a, b) && beginsBeforeEndOf(b, a);
}

function beginsBeforeEndOf({ effectiveFrom }: FeeItem, { effectiveUntil }: FeeItem): boolean {
  return effectiveUntil === undefined || effectiveFrom < effectiveUntil;
}

function spanOf({ effectiveFrom, effectiveUntil }: FeeItem): string {
  return `${effectiveFrom}/${effectiveUntil ?? '..'}`;
}

function sameButForTheEnd(a: FeeItem, b: FeeItem): boolean {
  return (
    a.code === b.code &&
    a.name === b.name &&
    equal(a.unitPrice, b.unitPrice) &&
    a.unit === b.unit &&
    a.effectiveFrom === b.effectiveFrom &&
    a.citation === b.citation
  );
}

/** Lines for what is charged, at the prices in force on `day`. */
export function linesFor(charges: readonly Charge[], items: readonly FeeItem[], day: SchoolDate): Result<InvoiceLine[], ChargeRefused> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const lines: InvoiceLine[] = [];
  for (const { feeItemId, quantity } of charges) {
    const item = byId.get(feeItemId);
    if (!item) return err({ code: 'FEE_ITEM_UNKNOWN', feeItemId });
    if (!isInForce(item, day)) return err({ code: 'FEE_ITEM_NOT_IN_FORCE', feeItemId, feeCode: item.code, day });
    if (lines.some((line) => line.feeItemId === feeItemId)) return err({ code: 'CHARGED_TWICE', feeItemId });
    const { code, name, unitPrice } = item;
    lines.push({ feeItemId, code, name, quantity, unitPrice, amount: times(unitPrice, quantity) });
  }
  return ok(lines);
}

export function isInForce(item: FeeItem, day: SchoolDate): boolean {
  return item.effectiveFrom <= day && (item.effectiveUntil === undefined || day < item.effectiveUntil);
}

/** True when the lines came from exactly these charges. */
export function isChargedBy(lines: readonly InvoiceLine[], charges: readonly Charge[]): boolean {
  return (
    lines.length === charges.length &&
    lines.every((line, index) => line.feeItemId === charges[index]?.feeItemId && line.quantity === charges[index]?.quantity)
  );
}
