import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Defined } from '../../domain/dated.ts';
import type { Meal } from '../../domain/meals/meal.ts';
import type { MealPrice } from '../../domain/meals/price.ts';

interface PriceDoc extends Stored {
  meal: Meal;
  amount: bigint;
  effectiveFrom: string;
  effectiveUntil?: string;
  citation: string;
  order: number;
  laidDownAt: Date;
  laidDownBy: string;
}

const text = { type: String, required: true };
const schema = new mongoose.Schema({
  meal: text,
  amount: { type: BigInt, required: true },
  effectiveFrom: text,
  effectiveUntil: String,
  citation: text,
  order: { type: Number, required: true },
  laidDownAt: { type: Date, required: true },
  laidDownBy: text,
});
// Two that are defined at once get different orders: the second finds this one taken and runs again.
schema.index({ schoolId: 1, meal: 1, order: 1 }, { unique: true });

export const prices = defineCollection<PriceDoc>('meal_prices', schema);

/** Every price that was ever defined. */
export function priceStore(session: Session) {
  const collection = session.collection(prices);
  return {
    async find(id: string): Promise<Defined<MealPrice> | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toPrice(found);
    },
    async ofMeals(meals: readonly Meal[]): Promise<Defined<MealPrice>[]> {
      return (await collection.find({ meal: { $in: [...meals] } }, { sort: { meal: 1, order: 1 } })).map(toPrice);
    },
    insert({ id, amount, effectiveUntil, ...price }: Defined<MealPrice>, { at, by }: { readonly at: Date; readonly by: string }): void {
      const until = effectiveUntil === undefined ? {} : { effectiveUntil };
      collection.insert({ _id: id, ...price, ...until, amount: amount.minorUnits, laidDownAt: at, laidDownBy: by });
    },
  };
}

function toPrice({ _id, meal, amount, effectiveFrom, effectiveUntil, citation, order }: PriceDoc): Defined<MealPrice> {
  const span = { effectiveFrom: effectiveFrom as SchoolDate, effectiveUntil: effectiveUntil as SchoolDate | undefined };
  return { id: _id, meal, amount: vnd(amount), ...span, citation, order };
}
