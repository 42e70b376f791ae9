import { defineCollection, type Followed, keepNewest, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { School } from '../../domain/roster/roster.ts';

interface SchoolDocument extends Followed {
  name: string;
}

const schema = new mongoose.Schema({ name: { type: String, required: true }, version: { type: Number, required: true } });
export const schoolDocuments = defineCollection<SchoolDocument>('schools', schema);

export interface Schools {
  /** The school of this transaction. */
  own(): Promise<School | undefined>;
  follow(school: School, version: number): void;
}

export function openSchools(session: Session): Schools {
  const collection = session.collection(schoolDocuments);
  let own: Promise<School | undefined> | undefined;
  return {
    // Every event of a batch asks for it.
    own: () => {
      own ??= collection.findOne({ _id: session.schoolId }).then((found) => found && { id: found._id, name: found.name });
      return own;
    },
    follow: ({ id, name }, version) => {
      own = undefined;
      keepNewest(schoolDocuments, collection, { _id: id, schoolId: session.schoolId, name, version });
    },
  };
}
