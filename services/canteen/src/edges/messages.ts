import {
  Allergen,
  type CarefulPortion,
  Diet,
  HalfDayRule,
  type LateChange,
  LateChangeKind,
  Meal,
  type MealPlan as PlanMessage,
  PlanWaits,
  type MealPrice as PriceMessage,
  type PupilDiet,
  type CutoffRule as RuleMessage,
} from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { GetKitchenCountResponse } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import type { Money } from '@schoolbell/kernel';
import type { CarefulRow, LateRow } from '../domain/kitchen/kitchen-count.ts';
import type { CutoffRule } from '../domain/meals/cutoff.ts';
import type { SetDiet } from '../domain/meals/diet.ts';
import type { MealPlan } from '../domain/meals/plan.ts';
import type { MealPrice } from '../domain/meals/price.ts';
import { dishMessage } from '../events.ts';
import type { KitchenCount } from '../usecases/kitchen/get-kitchen-count.ts';
import { differenceMessage } from './kitchen-messages.ts';

export function priceMessage({ id, meal, amount, effectiveFrom, effectiveUntil, citation }: MealPrice): PriceMessage {
  return { priceId: id, meal: Meal[meal], price: moneyMessage(amount), effectiveFrom, effectiveUntil: effectiveUntil ?? '', citation };
}

export function ruleMessage({ id, meal, halfDayRule, daysBefore, time, citation, ...span }: CutoffRule): RuleMessage {
  const { effectiveFrom, effectiveUntil } = span;
  const rule = { daysBefore, time, halfDayRule: HalfDayRule[halfDayRule], citation };
  return { ruleId: id, meal: Meal[meal], ...rule, effectiveFrom, effectiveUntil: effectiveUntil ?? '' };
}

export function countMessage({ date, meal, rows, cutoffAt, lateChanges, careful, served }: KitchenCount): GetKitchenCountResponse {
  const sum = (of: 'portions' | 'told' | 'cutLate') => rows.reduce((total, row) => total + row[of], 0);
  return {
    ...{ date, meal: Meal[meal], cutoffAt, menuKnown: served.dishes !== undefined },
    dishes: served.dishes?.map(dishMessage) ?? [],
    menuDifference: differenceMessage(served.difference),
    rows: rows.map(({ told, diet, ...row }) => ({ ...row, diet: Diet[diet], toldAtCutoff: told })),
    ...{ portions: sum('portions'), toldAtCutoff: sum('told'), cutLate: sum('cutLate') },
    lateChanges: lateChanges.map(lateMessage),
    careful: careful.map(carefulMessage),
  };
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

function lateMessage({ kind, ...row }: LateRow): LateChange {
  return { ...row, kind: LateChangeKind[kind] };
}

function carefulMessage({ diet, dishes, unclear, ...pupil }: CarefulRow): CarefulPortion {
  const { kind, note, avoided } = diet;
  const told = { diet: Diet[kind], note, avoided: avoided.map((each) => Allergen[each]) };
  return { ...pupil, ...told, dishes: [...dishes], unclearDishes: [...unclear] };
}

function moneyMessage({ currency, minorUnits }: Money): { currencyCode: string; minorUnits: bigint } {
  return { currencyCode: currency, minorUnits };
}
