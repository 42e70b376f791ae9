import { isPositive, lessThan, type Money, minus, type SchoolDate, sum, times, zero } from '@schoolbell/kernel';
import type { InvoiceLine } from '../invoices/fees.ts';
import { applyCredit, carriedOver, type Invoice, issue, type OpenInvoice } from '../invoices/invoice.ts';
import { type Month, mealNames, monthText } from './meal.ts';
import { isDue, type MealMonth, type Portion, reserved, toCharge } from './portion.ts';

/** A pupil's meals, money, and which of the meals the bill is about. */
export type Table = {
  readonly months: readonly MealMonth[];
  /** What is on the credit account; below zero the pupil owes it. */
  readonly balance: Money;
  /** Last month on the bill; undefined for all of them. */
  readonly until: Month | undefined;
  /** Set for a pupil who left: a meal still booked for a day to come will be cut, so it is not asked for. */
  readonly left: { readonly on: SchoolDate; readonly today: SchoolDate } | undefined;
};

export type MealBill = {
  readonly invoice: Invoice;
  /** Months that changed, with what the invoice charges for their portions. */
  readonly months: readonly MealMonth[];
};

type Draft = Omit<Parameters<typeof issue>[0], 'lines' | 'purpose'>;

/**
 * One invoice for all that is still to be charged; undefined where that is nothing. The pupil's credit pays for it at once, but for what
 * was credited for meals that a later bill will charge. A credit account below zero becomes a line.
 */
export function billMeals(draft: Draft, table: Table): MealBill | undefined {
  const onBill = (portion: Portion, month: Month) => isOnBill(portion, month, table);
  const lines = linesOf(table, onBill);
  const free = freeCredit(table, onBill);
  const owed = lessThan(free, zero) ? minus(zero, free) : zero;
  if (isPositive(owed)) lines.push(lineOf({ code: carriedOver, name: 'Kỳ trước chuyển sang', unitPrice: owed }, 1));
  if (lines.length === 0) return undefined;
  const invoice: OpenInvoice = issue({ ...draft, purpose: 'MEALS', lines });
  const months = table.months.flatMap((month) => chargedOn(invoice.id, month, onBill) ?? []);
  return { invoice: applyCredit(invoice, free, draft.issuedAt), months };
}

/** What is still to be charged for meals that are on the bill of a pupil who left: all the pupil ate, and all that was credited. */
export function stillToCharge(table: Table): Money {
  return sum(table.months.flatMap(({ month, portions }) => portions.filter((each) => isOnBill(each, month, table)).map(toCharge)));
}

type OnBill = (portion: Portion, month: Month) => boolean;

function isOnBill(portion: Portion, month: Month, { until, left }: Table): boolean {
  if (!isDue(portion) || (until !== undefined && month > until)) return false;
  return left === undefined || portion.status !== 'BOOKED' || portion.date <= left.on || portion.date < left.today;
}

function freeCredit({ months, balance }: Table, onBill: OnBill): Money {
  const kept = months.flatMap(({ month, portions }) => portions.filter((each) => !onBill(each, month)).map(reserved));
  return minus(balance, sum(kept));
}

/** The month with the invoice's charges; undefined where none of it is on the bill. */
function chargedOn(invoiceId: string, month: MealMonth, onBill: OnBill): MealMonth | undefined {
  if (!month.portions.some((portion) => onBill(portion, month.month))) return undefined;
  const portions = month.portions.map((portion) =>
    onBill(portion, month.month) ? { ...portion, charges: [...portion.charges, { invoiceId, amount: toCharge(portion) }] } : portion,
  );
  return { ...month, portions };
}

/** Portions of one month, meal and price are one line: that many times the price, or times what the price rose by since they were charged. */
function linesOf({ months, until }: Table, onBill: OnBill): InvoiceLine[] {
  const inOrder = [...months].sort((a, b) => (a.month < b.month ? -1 : 1));
  return inOrder.flatMap(({ month, portions }) => {
    const due = portions.filter((portion) => onBill(portion, month));
    const groups = Map.groupBy(due, (portion) => [portion.meal, portion.charges.length > 0, toCharge(portion).minorUnits].join(' '));
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const name = nameOf(first, month, until);
      return [lineOf({ code: first.meal, name, unitPrice: toCharge(first) }, group.length)];
    });
  });
}

function nameOf({ meal, charges }: Portion, month: Month, until: Month | undefined): string {
  const what = `${mealNames[meal]} tháng ${monthText(month)}`;
  if (charges.length > 0) return `Chênh lệch giá tiền ăn ${what}`;
  return until !== undefined && month < until ? `Tiền ăn ${what} (kỳ trước chưa thu)` : `Tiền ăn ${what}`;
}

function lineOf(what: Pick<InvoiceLine, 'code' | 'name' | 'unitPrice'>, quantity: number): InvoiceLine {
  return { feeItemId: '', ...what, quantity, amount: times(what.unitPrice, quantity) };
}

/** The month without what a voided invoice charged; undefined where the invoice charged none of it. */
export function withoutInvoice(month: MealMonth, invoiceId: string): MealMonth | undefined {
  const isCharged = ({ charges }: Portion) => charges.some((charge) => charge.invoiceId === invoiceId);
  if (!month.portions.some(isCharged)) return undefined;
  const portions = month.portions.map((portion) =>
    isCharged(portion) ? { ...portion, charges: portion.charges.filter((charge) => charge.invoiceId !== invoiceId) } : portion,
  );
  return { ...month, portions };
}
