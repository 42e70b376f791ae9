import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { CookingCheck, IngredientCheck, Outcome, PortioningCheck, Recorded, Supplier } from '../../domain/kitchen/food-check.ts';
import { type EntryDoc, entryDoc, entryFields, oncePutRight, toEntry } from './food-entry.ts';

type Own<R extends Recorded> = Omit<R, keyof Recorded>;
type IngredientDoc = EntryDoc & Omit<Own<IngredientCheck>, 'expiresOn' | 'quickTest'> & { expiresOn?: string; quickTest?: Outcome };
type CookingDoc = EntryDoc & Omit<Own<CookingCheck>, 'ingredientIds'> & { ingredientIds: string[] };
type PortioningDoc = EntryDoc & Own<PortioningCheck>;

const text = { type: String, required: true };
const time = { type: Date, required: true };
const count = { type: Number, required: true };
const supplier = new mongoose.Schema({ name: text, contact: String, deliverer: String }, { _id: false });

const ingredientSchema = new mongoose.Schema({
  ...entryFields,
  ...{ food: text, category: text, receivedAt: time, quantityThousandths: count, unit: text, supplier: { type: supplier, required: true } },
  ...{ invoiceNo: String, veterinaryPaper: String, quarantinePaper: String, producer: String, expiresOn: String, storage: String },
  ...{ sensory: text, quickTest: String, action: String },
});
const cookingSchema = new mongoose.Schema({
  ...entryFields,
  ...{ dishId: text, ingredientIds: { type: [String], required: true }, portions: count, preparedAt: time, cookedAt: time },
  ...{ people: text, equipment: text, premises: text, sensory: text, action: String },
});
const portioningSchema = new mongoose.Schema({
  ...entryFields,
  ...{ dishId: text, portions: count, portionedAt: time, eatingAt: time, containers: String, hygiene: text, sensory: text, action: String },
});
for (const schema of [ingredientSchema, cookingSchema, portioningSchema]) {
  schema.index({ schoolId: 1, servingId: 1 });
  schema.index(...oncePutRight);
}

export const foodIngredients = defineCollection<IngredientDoc>('food_ingredients', ingredientSchema);
export const foodCookings = defineCollection<CookingDoc>('food_cookings', cookingSchema);
export const foodPortionings = defineCollection<PortioningDoc>('food_portionings', portioningSchema);

/** The records of the three steps; they are added and read, and nothing else. */
export function foodCheckStore(session: Session) {
  const ingredients = session.collection(foodIngredients);
  const cookings = session.collection(foodCookings);
  const portionings = session.collection(foodPortionings);
  return {
    async ofServings(
      ids: readonly string[],
    ): Promise<{ ingredients: IngredientCheck[]; cookings: CookingCheck[]; portionings: PortioningCheck[] }> {
      const filter = { servingId: { $in: [...ids] } };
      // One after the other: a transaction cannot read twice at once.
      const came = await ingredients.find(filter);
      const cooked = await cookings.find(filter);
      const portioned = await portionings.find(filter);
      return { ingredients: came.map(toIngredient), cookings: cooked.map(toCooking), portionings: portioned.map(toPortioning) };
    },
    /** One of these ids that names a record of another meal. */
    async usedElsewhere(ids: readonly string[], servingId: string): Promise<string | undefined> {
      const filter = { _id: { $in: [...ids] }, servingId: { $ne: servingId } };
      return ((await ingredients.findOne(filter)) ?? (await cookings.findOne(filter)) ?? (await portionings.findOne(filter)))?._id;
    },
    addIngredients(checks: readonly IngredientCheck[]): void {
      for (const { expiresOn, quickTest, supplier: by, ...check } of checks) {
        ingredients.insert({
          ...own(check),
          ...{ supplier: { ...by } },
          ...(expiresOn === undefined ? {} : { expiresOn }),
          ...(quickTest === undefined ? {} : { quickTest }),
        });
      }
    },
    addCookings(checks: readonly CookingCheck[]): void {
      for (const { ingredientIds, ...check } of checks) cookings.insert({ ...own(check), ingredientIds: [...ingredientIds] });
    },
    addPortionings(checks: readonly PortioningCheck[]): void {
      for (const check of checks) portionings.insert(own(check));
    },
  };
}

function own<R extends Recorded>(record: R): Omit<EntryDoc, 'schoolId'> & Own<R> {
  const { id, servingId, checkedBy, replaces, reason, recordedAt, recordedBy, ...facts } = record;
  return { ...entryDoc({ id, servingId, checkedBy, replaces, reason, recordedAt, recordedBy }), ...facts };
}

function toIngredient(doc: IngredientDoc): IngredientCheck {
  const { food, category, receivedAt, quantityThousandths, unit, supplier: by, invoiceNo, veterinaryPaper, quarantinePaper } = doc;
  const { producer, expiresOn, storage, sensory, quickTest, action } = doc;
  const from: Supplier = { name: by.name, contact: by.contact, deliverer: by.deliverer };
  return {
    ...toEntry(doc),
    ...{ food, category, receivedAt, quantityThousandths, unit, supplier: from, invoiceNo, veterinaryPaper, quarantinePaper },
    ...{ producer, expiresOn: expiresOn as SchoolDate | undefined, storage, sensory, quickTest, action },
  };
}

function toCooking(doc: CookingDoc): CookingCheck {
  const { dishId, ingredientIds, portions, preparedAt, cookedAt, people, equipment, premises, sensory, action } = doc;
  return { ...toEntry(doc), dishId, ingredientIds, portions, preparedAt, cookedAt, people, equipment, premises, sensory, action };
}

function toPortioning(doc: PortioningDoc): PortioningCheck {
  const { dishId, portions, portionedAt, eatingAt, containers, hygiene, sensory, action } = doc;
  return { ...toEntry(doc), dishId, portions, portionedAt, eatingAt, containers, hygiene, sensory, action };
}
