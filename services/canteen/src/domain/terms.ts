import { err, type Money, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import { type Defined, inForce } from './dated.ts';
import { type NoSchool, type SchoolYear, sessionsOn } from './meals/calendar.ts';
import { type CutoffRule, cutoffAt, type HalfDayRule } from './meals/cutoff.ts';
import type { Meal, MealOfDay, Session } from './meals/meal.ts';
import type { MealPrice } from './meals/price.ts';

/** What a school has defined about its meals. */
export type DefinedTerms = {
  readonly years: readonly SchoolYear[];
  readonly prices: readonly Defined<MealPrice>[];
  readonly rules: readonly Defined<CutoffRule>[];
};

/** On what terms a meal of a day is booked. */
export type Terms = {
  readonly sessions: readonly Session[];
  readonly price: Money;
  readonly cutoffAt: Date;
  readonly halfDayRule: HalfDayRule;
};

export type NoTerms =
  | NoSchool
  | { readonly code: 'PRICE_MISSING'; readonly date: SchoolDate; readonly meal: Meal }
  | { readonly code: 'CUTOFF_RULE_MISSING'; readonly date: SchoolDate; readonly meal: Meal };

export function termsOf({ years, prices, rules }: DefinedTerms, { date, meal }: MealOfDay): Result<Terms, NoTerms> {
  const sessions = sessionsOn(years, date);
  if (!sessions.ok) return sessions;
  const price = inForce(prices, { date, meal });
  if (!price) return err({ code: 'PRICE_MISSING', date, meal });
  const rule = inForce(rules, { date, meal });
  if (!rule) return err({ code: 'CUTOFF_RULE_MISSING', date, meal });
  return ok({ sessions: sessions.value, price: price.amount, cutoffAt: cutoffAt(rule, date), halfDayRule: rule.halfDayRule });
}
