import { CheckOutcome, FoodCategory, KitchenBook, SampleForm } from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { z } from 'zod';
import type { Category, CookingCheck, IngredientCheck, Outcome, PortioningCheck, Said } from '../domain/kitchen/food-check.ts';
import type { FoodBook } from '../domain/kitchen/food-check-book.ts';
import type { SampleForm as Form, SaidDestruction, SaidSample } from '../domain/kitchen/sample.ts';
import type { SaidChange, ServedDish, ServingPlan } from '../domain/kitchen/serving.ts';
import { day, id, line, madeOf, meal, noDay, oneOf, page, someId } from './scalars.ts';

const outcomes: readonly (readonly [number, Outcome])[] = [
  [CheckOutcome.PASSED, 'PASSED'],
  [CheckOutcome.FAILED, 'FAILED'],
];
const outcome = oneOf(new Map(outcomes), 'must be PASSED or FAILED');
const noOutcome = z.literal(CheckOutcome.UNSPECIFIED).transform(() => undefined);
const category = oneOf(
  new Map<number, Category>([
    [FoodCategory.FRESH, 'FRESH'],
    [FoodCategory.DRY_PACKAGED_ADDITIVE, 'DRY_PACKAGED_ADDITIVE'],
  ]),
  'must be FRESH or DRY_PACKAGED_ADDITIVE',
);
const form = oneOf(
  new Map<number, Form>([
    [SampleForm.SOLID, 'SOLID'],
    [SampleForm.LIQUID, 'LIQUID'],
  ]),
  'must be SOLID or LIQUID',
);
export type Book = FoodBook | 'PORTIONS';
const book = oneOf(
  new Map<number, Book>([
    [KitchenBook.STEP1, 'STEP1'],
    [KitchenBook.STEP2, 'STEP2'],
    [KitchenBook.STEP3, 'STEP3'],
    [KitchenBook.SAMPLES, 'SAMPLES'],
    [KitchenBook.PORTIONS, 'PORTIONS'],
  ]),
  'must be a book of the kitchen',
);

const moment = z.date('must be a time');
const text = (longest: number) => line(longest, 0);
const action = text(300);
const portions = z.number().int().min(1, 'must be 1 to 20000').max(20_000, 'must be 1 to 20000');

/** A first entry gives no reason; one that puts another right must. */
const entry = z
  .object({ recordId: id, checkedBy: line(100), replaces: z.literal('').or(id), reason: text(300) }, 'must be given')
  .transform(({ recordId, replaces, reason, checkedBy }, context) => {
    if (replaces !== '' && reason === '')
      context.addIssue({ code: 'custom', message: 'must say why the record is put right', path: ['reason'] });
    if (replaces === '' && reason !== '')
      context.addIssue({ code: 'custom', message: 'must be empty for a first entry', path: ['reason'] });
    return { id: recordId, checkedBy, replaces: replaces === '' ? undefined : replaces, reason };
  });

const dish = z
  .object({ dishId: someId, name: line(150), ingredients: madeOf })
  .transform(({ dishId, ...same }): ServedDish => ({ id: dishId, ...same }));
const dishes = z.array(dish).max(30, 'must have at most 30 dishes');

export const planInput = z
  .object({ servingId: id, date: day, meal, dishes, portions: z.literal(0).or(portions) })
  .transform(({ servingId, ...same }): ServingPlan => ({ id: servingId, ...same }));

export const changeInput = z
  .object({
    servingId: id,
    changeId: id,
    added: dishes,
    takenOff: z.array(someId).max(30, 'must have at most 30 dishes'),
    reason: line(300),
  })
  .transform(({ servingId, changeId, ...said }): { servingId: string; said: SaidChange } => ({
    servingId,
    said: { id: changeId, ...said },
  }));

