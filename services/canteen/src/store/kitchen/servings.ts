import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Hold, Release } from '../../domain/kitchen/sample.ts';
import type { DishChange, ServedDish, Serving } from '../../domain/kitchen/serving.ts';
import type { Meal, MealOfDay } from '../../domain/meals/meal.ts';
import type { Ingredient } from '../../domain/meals/menu.ts';

type DishDoc = Omit<ServedDish, 'ingredients'> & { ingredients?: Ingredient[] };
type HoldDoc = Omit<Hold, 'release'> & { release?: Release };
type ChangeDoc = Omit<DishChange, 'added' | 'takenOff'> & { added: DishDoc[]; takenOff: DishDoc[] };

export interface ServingDoc extends Stored {
  date: string;
  meal: Meal;
  dishes: DishDoc[];
  portions: number;
  plannedAt: Date;
  plannedBy: string;
  holds: HoldDoc[];
  changes: ChangeDoc[];
  openedAt?: Date;
  openedBy?: string;
  version: number;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const part = (fields: mongoose.SchemaDefinition) => new mongoose.Schema(fields, { _id: false });
const list = (of: mongoose.Schema) => ({ type: [of], required: true });

const ingredient = part({ name: text, allergens: { type: [String], required: true } });
const dish = part({ id: text, name: text, ingredients: { type: [ingredient], default: undefined } });
const release = part({ document: text, releasedAt: time, releasedBy: text });
const schema = new mongoose.Schema({
  date: text,
  meal: text,
  dishes: list(dish),
  portions: { type: Number, required: true },
  plannedAt: time,
  plannedBy: text,
  holds: list(part({ id: text, reason: text, heldAt: time, heldBy: text, release })),
  changes: list(part({ id: text, added: list(dish), takenOff: list(dish), reason: text, changedAt: time, changedBy: text })),
  openedAt: Date,
  openedBy: String,
  version: { type: Number, required: true },
});
schema.index({ schoolId: 1, date: 1, meal: 1 }, { unique: true });

export const servings = defineCollection<ServingDoc>('servings', schema);

/** Meals as the kitchen serves them. */
export function servingStore(session: Session) {
  const collection = session.collection(servings);
  return {
    async find(id: string): Promise<Serving | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toServing(found);
    },
    async ofMeal({ date, meal }: MealOfDay): Promise<Serving | undefined> {
      const found = await collection.findOne({ date, meal });
      return found && toServing(found);
    },
    async findAll(ids: readonly string[]): Promise<Serving[]> {
      return ids.length === 0 ? [] : (await collection.find({ _id: { $in: [...ids] } })).map(toServing);
    },
    /** By day, and within a day in the order of eating. */
    async between({
      from,
      until,
      meal,
    }: {
      readonly from: SchoolDate;
      readonly until: SchoolDate;
      readonly meal: Meal | undefined;
    }): Promise<Serving[]> {
      const found = await collection.find({ date: { $gte: from, $lte: until }, ...(meal && { meal }) });
      return found
        .map(toServing)
        .toSorted((a, b) => (a.date === b.date ? order.indexOf(a.meal) - order.indexOf(b.meal) : a.date < b.date ? -1 : 1));
    },
    insert(serving: Serving): void {
      collection.insert(toDoc(serving));
    },
    /** If somebody wrote in between, this transaction runs again. */
    save(before: Serving, after: Serving): void {
      if (before.version !== after.version) collection.replace(toDoc(after), { version: before.version });
    },
    /** Marks that a record was added: of two records of the same instant one runs again and sees the other. */
    touch({ id, version }: Serving): void {
      collection.update({ _id: id, version }, { $inc: { version: 1 } });
    },
  };
}

const order: readonly Meal[] = ['BREAKFAST', 'LUNCH', 'SNACK'];

function toDoc(serving: Serving): Omit<ServingDoc, 'schoolId'> {
  const { id, date, meal, dishes, portions, plannedAt, plannedBy, version } = serving;
  const holds = serving.holds.map(({ release: by, ...hold }): HoldDoc => (by ? { ...hold, release: { ...by } } : hold));
  const changes = serving.changes.map(
    (change): ChangeDoc => ({
      ...change,
      added: change.added.map(toDishDoc),
      takenOff: change.takenOff.map(toDishDoc),
    }),
  );
  const doc = { _id: id, date, meal, dishes: dishes.map(toDishDoc), portions, plannedAt, plannedBy, holds, changes, version };
  return serving.status === 'OPEN' ? { ...doc, openedAt: serving.openedAt, openedBy: serving.openedBy } : doc;
}

export function toServing({
  _id,
  date,
  meal,
  dishes,
  portions,
  plannedAt,
  plannedBy,
  holds,
  changes,
  openedAt,
  openedBy = '',
  version,
}: ServingDoc): Serving {
  const base = {
    ...{ id: _id, date: date as SchoolDate, meal, dishes: dishes.map(toDish), portions, plannedAt, plannedBy, version },
    changes: changes.map((change) => ({ ...change, added: change.added.map(toDish), takenOff: change.takenOff.map(toDish) })),
    holds: holds.map(({ release: by, ...hold }) => ({ ...hold, release: by })),
  };
  return openedAt ? { ...base, status: 'OPEN', openedAt, openedBy } : { ...base, status: 'PREPARING' };
}

/** A dish of unknown content has no ingredients. */
function toDishDoc({ ingredients, ...dish }: ServedDish): DishDoc {
  return { ...dish, ...(ingredients.length > 0 && { ingredients: ingredients.map(copied) }) };
}

function toDish({ id, name, ingredients = [] }: DishDoc): ServedDish {
  return { id, name, ingredients: ingredients.map(copied) };
}

function copied({ name, allergens }: Ingredient): Ingredient {
  return { name, allergens: [...allergens] };
}
