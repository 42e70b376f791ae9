import { type Booking, BookingStatus, CancelReason, Meal as MealMessage } from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { BookedMeal, CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import type { Money as MoneyMessage } from '@schoolbell/contracts/school/common/v1/money';
import { err, type Money, ok, parseSchoolDate, type Result, vnd } from '@schoolbell/kernel';
import type { Meal } from '../../domain/meals/meal.ts';
import type { CutReason, MealFact, PortionStatus } from '../../domain/meals/portion.ts';
import type { MealsAhead } from '../../usecases/meals/read-meals-ahead.ts';

/** An event that lacks what its contract promises is parked for a person, never guessed at. */
export type EventIncomplete = { readonly code: 'EVENT_INCOMPLETE'; readonly field: string };

/** What an event reports of a whole booking. */
export function bookingFact(booking: Booking, version: number): Result<MealFact, EventIncomplete> {
  const status = statuses.get(booking.status);
  const cutReason = status === 'CANCELLED' ? cutReasons.get(booking.cutReason) : undefined;
  return status ? mealFact(booking, { status, version, ...(cutReason ? { cutReason } : {}) }) : lacks('booking.status');
}

/** What an event reports of several meals, all of it or nothing. */
export function mealFacts(meals: readonly BookedMeal[], reported: StatusReport): Result<MealFact[], EventIncomplete> {
  const facts: MealFact[] = [];
  for (const meal of meals) {
    const fact = mealFact(meal, reported);
    if (!fact.ok) return fact;
    facts.push(fact.value);
  }
  return facts.length > 0 ? ok(facts) : lacks('meals');
}

/** Which pupils and days an event is about; days that are none are left out. */
export function mealsOf({ event }: CanteenEvent): MealsAhead[] {
  switch (event?.$case) {
    case 'mealsBooked':
    case 'mealsRepriced': {
      const { studentId, meals } = event.value;
      // What is booked moves no credit.
      return [{ studentId, dates: meals.flatMap(({ date }) => parseSchoolDate(date) ?? []), money: event.$case === 'mealsRepriced' }];
    }
    case 'mealCancelled':
    case 'mealCutLate':
    case 'mealRestored': {
      const { studentId = '', date = '' } = event.value.booking ?? {};
      return [{ studentId, dates: [parseSchoolDate(date) ?? []].flat(), money: true }];
    }
    default:
      return [];
  }
}

interface StatusReport {
  /** Undefined where only the price changed. */
  readonly status: PortionStatus | undefined;
  readonly cutReason?: CutReason;
  readonly version: number;
}

function mealFact(booked: BookedMeal, reported: StatusReport): Result<MealFact, EventIncomplete> {
  const { bookingId } = booked;
  const date = parseSchoolDate(booked.date);
  const meal = meals.get(booked.meal);
  const price = priceOf(booked.price);
  if (bookingId === '' || bookingId.length > 64) return lacks('booking_id');
  if (!date) return lacks('date');
  if (!meal) return lacks('meal');
  return price ? ok({ bookingId, date, meal, price, ...reported }) : lacks('price');
}

function priceOf(price: MoneyMessage | undefined): Money | undefined {
  return price?.currencyCode === 'VND' && price.minorUnits >= 0n ? vnd(price.minorUnits) : undefined;
}

export function lacks(field: string): Result<never, EventIncomplete> {
  return err({ code: 'EVENT_INCOMPLETE', field });
}

const statuses = new Map<BookingStatus, PortionStatus>([
  [BookingStatus.BOOKED, 'BOOKED'],
  [BookingStatus.CANCELLED, 'CANCELLED'],
  [BookingStatus.CUT_LATE, 'CUT_LATE'],
]);
const cutReasons = new Map<CancelReason, CutReason>([
  [CancelReason.ABSENT, 'ABSENT'],
  [CancelReason.GUARDIAN, 'GUARDIAN'],
  [CancelReason.OFFICE, 'OFFICE'],
  [CancelReason.LEFT, 'LEFT'],
  [CancelReason.NO_SCHOOL, 'NO_SCHOOL'],
  [CancelReason.PLAN_ENDED, 'PLAN_ENDED'],
]);
const meals = new Map<MealMessage, Meal>([
  [MealMessage.BREAKFAST, 'BREAKFAST'],
  [MealMessage.LUNCH, 'LUNCH'],
  [MealMessage.SNACK, 'SNACK'],
]);
