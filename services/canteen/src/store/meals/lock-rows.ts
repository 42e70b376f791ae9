import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';

interface LockRow extends Stored {
  turns: number;
}

const schema = new mongoose.Schema({ turns: { type: Number, required: true } });

export const lockRows = defineCollection<LockRow>('turns', schema);

/**
 * One row per pupil, which every transaction that decides about the pupil's meals writes. An absence and a booking of the same instant do
 * not see each other; they meet at this row, and one of the two runs again.
 */
export function lockRowStore(session: Session) {
  const collection = session.collection(lockRows);
  return {
    lock(studentId: string): void {
      collection.update({ _id: studentId }, { $inc: { turns: 1 } }, { upsert: true });
    },
  };
}
