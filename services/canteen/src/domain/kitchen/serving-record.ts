import { err, ok, type Result } from '@schoolbell/kernel';
import {
  type CheckRefused,
  type CookingCheck,
  type IngredientCheck,
  judgeCooking,
  judgeIngredient,
  judgePortioning,
  type NewRecord,
  type PortioningCheck,
  type Recorded,
} from './food-check.ts';
import { failedFood, type KitchenRecord, type OrderRefused, ofDish, possibleOrder } from './food-check-order.ts';
import { foodRulesOn } from './food-check-rules.ts';
import { type NewSample, type Sample, type SampleRefused, takeSample } from './sample.ts';
import { dishOf } from './serving.ts';

export type RecordRefused =
  | CheckRefused
  | SampleRefused
  | OrderRefused
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'INGREDIENT_FAILED'; readonly dish: string; readonly food: string }
  | { readonly code: 'DISH_NOT_ON_MENU'; readonly dishId: string }
  | { readonly code: 'ALREADY_RECORDED'; readonly what: string; readonly id: string }
  | { readonly code: 'REPLACED_UNKNOWN'; readonly id: string }
  | { readonly code: 'REPLACED_ALREADY'; readonly id: string; readonly by: string }
  | { readonly code: 'REPLACES_ANOTHER_DISH'; readonly id: string }
  | { readonly code: 'SAMPLE_GONE'; readonly id: string }
  | { readonly code: 'RECORD_FULL'; readonly most: number };

/** How many records of one kind a meal may have: far more than a kitchen writes, few enough to be judged together. */
export const mostRecords = 300;

export type Writing = { readonly now: Date; readonly by: string };

/** What one act added: nothing where it was sent before. */
export type Added<R> = { readonly record: KitchenRecord; readonly added: readonly R[] };

type Taken<R> = Result<Added<R>, RecordRefused>;

/** Step 1: foods as they came in, all of them or none. */
export function checkIngredients(
  record: KitchenRecord,
  input: readonly NewRecord<IngredientCheck>[],
  { now, by }: Writing,
): Taken<IngredientCheck> {
  const { date } = record.serving;
  const added: IngredientCheck[] = [];
  let ingredients = record.ingredients;
  for (const one of input) {
    const fits = placeFor(ingredients, one);
    if (!fits.ok) return fits;
    if (fits.value === 'SENT_BEFORE') continue;
    const judged = judgeIngredient(one, { date, now, rules: foodRulesOn(date) });
    if (!judged.ok) return judged;
    const check = { ...one, recordedAt: now, recordedBy: by };
    added.push(check);
    ingredients = [...ingredients, check];
  }
  return inOrder({ ...record, ingredients }, added);
}

/** Step 2: a dish as it was cooked. */
export function checkCooking(record: KitchenRecord, input: NewRecord<CookingCheck>, { now, by }: Writing): Taken<CookingCheck> {
  const { date } = record.serving;
  const fits = placeForDish(record, record.cookings, input);
  if (!fits.ok) return fits;
  if (fits.value === 'SENT_BEFORE') return ok({ record, added: [] });
  const judged = judgeCooking(input, fits.value, { date, now, rules: foodRulesOn(date) });
  if (!judged.ok) return judged;
  // A food that is found bad afterwards is still recorded: the gate keeps the dish back.
  const named = record.cookings.find(({ id }) => id === input.replaces)?.ingredientIds ?? [];
  const food = failedFood(record, { ingredientIds: input.ingredientIds.filter((id) => !named.includes(id)) });
  if (food !== undefined) return err({ code: 'INGREDIENT_FAILED', dish: fits.value, food });
  const check = { ...input, recordedAt: now, recordedBy: by };
  return inOrder({ ...record, cookings: [...record.cookings, check] }, [check]);
}

/** Step 3: a dish as it was portioned. */
export function checkPortioning(record: KitchenRecord, input: NewRecord<PortioningCheck>, { now, by }: Writing): Taken<PortioningCheck> {
  const { date } = record.serving;
  const fits = placeForDish(record, record.portionings, input);
  if (!fits.ok) return fits;
  if (fits.value === 'SENT_BEFORE') return ok({ record, added: [] });
  const judged = judgePortioning(input, fits.value, { date, now, rules: foodRulesOn(date) });
  if (!judged.ok) return judged;
  const check = { ...input, recordedAt: now, recordedBy: by };
  return inOrder({ ...record, portionings: [...record.portionings, check] }, [check]);
}

/** Lưu mẫu: a sample of a dish, which starts its own clock. */
export function keepSample(record: KitchenRecord, input: NewSample, writing: Writing): Taken<Sample> {
  const { date } = record.serving;
  const fits = placeForDish(record, record.samples, input);
  if (!fits.ok) return fits;
  if (fits.value === 'SENT_BEFORE') return ok({ record, added: [] });
  const gone = record.samples.find(({ id, destroyed }) => id === input.replaces && destroyed);
  if (gone) return err({ code: 'SAMPLE_GONE', id: gone.id });
  const taken = takeSample(input, fits.value, { date, ...writing });
  if (!taken.ok) return taken;
  return inOrder({ ...record, samples: [...record.samples, taken.value] }, [taken.value]);
}

function inOrder<R extends Recorded>(record: KitchenRecord, added: readonly R[]): Taken<R> {
  const possible = possibleOrder(record, added);
  return possible.ok ? ok({ record, added }) : possible;
}

type OfDish = CookingCheck | PortioningCheck | Sample;

/** The name of the dish, if the record fits among the others. */
function placeForDish<R extends OfDish>(
  { serving }: KitchenRecord,
  records: readonly R[],
  input: NewRecord<Recorded> & { readonly dishId: string },
): Result<string | 'SENT_BEFORE', RecordRefused> {
  const fits = placeFor(records, input);
  if (!fits.ok || fits.value === 'SENT_BEFORE') return fits.ok ? ok('SENT_BEFORE') : fits;
  const dish = dishOf(serving, input.dishId);
  if (!dish) return err({ code: 'DISH_NOT_ON_MENU', dishId: input.dishId });
  const replaced = records.find(({ id }) => id === input.replaces);
  if (replaced && replaced.dishId !== input.dishId) return err({ code: 'REPLACES_ANOTHER_DISH', id: replaced.id });
  const already = ofDish(records, input.dishId);
  if (already && !replaced) return err({ code: 'ALREADY_RECORDED', what: dish.name, id: already.id });
  return ok(dish.name);
}

function placeFor<R extends Recorded>(records: readonly R[], input: NewRecord<Recorded>): Result<'NEW' | 'SENT_BEFORE', RecordRefused> {
  const earlier = records.find(({ id }) => id === input.id);
  if (earlier) return hasSameContent(earlier, input) ? ok('SENT_BEFORE') : err({ code: 'ID_REUSED', id: input.id });
  if (records.length >= mostRecords) return err({ code: 'RECORD_FULL', most: mostRecords });
  if (input.replaces === undefined) return ok('NEW');
  if (!records.some(({ id }) => id === input.replaces)) return err({ code: 'REPLACED_UNKNOWN', id: input.replaces });
  const other = records.find(({ replaces }) => replaces === input.replaces);
  return other ? err({ code: 'REPLACED_ALREADY', id: input.replaces, by: other.id }) : ok('NEW');
}

/** Whether every field that the caller sent is as it was; the server's own fields are in no input. */
function hasSameContent(earlier: object, input: object): boolean {
  const known = new Map<string, unknown>(Object.entries(earlier));
  return Object.entries(input).every(([name, value]) => JSON.stringify(known.get(name)) === JSON.stringify(value));
}
