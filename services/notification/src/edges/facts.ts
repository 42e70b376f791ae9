import {
  type AccountCredited,
  CreditReason,
  type CreditReversed,
  type InvoicePaid,
  type MealReference,
  type PaymentReceived,
  type RefundPaid,
  type RefundRequested,
} from '@schoolbell/contracts/school/billing/v1/billing_events';
import { type Booking, CancelReason, Meal as WireMeal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { MealCutLate } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import type { Money as WireMoney } from '@schoolbell/contracts/school/common/v1/money';
import { type Money, ok, parseSchoolDate, vnd } from '@schoolbell/kernel';
import type { CutReason, EndedMeal, Fact, Meal, MealFact, MealOfDay, Payment, CreditReason as Reason } from '../domain/alerts/fact.ts';
import { lacks, type Read } from './incomplete.ts';

export function paidFact({ invoiceId, studentId, paid, studentName, className, title, ...payment }: InvoicePaid): Read<Fact> {
  const amount = moneyFrom(paid);
  if (!studentId) return lacks('student_id');
  if (!amount) return lacks('paid');
  return ok({ kind: 'INVOICE_PAID', invoiceId, invoiceTitle: title, studentName, className, paid: amount, payment: paymentFrom(payment) });
}

export function partPaymentFact({ invoiceId, studentId, studentName, invoiceTitle, ...payment }: PaymentReceived): Read<Fact> {
  const received = moneyFrom(payment.received);
  const outstanding = moneyFrom(payment.outstanding);
  if (!studentId) return lacks('student_id');
  if (!received) return lacks('received');
  if (!outstanding) return lacks('outstanding');
  return ok({ kind: 'PAYMENT_RECEIVED', invoiceId, invoiceTitle, studentName, received, outstanding, payment: paymentFrom(payment) });
}

/** undefined of what is not told singly. */
export function creditFact(credited: AccountCredited): Read<Fact | undefined> {
  const { studentId, studentName, reason, invoiceId, invoiceTitle } = credited;
  if (reason === CreditReason.MEAL_CANCELLED) return mealCreditFact('MEAL_CREDITED', credited);
  // One message for each day eaten, or for each meal of a month whose price changed, would teach guardians to read none.
  if (reason === CreditReason.LUNCH_SUPPORT || reason === CreditReason.MEAL_REPRICED) return ok(undefined);
  const amount = moneyFrom(credited.amount);
  if (!studentId) return lacks('student_id');
  if (!amount) return lacks('amount');
  return ok({ kind: 'ACCOUNT_CREDITED', invoiceId, invoiceTitle, studentName, amount, reason: reasons.get(reason) ?? 'OTHER' });
}

const reasons = new Map<CreditReason, Reason>([
  [CreditReason.OVERPAID, 'OVERPAID'],
  [CreditReason.PAID_TWICE, 'PAID_TWICE'],
  [CreditReason.INVOICE_VOID, 'INVOICE_VOID'],
]);

/** undefined of what was not told when it was credited. */
export function reversalFact(reversed: CreditReversed): Read<Fact | undefined> {
  return reversed.reason === CreditReason.MEAL_CANCELLED ? mealCreditFact('MEAL_CREDIT_REVERSED', reversed) : ok(undefined);
}

export function isMealMoney({ reason }: Pick<AccountCredited, 'reason'>): boolean {
  return reason === CreditReason.MEAL_CANCELLED;
}

type MealCredit = Pick<AccountCredited, 'studentId' | 'studentName' | 'amount' | 'meal' | 'balance'>;

function mealCreditFact(
  kind: 'MEAL_CREDITED' | 'MEAL_CREDIT_REVERSED',
  { studentId, studentName, meal, ...money }: MealCredit,
): Read<MealFact | undefined> {
  const amount = moneyFrom(money.amount);
  const balance = moneyFrom(money.balance);
  const date = parseSchoolDate(meal?.date ?? '');
  if (!studentId) return lacks('student_id');
  if (!amount) return lacks('amount');
  if (!balance) return lacks('balance');
  if (!meal || !date) return lacks('meal.date');
  const reason = reasonOf(meal);
  // Who leaves hears of the sum, when it is to be paid back.
  if (reason === 'LEFT') return ok(undefined);
  return ok({ kind, studentName, meals: [{ date, meal: mealOf(meal), amount, reason }], balance });
}

function mealOf({ meal }: MealReference): Meal {
  return meals.find((known) => known === meal) ?? 'OTHER';
}

function reasonOf({ cutReason }: MealReference): CutReason {
  return [...cutReasons.values()].find((known) => known === cutReason) ?? 'OTHER';
}

const meals: readonly Meal[] = ['BREAKFAST', 'LUNCH', 'SNACK'];

export function refundRequestedFact({ studentId, studentName, ...refund }: RefundRequested): Read<Fact> {
  const amount = moneyFrom(refund.amount);
  const [leftOn, dueOn] = [parseSchoolDate(refund.leftOn), parseSchoolDate(refund.dueOn)];
  if (!studentId) return lacks('student_id');
  if (!amount) return lacks('amount');
  if (!leftOn) return lacks('left_on');
  if (!dueOn) return lacks('due_on');
  return ok({ kind: 'REFUND_REQUESTED', studentName, amount, leftOn, dueOn });
}

export function refundPaidFact({ studentId, studentName, bankReference, ...refund }: RefundPaid): Read<Fact> {
  const amount = moneyFrom(refund.amount);
  if (!studentId) return lacks('student_id');
  if (!amount) return lacks('amount');
  return ok({ kind: 'REFUND_PAID', studentName, amount, bankReference });
}

const cutReasons = new Map<CancelReason, CutReason>([
  [CancelReason.ABSENT, 'ABSENT'],
  [CancelReason.GUARDIAN, 'GUARDIAN'],
  [CancelReason.OFFICE, 'OFFICE'],
  [CancelReason.LEFT, 'LEFT'],
  [CancelReason.NO_SCHOOL, 'NO_SCHOOL'],
  [CancelReason.PLAN_ENDED, 'PLAN_ENDED'],
]);
const bookedMeals = new Map<WireMeal, Meal>([
  [WireMeal.BREAKFAST, 'BREAKFAST'],
  [WireMeal.LUNCH, 'LUNCH'],
  [WireMeal.SNACK, 'SNACK'],
]);

/** undefined of what is not told singly. */
export function cutLateFact({ booking, reason, reportedAt }: MealCutLate): Read<MealFact | undefined> {
  if (!booking?.studentId) return lacks('booking');
  const { studentName, cutoffAt } = booking;
  const date = parseSchoolDate(booking.date);
  const price = moneyFrom(booking.price);
  if (!date) return lacks('booking.date');
  if (!price) return lacks('booking.price');
  if (!cutoffAt) return lacks('booking.cutoff_at');
  if (!reportedAt) return lacks('reported_at');
  if (reason === CancelReason.LEFT) return ok(undefined);
  const meal = bookedMeals.get(booking.meal) ?? 'OTHER';
  const late = { date, meal, price, reason: cutReasons.get(reason) ?? 'OTHER', cutoffAt, reportedAt };
  return ok({ kind: 'MEAL_CUT_LATE', studentName, meals: [late] });
}

/** That a meal was cut too late holds no more: it is on again, or was cut in time after all. */
export function lateCutEndedFact(booking: Booking | undefined, stands: EndedMeal['stands']): Read<MealFact> {
  if (!booking?.studentId) return lacks('booking');
  const date = parseSchoolDate(booking.date);
  const price = moneyFrom(booking.price);
  if (!date) return lacks('booking.date');
  if (!price) return lacks('booking.price');
  const { studentName } = booking;
  return ok({ kind: 'MEAL_CUT_LATE_ENDED', studentName, meals: [{ date, meal: bookedMeals.get(booking.meal) ?? 'OTHER', price, stands }] });
}

/** undefined where it names no day. */
export function mealOfBooking({ date, meal }: Booking): MealOfDay | undefined {
  const day = parseSchoolDate(date);
  return day && { date: day, meal: bookedMeals.get(meal) ?? 'OTHER' };
}

function paymentFrom({
  paidAt,
  gateway,
  gatewayTransaction,
}: {
  paidAt: Date | undefined;
  gateway: string;
  gatewayTransaction: string;
}): Payment {
  const payment = { gateway, transaction: gatewayTransaction };
  return paidAt === undefined ? payment : { ...payment, paidAt };
}

function moneyFrom(money: WireMoney | undefined): Money | undefined {
  return money?.currencyCode === 'VND' ? vnd(money.minorUnits) : undefined;
}
