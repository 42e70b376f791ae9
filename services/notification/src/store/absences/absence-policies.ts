import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { AbsencePolicy, LaidDown } from '../../domain/absences/absence-policy.ts';

interface PolicyDocument extends Stored, Omit<LaidDown, 'id' | 'effectiveFrom'> {
  effectiveFrom: string;
}

const text = { type: String, required: true };
const flag = { type: Boolean, required: true };
const minutes = { type: Number, required: true };
const schema = new mongoose.Schema({
  effectiveFrom: text,
  tellWithoutLeave: flag,
  tellWithLeave: flag,
  tellLate: flag,
  graceMinutes: minutes,
  confirmation: { ...text, enum: ['NOT_NEEDED', 'NEEDED'] },
  longestWaitMinutes: minutes,
  citation: text,
  setAt: { type: Date, required: true },
  setBy: text,
});
schema.index({ schoolId: 1, effectiveFrom: 1 });
export const policyDocuments = defineCollection<PolicyDocument>('absence_policies', schema);

export interface AbsencePolicies {
  find(id: string): Promise<LaidDown | undefined>;
  /** Every policy the school ever laid down. */
  all(): Promise<readonly LaidDown[]>;
  insert(policy: AbsencePolicy, set: { readonly at: Date; readonly by: string }): void;
}

export function openAbsencePolicies(session: Session): AbsencePolicies {
  const collection = session.collection(policyDocuments);
  let all: Promise<readonly LaidDown[]> | undefined;
  return {
    find: async (id) => {
      const found = await collection.findOne({ _id: id });
      return found && fromDocument(found);
    },
    // Every mark of a batch asks for them.
    all: () => {
      all ??= collection.find({}).then((found) => found.map(fromDocument));
      return all;
    },
    insert: ({ id, ...policy }, { at, by }) => {
      all = undefined;
      collection.insert({ _id: id, ...policy, setAt: at, setBy: by });
    },
  };
}

function fromDocument({ _id, schoolId: _, effectiveFrom, ...rest }: PolicyDocument): LaidDown {
  return { id: _id, effectiveFrom: effectiveFrom as SchoolDate, ...rest };
}
