import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Seal, SealedEntry } from '../../domain/ledger/seal.ts';

interface SealDoc extends Stored {
  seq: number;
  previous: string;
  entries: SealedEntry[];
  lastPostedAt: Date;
  lastId: string;
}

const entry = new mongoose.Schema({ txnId: { type: String, required: true }, hash: { type: String, required: true } }, { _id: false });
const schema = new mongoose.Schema({
  seq: { type: Number, required: true },
  previous: { type: String, required: true },
  entries: { type: [entry], required: true },
  lastPostedAt: { type: Date, required: true },
  lastId: { type: String, required: true },
});
schema.index({ schoolId: 1, seq: 1 }, { unique: true });

export const seals = defineCollection<SealDoc>('seals', schema);

/** The chain of hashes over a school's ledger; nothing here changes or deletes a seal. */
export function sealStore(session: Session) {
  const collection = session.collection(seals);
  return {
    async last(): Promise<Seal | undefined> {
      const [found] = await collection.find({}, { sort: { seq: -1 }, limit: 1 });
      return found && toSeal(found);
    },
    async find(seq: number): Promise<Seal | undefined> {
      const found = await collection.findOne({ seq });
      return found && toSeal(found);
    },
    insert({ seq, previous, entries, until }: Seal): void {
      collection.insert({
        _id: `${session.schoolId}/${seq}`,
        seq,
        previous,
        entries: [...entries],
        lastPostedAt: until.postedAt,
        lastId: until.id,
      });
    },
  };
}

function toSeal({ seq, previous, entries, lastPostedAt, lastId }: SealDoc): Seal {
  return { seq, previous, entries, until: { postedAt: lastPostedAt, id: lastId } };
}
