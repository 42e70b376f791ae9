import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Meal } from '../../domain/meals/meal.ts';
import type { Order } from '../../domain/meals/order.ts';

interface OrderDoc extends Stored {
  does: Order['does'];
  studentIds: string[];
  meals: { date: string; meal: Meal }[];
  note?: string;
  reportedAt?: Date;
  bookingIds: string[];
  at: Date;
  by: string;
}

const text = { type: String, required: true };
const meal = new mongoose.Schema({ date: text, meal: text }, { _id: false });
const schema = new mongoose.Schema({
  does: text,
  studentIds: { type: [String], required: true },
  meals: { type: [meal], required: true },
  note: String,
  reportedAt: Date,
  bookingIds: { type: [String], required: true },
  at: { type: Date, required: true },
  by: text,
});

export const orders = defineCollection<OrderDoc>('orders', schema);

/** An order with the bookings that it named, new ones and others. */
export type KeptOrder = Order & { readonly bookingIds: readonly string[] };

/** Orders by the ids of their callers, so that a repeat gets the first answer. */
export function orderStore(session: Session) {
  const collection = session.collection(orders);
  return {
    async find(id: string): Promise<KeptOrder | undefined> {
      const found = await collection.findOne({ _id: id });
      if (!found) return undefined;
      const { does, studentIds, note = '', reportedAt, bookingIds } = found;
      const meals = found.meals.map(({ date, meal: which }) => ({ date: date as SchoolDate, meal: which }));
      return { id, does, studentIds, meals, note, reportedAt, bookingIds };
    },
    insert(
      { id, does, studentIds, meals, note, reportedAt, bookingIds }: KeptOrder,
      { at, by }: { readonly at: Date; readonly by: string },
    ): void {
      const content = { does, studentIds: [...studentIds], meals: meals.map((one) => ({ ...one })) };
      const optional = { ...(note !== '' && { note }), ...(reportedAt && { reportedAt }) };
      collection.insert({ _id: id, ...content, ...optional, bookingIds: [...bookingIds], at, by });
    },
  };
}
