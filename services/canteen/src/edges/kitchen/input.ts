import { CheckOutcome, FoodCategory, KitchenBook, SampleForm } from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { fields, says } from '@schoolbell/service-kit';
import { z } from 'zod';
import type { CookingCheck, NewRecord, PortioningCheck } from '../../domain/kitchen/food-check.ts';
import type { ServedDish, ServingPlan } from '../../domain/kitchen/serving.ts';
import { anyMeal, ingredients, meal } from '../meals/input.ts';

const { blankOr, choice, day, id, instant, line, page, someId, whole } = fields;

const outcomes = ['PASSED', 'FAILED'] as const;
const outcome = choice(CheckOutcome, outcomes);
const action = line(300, 0);
const portions = whole(1, 20_000);

/** A first entry gives no reason; a correction must. */
const entry = z
  .object({ recordId: id, checkedBy: line(100), replaces: blankOr(id), reason: line(300, 0) })
  .refine(({ replaces, reason }) => replaces === undefined || reason !== '', {
    ...says('must say why the record is put right', 'phải ghi lý do đính chính'),
    path: ['reason'],
  })
  .refine(({ replaces, reason }) => replaces !== undefined || reason === '', {
    ...says('must be empty for a first entry', 'phải để trống khi ghi lần đầu'),
    path: ['reason'],
  })
  .transform(({ recordId, ...same }) => ({ id: recordId, ...same }));

const dish = z
  .object({ dishId: someId, name: line(150), ingredients })
  .transform(({ dishId, ...same }): ServedDish => ({ id: dishId, ...same }));
const dishes = z.array(dish).max(30);

export const planInput = z
  .object({ servingId: id, date: day, meal, dishes, portions: whole(0, 20_000) })
  .transform(({ servingId, ...same }): { wanted: ServingPlan } => ({ wanted: { id: servingId, ...same } }));
export const changeInput = z
  .object({ servingId: id, changeId: id, added: dishes, takenOff: z.array(someId).max(30), reason: line(300) })
  .transform(({ servingId, changeId, ...input }) => ({ servingId, input: { id: changeId, ...input } }));

const ingredient = z
  .object({
    ...{ entry, food: line(150), category: choice(FoodCategory, ['FRESH', 'DRY_PACKAGED_ADDITIVE']), receivedAt: instant },
    ...{ quantityThousandths: whole(1, 1_000_000_000), unit: line(20) },
    ...{ supplierName: line(200), supplierContact: line(200, 0), deliverer: line(100, 0) },
    ...{ invoiceNo: line(60, 0), veterinaryPaper: line(60, 0), quarantinePaper: line(60, 0), producer: line(200, 0) },
    ...{ expiresOn: blankOr(day), storage: line(100, 0), sensory: outcome, quickTest: fields.anyChoice(CheckOutcome, outcomes), action },
  })
  .transform(({ entry: head, supplierName: name, supplierContact: contact, deliverer, ...facts }) => ({
    ...head,
    ...facts,
    supplier: { name, contact, deliverer },
  }));
export const ingredientsInput = z
  .object({ servingId: id, checks: z.array(ingredient).min(1).max(100) })
  .transform(({ servingId, checks }) => ({ servingId, input: checks.map((check) => ({ servingId, ...check })) }));

const cooking = z.object({
  ...{ entry, dishId: someId, ingredientIds: z.array(id).min(1).max(100), portions, preparedAt: instant, cookedAt: instant },
  ...{ people: outcome, equipment: outcome, premises: outcome, sensory: outcome, action },
});
export const cookingInput = z
  .object({ servingId: id, check: cooking })
  .transform(({ servingId, check: { entry: head, ...facts } }): { input: NewRecord<CookingCheck> } => ({
    input: { ...head, servingId, ...facts },
  }));

const portioning = z.object({
  ...{ entry, dishId: someId, portions, portionedAt: instant, eatingAt: instant, containers: line(200) },
  ...{ hygiene: outcome, sensory: outcome, action },
});
export const portioningInput = z
  .object({ servingId: id, check: portioning })
  .transform(({ servingId, check: { entry: head, ...facts } }): { input: NewRecord<PortioningCheck> } => ({
    input: { ...head, servingId, ...facts },
  }));

const sample = z.object({
  ...{ entry, servingId: id, dishId: someId, form: choice(SampleForm, ['SOLID', 'LIQUID']), amount: whole(1, 5_000) },
  ...{ container: line(100), celsiusTenths: whole(-400, 1_000), takenAt: instant },
});
export const sampleInput = z.object({ sample }).transform(({ sample: { entry: head, ...facts } }) => ({ input: { ...head, ...facts } }));
export const destructionInput = z
  .object({
    sampleId: id,
    destruction: z.object({ destroyedAt: instant, destroyedBy: line(100), witness: line(100), note: line(300, 0) }),
  })
  .transform(({ sampleId, destruction }) => ({ sampleId, input: destruction }));
export const holdInput = z.object({ servingId: id, holdId: id, reason: line(500) });
export const releaseInput = z.object({ servingId: id, holdId: id, document: line(200) });
export const openInput = z.object({ servingId: id });
const idOrMeal = says('must be given, or date and meal, and not both', 'phải có, hoặc date và meal, không được cả hai');
export const servingInput = z
  .object({ servingId: blankOr(id), date: blankOr(day), meal: anyMeal })
  .transform(({ servingId, date, meal }, context) => {
    if (servingId !== undefined && date === undefined) return { servingId };
    if (servingId === undefined && date !== undefined && meal !== undefined) return { date, meal };
    context.addIssue({ code: 'custom', path: ['servingId'], ...idOrMeal });
    return z.NEVER;
  });

const sampleKey = /^(\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f-]{36})?$/;
export const samplesInput = z.object({ due: z.boolean(), page }).refine(({ page: { after } }) => sampleKey.test(after), {
  ...says('is not a token of this list', 'không phải mã trang của danh sách này'),
  path: ['page', 'token'],
});

const book = choice(KitchenBook, ['STEP1', 'STEP2', 'STEP3', 'SAMPLES', 'PORTIONS']);
export const bookInput = z
  .object({ book, from: day, until: blankOr(day), meal: anyMeal })
  .transform(({ until, from, ...same }) => ({ ...same, from, until: until ?? from }));
