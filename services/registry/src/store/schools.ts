import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import { Schema } from 'mongoose';
import type { School } from '../domain/school.ts';

interface SchoolDocument extends Stored {
  code: string;
  name: string;
}

export const schools = defineCollection<SchoolDocument>(
  'schools',
  new Schema({ code: { type: String, required: true }, name: { type: String, required: true } }).index({ schoolId: 1 }, { unique: true }),
);

export interface SchoolStore {
  /** The school of this transaction. */
  find(): Promise<School | undefined>;
  insert(school: School): void;
  save(school: School): void;
}

export function schoolStore(session: Session): SchoolStore {
  const collection = session.collection(schools);
  return {
    async find() {
      const found = await collection.findOne({ _id: session.schoolId });
      return found && { id: found._id, code: found.code, name: found.name };
    },
    insert: ({ id, code, name }) => collection.insert({ _id: id, code, name }),
    save: ({ id, code, name }) => collection.replace({ _id: id, code, name }),
  };
}
