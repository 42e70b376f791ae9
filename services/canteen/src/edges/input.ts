import { z } from 'zod';
import type { CutoffRule } from '../domain/cutoff.ts';
import type { MealPrice } from '../domain/price.ts';
import { clockTime, day, halfDayRule, id, line, meal, money, noDay, someId } from './scalars.ts';

const span = { effectiveFrom: day, effectiveUntil: noDay.or(day), citation: line(300) };

export const priceInput = z.object({
  price: z
    .object({ priceId: id, meal, price: money, ...span }, 'must be given')
    .transform(({ priceId, price: amount, ...same }): MealPrice => ({ id: priceId, amount, ...same })),
});

export const ruleInput = z.object({
  rule: z
    .object(
      {
        ruleId: id,
        meal,
        daysBefore: z.number().int().min(0, 'must be 0 to 31').max(31, 'must be 0 to 31'),
        time: clockTime,
        halfDayRule,
        ...span,
      },
      'must be given',
    )
    .transform(({ ruleId, ...same }): CutoffRule => ({ id: ruleId, ...same })),
});

const pupils = z.array(someId).min(1, 'must have at least one pupil').max(200, 'must have at most 200 pupils');
export const orderInput = z.object({
  orderId: id,
  studentIds: pupils,
  meals: z
    .array(z.object({ date: day, meal }))
    .min(1, 'must have at least one meal')
    .max(100, 'must have at most 100 meals'),
});

export const countInput = z.object({ date: noDay.or(day), meal });
