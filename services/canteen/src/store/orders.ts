import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Meal } from '../domain/meal.ts';
import type { Order } from '../domain/order.ts';

interface OrderDoc extends Stored {
  studentIds: string[];
  meals: { date: string; meal: Meal }[];
  bookingIds: string[];
  at: Date;
  by: string;
}

const text = { type: String, required: true };
const meal = new mongoose.Schema({ date: text, meal: text }, { _id: false });
const schema = new mongoose.Schema({
  studentIds: { type: [String], required: true },
  meals: { type: [meal], required: true },
  bookingIds: { type: [String], required: true },
  at: { type: Date, required: true },
  by: text,
});

export const orders = defineCollection<OrderDoc>('orders', schema);

/** What was asked for singly, so that a repeat is answered as the first time. */
export function orderStore(session: Session) {
  const collection = session.collection(orders);
  return {
    async find(id: string): Promise<(Order & { readonly bookingIds: readonly string[] }) | undefined> {
      const found = await collection.findOne({ _id: id });
      if (!found) return undefined;
      const { studentIds, meals, bookingIds } = found;
      return { id, studentIds, meals: meals.map(({ date, meal: which }) => ({ date: date as SchoolDate, meal: which })), bookingIds };
    },
    insert(
      { id, studentIds, meals }: Order,
      { bookingIds, at, by }: { readonly bookingIds: readonly string[]; readonly at: Date; readonly by: string },
    ): void {
      const asked = { studentIds: [...studentIds], meals: meals.map((one) => ({ ...one })) };
      collection.insert({ _id: id, ...asked, bookingIds: [...bookingIds], at, by });
    },
  };
}
