import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Followed, keepNewest, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Guardian } from '../domain/rights.ts';

interface GuardianDoc extends Followed {
  guardianships: { studentId: string; validFrom: string; validUntil?: string }[];
}

const guardianship = new mongoose.Schema(
  { studentId: { type: String, required: true }, validFrom: { type: String, required: true }, validUntil: String },
  { _id: false },
);
const schema = new mongoose.Schema({
  guardianships: { type: [guardianship], required: true },
  version: { type: Number, required: true },
});

export const guardians = defineCollection<GuardianDoc>('guardians', schema);

/** Who answers for whom, as registry announced it; names and addresses are not kept here. */
export function guardianStore(session: Session) {
  const collection = session.collection(guardians);
  return {
    async find(id: string): Promise<Guardian | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && { id, guardianships: found.guardianships.map(toGuardianship) };
    },
    follow({ id, guardianships }: Guardian, version: number): void {
      const ties = guardianships.map(({ validUntil, ...tie }) => (validUntil === undefined ? tie : { ...tie, validUntil }));
      keepNewest(guardians, collection, { _id: id, schoolId: session.schoolId, guardianships: ties, version });
    },
  };
}

function toGuardianship({ studentId, validFrom, validUntil }: GuardianDoc['guardianships'][number]): Guardian['guardianships'][number] {
  return { studentId, validFrom: validFrom as SchoolDate, validUntil: validUntil as SchoolDate | undefined };
}
