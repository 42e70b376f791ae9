import type { Money, SchoolDate } from '@schoolbell/kernel';
import type { HalfDay, Mark } from '../absences/mark.ts';

/** What a guardian may be told: one fact, complete enough to be written down without asking anybody. */
export type Fact = MoneyFact | MealFact | RefundFact | DayFact;
export type MoneyFact = InvoicePaid | PaymentReceived | AccountCredited;
export type MealFact = MealCredited | MealCutLate | MealCutLateEnded;
export type RefundFact = RefundRequested | RefundPaid;
/** How a pupil stands in a half-day, and that this was wrong. */
export type DayFact = Absent | Late | MarkRetracted;

export type InvoicePaid = Bill & {
  readonly kind: 'INVOICE_PAID';
  readonly className: string;
  /** Total paid, equal to the invoice total. */
  readonly paid: Money;
  readonly payment: Payment;
};

/** Part of an invoice was paid. */
export type PaymentReceived = Bill & {
  readonly kind: 'PAYMENT_RECEIVED';
  readonly received: Money;
  /** Still owed afterwards; more than zero. */
  readonly outstanding: Money;
  readonly payment: Payment;
};

export type AccountCredited = Bill & {
  readonly kind: 'ACCOUNT_CREDITED';
  readonly amount: Money;
  readonly reason: CreditReason;
};

export type CreditReason = 'OVERPAID' | 'PAID_TWICE' | 'INVOICE_VOID' | 'OTHER';

type Bill = Named & { readonly invoiceId: string; readonly invoiceTitle: string };
type Named = { readonly studentName: string };

export type Payment = {
  /** When the payer paid, as the gateway says; absent where it did not say. */
  readonly paidAt?: Date;
  /** "vnpay" */
  readonly gateway: string;
  /** The gateway's own number of the transaction. */
  readonly transaction: string;
};

/** Meals that were cut in time are credited, or that credit is taken back because they are on again. */
export type MealCredited = Named & {
  readonly kind: 'MEAL_CREDITED' | 'MEAL_CREDIT_REVERSED';
  readonly meals: Some<CreditedMeal>;
  /** What the pupil has with the school after it; below zero where the next bill asks for it. */
  readonly balance: Money;
};

/** The pupil does not eat, but the school was told at the cut-off or later, so that the portions are paid for. */
export type MealCutLate = Named & { readonly kind: 'MEAL_CUT_LATE'; readonly meals: Some<LateMeal> };

/** That a meal was cut too late holds no more. */
export type MealCutLateEnded = Named & { readonly kind: 'MEAL_CUT_LATE_ENDED'; readonly meals: Some<EndedMeal> };

/** One letter may tell of several: those of a week's leave, or of one morning. */
export type Some<T> = readonly [T, ...T[]];
export type MealOfDay = { readonly date: SchoolDate; readonly meal: Meal };
export type Meal = 'BREAKFAST' | 'LUNCH' | 'SNACK' | 'OTHER';

export type CreditedMeal = MealOfDay & {
  /** More than zero, both ways. */
  readonly amount: Money;
  /** Why it is or was cut. */
  readonly reason: CutReason;
};

export type LateMeal = MealOfDay & {
  readonly price: Money;
  readonly reason: CutReason;
  readonly cutoffAt: Date;
  /** When the school was told. */
  readonly reportedAt: Date;
};

/** `stands`: the pupil eats it after all, or it was cut in time after all. */
export type EndedMeal = MealOfDay & { readonly price: Money; readonly stands: 'BOOKED' | 'CANCELLED' };

export type CutReason = 'ABSENT' | 'GUARDIAN' | 'OFFICE' | 'LEFT' | 'NO_SCHOOL' | 'PLAN_ENDED' | 'OTHER';

/** A pupil who left has money with the school. */
export type RefundRequested = Named & {
  readonly kind: 'REFUND_REQUESTED';
  readonly amount: Money;
  readonly leftOn: SchoolDate;
  /** Day by which it is to be paid. */
  readonly dueOn: SchoolDate;
};

export type RefundPaid = Named & { readonly kind: 'REFUND_PAID'; readonly amount: Money; readonly bankReference: string };

type OfDay = Named & { readonly className: string; readonly date: SchoolDate; readonly session: HalfDay['session'] };

export type Absent = OfDay & {
  readonly kind: 'ABSENT';
  readonly withLeave: boolean;
  /** When the school was told, and by what. */
  readonly reportedAt: Date;
  readonly source: Mark['source'];
};

export type Late = OfDay & { readonly kind: 'LATE'; readonly reportedAt: Date };

/** What was told of a half-day does not hold. */
export type MarkRetracted = OfDay & {
  readonly kind: 'MARK_RETRACTED';
  readonly said: 'ABSENT' | 'LATE';
  readonly stands: Mark['kind'];
  /** When the school was told what stands now. */
  readonly reportedAt: Date;
};

/** Whether it says where a child is: old news of that is no news. */
export function isOfTheDay(kind: Fact['kind']): boolean {
  return kind === 'ABSENT' || kind === 'LATE' || kind === 'MARK_RETRACTED';
}

export function invoiceIdOf(fact: Fact): string {
  return 'invoiceId' in fact ? fact.invoiceId : '';
}

/** A lane has its own claims and its own connections, so that what a parent must hear now never waits behind a collection round. */
export type Lane = 'URGENT' | 'BULK';

/** Urgent is what says where a child is, and what became of a meal of today because somebody said something today. */
export function laneOf(fact: Fact, today: SchoolDate): Lane {
  const urgent = 'meals' in fact ? fact.meals.some((meal) => meal.date === today && isAct(meal)) : isOfTheDay(fact.kind);
  return urgent ? 'URGENT' : 'BULK';
}

function isAct(meal: CreditedMeal | LateMeal | EndedMeal): boolean {
  return !('reason' in meal) || meal.reason === 'ABSENT' || meal.reason === 'GUARDIAN' || meal.reason === 'OFFICE';
}
