import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Page, type PageRequest, type Session, type Stored, toPage } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Allergen } from '../../domain/meals/diet.ts';
import { type Meal, type MealOfDay, mealKey } from '../../domain/meals/meal.ts';
import type { Menu } from '../../domain/meals/menu.ts';

export interface MenuDoc extends Stored {
  date: string;
  meal: Meal;
  dishes: { name: string; ingredients: { name: string; allergens: Allergen[] }[] }[];
  version: number;
  /** False once a newer version was published. */
  current: boolean;
  publishedAt: Date;
  publishedBy: string;
}

const text = { type: String, required: true };
const ingredient = new mongoose.Schema({ name: text, allergens: { type: [String], required: true } }, { _id: false });
const dish = new mongoose.Schema({ name: text, ingredients: { type: [ingredient], required: true } }, { _id: false });
const schema = new mongoose.Schema({
  date: text,
  meal: text,
  dishes: { type: [dish], required: true },
  version: { type: Number, required: true },
  current: { type: Boolean, required: true },
  publishedAt: { type: Date, required: true },
  publishedBy: text,
});
schema.index({ schoolId: 1, date: 1, meal: 1, version: 1 }, { unique: true });

export const menus = defineCollection<MenuDoc>('menus', schema);

/** Menus, every version of them. */
export function menuStore(session: Session) {
  const collection = session.collection(menus);
  return {
    async find(id: string): Promise<Menu | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toMenu(found);
    },
    async newest({ date, meal }: MealOfDay): Promise<Menu | undefined> {
      const found = await collection.findOne({ date, meal, current: true });
      return found && toMenu(found);
    },
    /** The newest of each, by day and meal; `after` is the key of the last one of the page before. */
    async list(firstDay: SchoolDate, lastDay: SchoolDate, { after, size }: PageRequest): Promise<Page<Menu>> {
      const [date = '', meal = ''] = after.split(':');
      const further = after === '' ? {} : { $or: [{ date: { $gt: date } }, { date, meal: { $gt: meal as Meal } }] };
      const filter = { date: { $gte: firstDay, $lte: lastDay }, current: true, ...further };
      const found = await collection.find(filter, { sort: { date: 1, meal: 1 }, limit: size + 1 });
      return toPage(found.map(toMenu), size, mealKey);
    },
    /** The version before, if there is one, counts no more. */
    publish({ id, date, meal, dishes, version, publishedAt }: Menu, by: string): void {
      collection.updateMany({ date, meal, current: true }, { $set: { current: false } });
      const copied = dishes.map(({ name, ingredients }) => ({
        name,
        ingredients: ingredients.map((each) => ({ name: each.name, allergens: [...each.allergens] })),
      }));
      collection.insert({ _id: id, date, meal, dishes: copied, version, current: true, publishedAt, publishedBy: by });
    },
  };
}

export function toMenu({ _id, date, meal, dishes, version, publishedAt }: MenuDoc): Menu {
  return { id: _id, date: date as SchoolDate, meal, dishes, version, publishedAt };
}
