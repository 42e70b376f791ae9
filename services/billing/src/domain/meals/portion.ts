import { isPositive, isZero, lessThan, type Money, minus, plus, type SchoolDate, sum, zero } from '@schoolbell/kernel';
import type { Meal, Month } from './meal.ts';

/** A meal portion: one booked meal of one pupil, its status as canteen reports it, and what billing has booked for it. */
export type Portion = {
  readonly bookingId: string;
  readonly date: SchoolDate;
  readonly meal: Meal;
  /** In force for that day; `pricedBy` is the version of the event that set it. */
  readonly price: Money;
  readonly pricedBy: number;
  readonly status: PortionStatus;
  /** Why it was cut in time, where canteen gave a reason. */
  readonly cutReason?: CutReason;
  /** Version of the event that set the status; 0 where none has yet. */
  readonly standsBy: number;
  /** What invoices that are not void charge for it. */
  readonly charges: readonly PortionCharge[];
  /** On the pupil's credit account for it, public support apart. */
  readonly credited: Money;
  /** Public money on the pupil's credit account for it. */
  readonly supported: PortionSupport | undefined;
  /** Ledger entries about it so far, invoices apart; the next one has this number. */
  readonly entries: number;
};

/** CUT_LATE: not eaten, but cooked, so it is paid for like one that was. */
export type PortionStatus = 'BOOKED' | 'CANCELLED' | 'CUT_LATE';
/** As canteen names it. */
export type CutReason = 'ABSENT' | 'GUARDIAN' | 'OFFICE' | 'LEFT' | 'NO_SCHOOL' | 'PLAN_ENDED';
export type PortionCharge = { readonly invoiceId: string; readonly amount: Money };
export type PortionSupport = { readonly amount: Money; readonly source: string };

/** All portions of one pupil in one month. */
export type MealMonth = {
  readonly studentId: string;
  readonly month: Month;
  readonly portions: readonly Portion[];
  /** A lunch of a day that is over has changed, so its public support must be computed again. */
  readonly recheck: boolean;
};

/** What an event of canteen reports of a booking. One about the price only has no status. */
export type MealFact = {
  readonly bookingId: string;
  readonly date: SchoolDate;
  readonly meal: Meal;
  readonly price: Money;
  readonly status: PortionStatus | undefined;
  /** Only of one that was cut in time. */
  readonly cutReason?: CutReason;
  readonly version: number;
};

/**
 * The portion with what `fact` adds: the newest price and the newest status hold, each for itself, so that any order and any
 * repetition end alike. The very same portion where the fact brings nothing new.
 */
export function withFact(portion: Portion | undefined, fact: MealFact): Portion {
  const { bookingId, date, meal, price, status, cutReason, version } = fact;
  const before = portion ?? { bookingId, date, meal, price, pricedBy: 0, status: 'BOOKED', standsBy: 0, ...untouched };
  const isNewPrice = version > before.pricedBy;
  const isNewStatus = status !== undefined && version > before.standsBy;
  if (!isNewPrice && !isNewStatus) return before;
  const { cutReason: reasonBefore, ...rest } = before;
  const why = isNewStatus ? cutReason : reasonBefore;
  return {
    ...rest,
    ...(isNewPrice ? { price, pricedBy: version } : {}),
    ...(isNewStatus ? { status, standsBy: version } : {}),
    ...(why ? { cutReason: why } : {}),
  };
}

const untouched = { charges: [], credited: zero, supported: undefined, entries: 0 } as const;

export function chargedFor({ charges }: Portion): Money {
  return sum(charges.map(({ amount }) => amount));
}

/** What the next bill has to ask for: an invoice never gets smaller, so a price that fell is credited instead. */
export function toCharge(portion: Portion): Money {
  return above(portion.price, chargedFor(portion));
}

/** Credited for it without having been charged yet: money that its own bill will need. */
export function reserved(portion: Portion): Money {
  return above(portion.credited, chargedFor(portion));
}

/** What must be on the credit account: the price of a portion that was cut in time, and what was charged above the price in force. */
export function creditDue(portion: Portion): Money {
  return plus(portion.status === 'CANCELLED' ? portion.price : zero, above(chargedFor(portion), portion.price));
}

/** Money that goes on a pupil's credit account for a meal, or comes off it where the amount is negative. */
export type CreditChange = {
  readonly bookingId: string;
  readonly date: SchoolDate;
  readonly meal: Meal;
  readonly amount: Money;
  readonly reason: CreditChangeReason;
  /** Why the meal is or was cut, where that is what moved the money. */
  readonly cutReason?: CutReason;
  /** Where the money is from: families who share the meal's cost, or public money of this source. */
  readonly source: string | undefined;
  /** Which entry about the portion this is. */
  readonly entry: number;
};

export type CreditChangeReason = 'MEAL_CANCELLED' | 'MEAL_REPRICED' | 'LUNCH_SUPPORT';
export type Settled = { readonly portion: Portion; readonly changes: readonly CreditChange[] };

/** Brings the credit of a portion to what is due, by the difference; `before` is the portion before whatever changed it. */
export function settleCredit(portion: Portion, before: Portion | undefined): Settled {
  const due = creditDue(portion);
  const amount = minus(due, portion.credited);
  if (isZero(amount)) return { portion, changes: [] };
  const { bookingId, date, meal, entries: entry } = portion;
  const cutOrRestored = (before?.status === 'CANCELLED') !== (portion.status === 'CANCELLED');
  const reason: CreditChangeReason = cutOrRestored ? 'MEAL_CANCELLED' : 'MEAL_REPRICED';
  const cutReason = cutOrRestored ? (portion.cutReason ?? before?.cutReason) : undefined;
  const change: CreditChange = {
    ...{ bookingId, date, meal, amount, reason, source: undefined, entry },
    ...(cutReason ? { cutReason } : {}),
  };
  return { portion: { ...portion, credited: due, entries: entry + 1 }, changes: [change] };
}

function above(amount: Money, floor: Money): Money {
  return lessThan(floor, amount) ? minus(amount, floor) : zero;
}

/** True where the next bill has something to ask for it. */
export function isDue(portion: Portion): boolean {
  return isPositive(toCharge(portion));
}
