import { defineCollection, type Followed, keepNewest, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';

interface SchoolDoc extends Followed {
  name: string;
}

const schema = new mongoose.Schema({ name: { type: String, required: true }, version: { type: Number, required: true } });

export const schools = defineCollection<SchoolDoc>('schools', schema);

/** The school as registry announced it. */
export function schoolStore(session: Session) {
  const collection = session.collection(schools);
  return {
    /** Undefined until registry's event has come. */
    async name(): Promise<string | undefined> {
      return (await collection.findOne({}))?.name;
    },
    follow({ id, name }: { readonly id: string; readonly name: string }, version: number): void {
      keepNewest(schools, collection, { _id: id, schoolId: session.schoolId, name, version });
    },
  };
}
