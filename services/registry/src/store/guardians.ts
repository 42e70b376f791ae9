import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import { Schema } from 'mongoose';
import { type Guardian, type GuardianField, type Guardianship, guardianFields } from '../domain/guardian.ts';
import type { Language } from '../domain/stated-guardian.ts';

interface GuardianDocument extends Stored {
  version: number;
  key: string;
  fullName: string;
  phone?: string;
  email?: string;
  language: Language;
  wantsNotices: boolean;
  guardianships: Guardianship[];
  provenance: Partial<Record<GuardianField, string>>;
}

const text = { type: String, required: true };
const provenance = new Schema(Object.fromEntries(guardianFields.map((field) => [field, String])), { _id: false });
const relations = ['MOTHER', 'FATHER', 'GRANDPARENT', 'OTHER'];
const guardianship = new Schema(
  { studentId: text, relation: { ...text, enum: relations }, validFrom: text, validUntil: String },
  { _id: false },
);

export const guardians = defineCollection<GuardianDocument>(
  'guardians',
  new Schema({
    version: { type: Number, required: true },
    key: text,
    fullName: text,
    phone: String,
    email: String,
    language: { ...text, enum: ['vi', 'en'] },
    wantsNotices: { type: Boolean, required: true },
    guardianships: { type: [guardianship], required: true },
    provenance: { type: provenance, required: true },
  })
    .index({ schoolId: 1, key: 1 }, { unique: true })
    .index({ schoolId: 1, _id: 1 })
    .index({ schoolId: 1, 'guardianships.studentId': 1, _id: 1 }),
);

export interface GuardianPage {
  /** Only those who are answerable for this pupil on `today`. */
  readonly studentId?: string | undefined;
  readonly today: SchoolDate;
  /** Id of the last guardian of the page before. */
  readonly after?: string | undefined;
  readonly size: number;
}

export interface GuardianStore {
  find(id: string): Promise<Guardian | undefined>;
  findByKeys(keys: readonly string[]): Promise<Guardian[]>;
  /** Those with a guardianship of one of these pupils that has no end. */
  findOf(studentIds: readonly string[]): Promise<Guardian[]>;
  /** In the order of their ids. */
  page(page: GuardianPage): Promise<Guardian[]>;
  insert(guardian: Guardian): void;
  /** `guardian` is one version further than what is stored. */
  save(guardian: Guardian): void;
}

export function guardianStore(session: Session): GuardianStore {
  const collection = session.collection(guardians);
  return {
    async find(id) {
      const found = await collection.findOne({ _id: id });
      return found && toGuardian(found);
    },
    findByKeys: async (keys) => (keys.length === 0 ? [] : (await collection.find({ key: { $in: [...keys] } })).map(toGuardian)),
    async findOf(studentIds) {
      if (studentIds.length === 0) return [];
      const tie = { $elemMatch: { studentId: { $in: [...studentIds] }, validUntil: { $exists: false } } };
      return (await collection.find({ 'guardianships.studentId': { $in: [...studentIds] }, guardianships: tie })).map(toGuardian);
    },
    async page({ studentId, today, after, size }) {
      const holds = [{ validUntil: { $exists: false } }, { validUntil: { $gt: today } }];
      const filter = {
        ...(studentId === undefined
          ? {}
          : { 'guardianships.studentId': studentId, guardianships: { $elemMatch: { studentId, $or: holds } } }),
        ...(after === undefined ? {} : { _id: { $gt: after } }),
      };
      return (await collection.find(filter, { sort: { _id: 1 }, limit: size })).map(toGuardian);
    },
    insert: (guardian) => collection.insert(toDocument(guardian)),
    save: (guardian) => collection.replace(toDocument(guardian), { version: guardian.version - 1 }),
  };
}

function toDocument({ id, guardianships, ...guardian }: Guardian): Omit<GuardianDocument, 'schoolId'> {
  return { _id: id, ...guardian, guardianships: [...guardianships] };
}

function toGuardian({ _id, schoolId: _, ...document }: GuardianDocument): Guardian {
  return { id: _id, ...document };
}
