import { Allergen, Diet, HalfDayRule, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { err, isUuid, ok, parseSchoolDate, type Result, type SchoolDate, vnd } from '@schoolbell/kernel';
import { z } from 'zod';
import type { HalfDayRule as Rule } from '../domain/meals/cutoff.ts';
import { type Allergen as AllergenName, allergens, type DietKind } from '../domain/meals/diet.ts';
import type { Meal as MealName } from '../domain/meals/meal.ts';

/** The first field that is not what the contract says. */
export type InputRefused = { readonly code: 'INPUT_INVALID'; readonly field: string; readonly problem: string };

/** Reads a request by its schema. Only scalars of the contract get through, so nothing in it can become a query operator. */
export function read<S extends z.ZodType>(schema: S, request: unknown): Result<z.output<S>, InputRefused> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err({ code: 'INPUT_INVALID', field: issue?.path.map(toSnake).join('.') ?? '', problem: issue?.message ?? '' });
}

// Callers know the contract's names: "studentIds" is student_ids there.
function toSnake(part: PropertyKey): string {
  return String(part).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export const id = z.string().refine(isUuid, { error: 'must be a UUID in lower case' });
export const someId = z.string().min(1, 'must not be empty').max(100, 'must be at most 100 characters');
const noControls = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}]*$/u;
export const line = (longest: number, least = 1) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(least, 'must not be empty')
        .max(longest, `must be at most ${longest} characters`)
        .regex(noControls, 'must be one line of plain text'),
    );
export const day = z.string().transform((text, context): SchoolDate => {
  const parsed = parseSchoolDate(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: 'must be a day like 2026-11-30' });
  return z.NEVER;
});
export const noDay = z.literal('').transform(() => undefined);
export const time = z.date('must be a time').optional();
export const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day like 06:00');
export const money = z
  .object({ currencyCode: z.literal('VND', 'must be VND'), minorUnits: z.bigint() }, 'must be given')
  .transform(({ minorUnits }, context) => {
    if (minorUnits >= 0n && minorUnits <= 10_000_000n) return vnd(minorUnits);
    context.addIssue({ code: 'custom', message: 'must be 0 to 10000000 đồng', path: ['minorUnits'] });
    return z.NEVER;
  });

/** A value of an enum of the contract by its number. */
export const oneOf = <N extends string>(names: ReadonlyMap<number, N>, wrong: string) =>
  z.number().transform((value, context): N => {
    const known = names.get(value);
    if (known) return known;
    context.addIssue({ code: 'custom', message: wrong });
    return z.NEVER;
  });

const meals = new Map<number, MealName>([
  [Meal.BREAKFAST, 'BREAKFAST'],
  [Meal.LUNCH, 'LUNCH'],
  [Meal.SNACK, 'SNACK'],
]);
export const meal = oneOf(meals, 'must be BREAKFAST, LUNCH or SNACK');
const halfDayRules = new Map<number, Rule>([
  [HalfDayRule.WHOLE_DAY, 'WHOLE_DAY'],
  [HalfDayRule.MORNING, 'MORNING'],
  [HalfDayRule.AFTERNOON, 'AFTERNOON'],
  [HalfDayRule.ANY_HALF, 'ANY_HALF'],
]);
export const halfDayRule = oneOf(halfDayRules, 'must be WHOLE_DAY, MORNING, AFTERNOON or ANY_HALF');

const diets = new Map<number, DietKind>([
  [Diet.STANDARD, 'STANDARD'],
  [Diet.VEGETARIAN, 'VEGETARIAN'],
  [Diet.NO_PORK, 'NO_PORK'],
  [Diet.SOFT, 'SOFT'],
  [Diet.OTHER, 'OTHER'],
]);
export const diet = oneOf(diets, 'must be a diet');
const allergen = oneOf(new Map<number, AllergenName>(allergens.map((name) => [Allergen[name], name])), 'must be an allergen');

export const allergenList = z.array(allergen).max(14, 'must have at most 14 allergens');
export const madeOf = z.array(z.object({ name: line(100), allergens: allergenList })).max(40, 'must have at most 40 ingredients');

const tooLong = 'is not a token of this list';
export const page = z
  .object({
    size: z.number().int().min(0, 'must be 1 to 500, or 0 for 100').max(500, 'must be 1 to 500'),
    token: z.string().max(500, tooLong),
  })
  .optional()
  .transform((asked, context) => {
    const after = fromToken(asked?.token ?? '');
    if (after === undefined) context.addIssue({ code: 'custom', message: tooLong, path: ['token'] });
    return { size: asked?.size || 100, after: after ?? '' };
  });

export function toToken(next: string | undefined): string {
  return next === undefined ? '' : Buffer.from(next).toString('base64url');
}

function fromToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return toToken(text) === token ? text : undefined;
}
