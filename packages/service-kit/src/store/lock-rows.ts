import mongoose from 'mongoose';
import { defineCollection, type Stored } from '../documents.ts';
import type { Session } from '../session.ts';

/**
 * One row for each thing, which every transaction writes that decides about it. Two transactions that decide at the same time do not see
 * what the other inserts; here they meet, and one of them runs again. `counter` counts how often a row was taken.
 */
export function lockRows<C extends string>(name: string, counter: C) {
  type Row = Stored & { [K in C]: number };
  const rows = defineCollection<Row>(name, new mongoose.Schema({ [counter]: { type: Number, required: true } }));
  const take = (session: Session, _id: string): void =>
    session.collection<Stored>(rows as never).update({ _id }, { $inc: { [counter]: 1 } }, { upsert: true });
  return { ...rows, take };
}
