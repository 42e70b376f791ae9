import {
  Allergen,
  Diet,
  HalfDayRule,
  Meal,
  type MealPlan as PlanMessage,
  PlanWaits,
  type MealPrice as PriceMessage,
  type PupilDiet,
  type CutoffRule as RuleMessage,
} from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { CutoffRule } from '../../domain/meals/cutoff.ts';
import type { SetDiet } from '../../domain/meals/diet.ts';
import type { MealPlan } from '../../domain/meals/plan.ts';
import type { MealPrice } from '../../domain/meals/price.ts';

export function priceMessage({ id, meal, amount, effectiveFrom, effectiveUntil, citation }: MealPrice): PriceMessage {
  const price = { currencyCode: amount.currency, minorUnits: amount.minorUnits };
  return { priceId: id, meal: Meal[meal], price, effectiveFrom, effectiveUntil: effectiveUntil ?? '', citation };
}

export function ruleMessage({ id, meal, halfDayRule, daysBefore, time, citation, ...span }: CutoffRule): RuleMessage {
  const { effectiveFrom, effectiveUntil } = span;
  const rule = { daysBefore, time, halfDayRule: HalfDayRule[halfDayRule], citation };
  return { ruleId: id, meal: Meal[meal], ...rule, effectiveFrom, effectiveUntil: effectiveUntil ?? '' };
}

export function dietMessage({ id, studentId, diet, since }: Omit<SetDiet, 'order'>): PupilDiet {
  const { kind, note, avoided } = diet;
  return { dietId: id, studentId, diet: Diet[kind], note, avoided: avoided.map((each) => Allergen[each]), since };
}

export function planMessage({ id, studentId, week, firstDay, lastDay, laidUntil, waitsFor }: MealPlan): PlanMessage {
  return {
    ...{ planId: id, studentId, firstDay, lastDay: lastDay ?? '', laidUntil: laidUntil ?? '' },
    week: week.map(({ weekday, meals }) => ({ weekday, meals: meals.map((meal) => Meal[meal]) })),
    waitsFor: waitsFor === undefined ? PlanWaits.UNSPECIFIED : PlanWaits[waitsFor],
  };
}
