import { addDays, err, isPositive, type Money, minus, ok, type Result, type SchoolDate, sum } from '@schoolbell/kernel';
import { type Invoice, outstanding } from '../invoices/invoice.ts';
import { stillToCharge, type Table } from '../meals/meal-bill.ts';

/**
 * What is to be paid out to a pupil who left. WATCHED while there is nothing: a credit may still come, hours late. DUE once it was
 * known that there is something.
 */
export type Refund = RefundBase &
  (
    | { readonly status: 'WATCHED' | 'DUE'; readonly requestedAt: Date | undefined; readonly checkAt: Date }
    | PaidRefund
    | { readonly status: 'CLOSED'; readonly closedAt: Date; readonly why: 'CAME_BACK' | 'NOTHING_LEFT' }
  );
export type OpenRefund = Extract<Refund, { readonly checkAt: Date }>;
export type PaidRefund = RefundBase & {
  readonly status: 'PAID';
  readonly amount: Money;
  readonly bankReference: string;
  readonly paidAt: Date;
  readonly paidBy: string;
};
type RefundBase = {
  readonly id: string;
  readonly studentId: string;
  readonly leftOn: SchoolDate;
  readonly dueOn: SchoolDate;
  /** Version of the event by which the pupil left, and which refund of that leaving it is: what comes after one was paid is another. */
  readonly leaving: number;
  readonly part: number;
  readonly since: Date;
};

export type RefundRefused =
  | { readonly code: 'REFUND_NOT_OPEN'; readonly refundId: string }
  | { readonly code: 'REFUND_PAID_OTHERWISE'; readonly refundId: string; readonly bankReference: string }
  | { readonly code: 'NOTHING_TO_REFUND'; readonly refundId: string }
  | { readonly code: 'REFUND_AMOUNT_DIFFERS'; readonly due: Money };

interface RefundRule {
  readonly workingDays: number;
  /** Days of the week that are no working days; Sunday is 0. */
  readonly weekend: readonly number[];
  readonly effectiveFrom: SchoolDate;
  readonly citation: string;
}

// One school's own rule, taken for all until a school lays down another; what a working day is it does not say, and Monday to Friday is
// assumed. The last row whose day has come holds.
const rules: readonly RefundRule[] = [
  { workingDays: 30, weekend: [0, 6], effectiveFrom: '2020-01-01' as SchoolDate, citation: 'Quy định hoàn phí, mapleleaf.edu.vn' },
];

/**
 * Day by which a leaver's money is to be paid. Public holidays are not known here and count as working days, so the day may be a few
 * days early and is never late.
 */
export function refundDueOn(leftOn: SchoolDate): SchoolDate {
  const rule = rules.findLast(({ effectiveFrom }) => effectiveFrom <= leftOn) ?? rules[0];
  let day = leftOn;
  for (let left = rule?.workingDays ?? 0; left > 0; ) {
    day = addDays(day, 1);
    if (!rule?.weekend.includes(new Date(`${day}T00:00:00Z`).getUTCDay())) left--;
  }
  return day;
}

/** What is left for a pupil once all meals are charged and every open invoice is paid; zero or less is nothing to refund. */
export function refundable(table: Table, owed: readonly Invoice[]): Money {
  return minus(minus(table.balance, stillToCharge(table)), sum(owed.map(outstanding)));
}

/** Whether exactly this may be paid now; paid before is no refusal where it is the same payment. */
export function mayPay(refund: OpenRefund, due: Money, amount: Money): Result<void, RefundRefused> {
  if (!isPositive(due)) return err({ code: 'NOTHING_TO_REFUND', refundId: refund.id });
  return due.minorUnits === amount.minorUnits ? ok(undefined) : err({ code: 'REFUND_AMOUNT_DIFFERS', due });
}

const shortestWaitMs = 15_000;
const longestWaitMs = 86_400_000;
const watchedMs = 400 * 86_400_000;

/** When to look again whether there is money: often while the leaving is new, once a day later, and after a year no more. */
export function nextCheckAt(since: Date, now: Date): Date | undefined {
  const age = now.getTime() - since.getTime();
  return age > watchedMs ? undefined : new Date(now.getTime() + Math.min(Math.max(age, shortestWaitMs), longestWaitMs));
}
