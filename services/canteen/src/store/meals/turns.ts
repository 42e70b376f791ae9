import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';

interface TurnDoc extends Stored {
  turns: number;
}

const schema = new mongoose.Schema({ turns: { type: Number, required: true } });

export const turns = defineCollection<TurnDoc>('turns', schema);

/**
 * One row per pupil that every transaction writes which decides about the pupil's meals. An absence that is heard and a meal that is
 * booked in the same instant do not see each other; here they meet, and one of the two runs again.
 */
export function turnStore(session: Session) {
  const collection = session.collection(turns);
  return {
    take(studentId: string): void {
      collection.update({ _id: studentId }, { $inc: { turns: 1 } }, { upsert: true });
    },
  };
}