const ingredient = z
  .object({
    entry,
    food: line(150),
    category,
    receivedAt: moment,
    quantityThousandths: z.number().int().min(1, 'must be more than 0').max(1_000_000_000, 'must be at most 1000000 units'),
    unit: line(20),
    supplierName: line(200),
    supplierContact: text(200),
    deliverer: text(100),
    invoiceNo: text(60),
    veterinaryPaper: text(60),
    quarantinePaper: text(60),
    producer: text(200),
    expiresOn: noDay.or(day),
    storage: text(100),
    sensory: outcome,
    quickTest: noOutcome.or(outcome),
    action,
  })
  .transform(({ entry: head, supplierName: name, supplierContact: contact, deliverer, ...facts }) => ({
    ...head,
    ...facts,
    supplier: { name, contact, deliverer },
  }));

export const ingredientsInput = z
  .object({
    servingId: id,
    checks: z.array(ingredient).min(1, 'must have at least one food').max(100, 'must have at most 100 foods'),
  })
  .transform(({ servingId, checks }): { servingId: string; said: Said<IngredientCheck>[] } => ({
    servingId,
    said: checks.map((check) => ({ servingId, ...check })),
  }));

const cooking = z.object(
  {
    entry,
    dishId: someId,
    ingredientIds: z.array(id).min(1, 'must have at least one food').max(100, 'must have at most 100 foods'),
    portions,
    preparedAt: moment,
    cookedAt: moment,
    people: outcome,
    equipment: outcome,
    premises: outcome,
    sensory: outcome,
    action,
  },
  'must be given',
);
export const cookingInput = z
  .object({ servingId: id, check: cooking })
  .transform(({ servingId, check: { entry: head, ...facts } }): Said<CookingCheck> => ({ ...head, servingId, ...facts }));

const portioning = z.object(
  {
    entry,
    dishId: someId,
    portions,
    portionedAt: moment,
    eatingAt: moment,
    containers: line(200),
    hygiene: outcome,
    sensory: outcome,
    action,
  },
  'must be given',
);
export const portioningInput = z
  .object({ servingId: id, check: portioning })
  .transform(({ servingId, check: { entry: head, ...facts } }): Said<PortioningCheck> => ({ ...head, servingId, ...facts }));

const sample = z.object(
  {
    entry,
    servingId: id,
    dishId: someId,
    form,
    amount: z.number().int().min(1, 'must be 1 to 5000').max(5_000, 'must be 1 to 5000'),
    container: line(100),
    celsiusTenths: z.number().int().min(-400, 'must be -400 to 1000').max(1_000, 'must be -400 to 1000'),
    takenAt: moment,
  },
  'must be given',
);
export const sampleInput = z.object({ sample }).transform(({ sample: { entry: head, ...facts } }): SaidSample => ({ ...head, ...facts }));

const destruction = z
  .object({ destroyedAt: moment, destroyedBy: line(100), witness: line(100), note: text(300) }, 'must be given')
  .transform((said): SaidDestruction => said);
export const destructionInput = z.object({ sampleId: id, destruction });

export const holdInput = z.object({ servingId: id, holdId: id, reason: line(500) });
export const releaseInput = z.object({ servingId: id, holdId: id, document: line(200) });
export const openInput = z.object({ servingId: id });
export const servingInput = z.union([
  z.object({ servingId: id, date: z.literal('') }).transform(({ servingId }) => ({ servingId })),
  z.object({ servingId: z.literal(''), date: day, meal }).transform(({ date, meal: which }) => ({ date, meal: which })),
]);

const sampleKey = /^(\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f-]{36})?$/;
export const samplesInput = z
  .object({ due: z.boolean(), page })
  .refine(({ page: { after } }) => sampleKey.test(after), { error: 'is not a token of this list', path: ['page', 'token'] });

const anyMeal = z
  .literal(0)
  .transform(() => undefined)
  .or(meal);
export const bookInput = z
  .object({ book, from: day, until: noDay.or(day), meal: anyMeal })
  .transform(({ until, from, ...same }) => ({ ...same, from, until: until ?? from }));
