import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Followed, keepNewest, onceRead, type Session } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Guardian, Guardianship, Language } from '../../domain/roster/roster.ts';

interface GuardianshipDocument {
  studentId: string;
  from: string;
  until?: string;
}

interface GuardianDocument extends Followed {
  wantsNotices: boolean;
  guardianships: GuardianshipDocument[];
  changedAt?: Date;
  /** These three only of somebody who asked for notices. */
  name?: string;
  email?: string;
  language?: Language;
}

const text = { type: String, required: true };
const guardianship = new mongoose.Schema({ studentId: text, from: text, until: String }, { _id: false });
const schema = new mongoose.Schema({
  wantsNotices: { type: Boolean, required: true },
  guardianships: { type: [guardianship], required: true },
  changedAt: Date,
  name: String,
  email: String,
  language: { type: String, enum: ['vi', 'en'] },
  version: { type: Number, required: true },
});
schema.index({ schoolId: 1, 'guardianships.studentId': 1 });
export const guardianDocuments = defineCollection<GuardianDocument>('guardians', schema);

export interface Guardians {
  find(ids: readonly string[]): Promise<Guardian[]>;
  /** Whoever is or was answerable for one of these pupils. */
  ofStudents(studentIds: readonly string[]): Promise<Guardian[]>;
  follow(guardian: Guardian, version: number): void;
}

export function openGuardians(session: Session): Guardians {
  const collection = session.collection(guardianDocuments);
  const ofStudents = onceRead<Guardian>(async (ids) => {
    const found = (await collection.find({ 'guardianships.studentId': { $in: [...ids] } })).map(fromDocument);
    const answerable = Map.groupBy(
      found.flatMap((guardian) => [...new Set(guardian.guardianships.map(({ studentId }) => studentId))].map((id) => ({ id, guardian }))),
      ({ id }) => id,
    );
    return ids.flatMap((id) => (answerable.get(id) ?? []).map(({ guardian }) => [id, guardian] as const));
  });
  return {
    find: async (ids) => (await collection.find({ _id: { $in: [...ids] } })).map(fromDocument),
    // Whoever is answerable for two of them is one.
    ofStudents: async (ids) => [...new Map((await ofStudents.all(ids)).map((guardian) => [guardian.id, guardian])).values()],
    follow: (guardian, version) => {
      ofStudents.forget();
      keepNewest(guardianDocuments, collection, toDocument(guardian, session.schoolId, version));
    },
  };
}

function toDocument(guardian: Guardian, schoolId: string, version: number): GuardianDocument {
  const { id, wantsNotices, guardianships, changedAt } = guardian;
  const ties = guardianships.map((tie) => ({ ...tie }));
  const known = { _id: id, schoolId, wantsNotices, guardianships: ties, version, ...(changedAt ? { changedAt } : {}) };
  if (!guardian.wantsNotices) return known;
  const { name, email, language } = guardian;
  return { ...known, name, email, language };
}

function fromDocument(document: GuardianDocument): Guardian {
  const { _id, wantsNotices, guardianships, changedAt, name = '', email = '', language = 'vi' } = document;
  const known = { id: _id, guardianships: guardianships.map(fromTie), ...(changedAt ? { changedAt } : {}) };
  return wantsNotices ? { ...known, wantsNotices, name, email, language } : { ...known, wantsNotices };
}

function fromTie({ studentId, from, until }: GuardianshipDocument): Guardianship {
  const tie = { studentId, from: from as SchoolDate };
  return until === undefined ? tie : { ...tie, until: until as SchoolDate };
}
