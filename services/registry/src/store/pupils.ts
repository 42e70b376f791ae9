import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import { Schema } from 'mongoose';
import type { Sex } from '../domain/person-number.ts';
import { type Pupil, type PupilField, pupilFields } from '../domain/pupil.ts';
import type { SchoolClass } from '../domain/school-class.ts';

interface PupilDocument extends Stored {
  version: number;
  code?: string;
  fullName: string;
  birthDate: SchoolDate;
  sex: Sex;
  schoolClass: SchoolClass;
  status: 'ENROLLED' | 'LEFT';
  leftOn?: SchoolDate;
  sectorStatus: string;
  provenance: Partial<Record<PupilField, string>>;
}

const text = { type: String, required: true };
const provenance = new Schema(Object.fromEntries(pupilFields.map((field) => [field, String])), { _id: false });

export const pupils = defineCollection<PupilDocument>(
  'pupils',
  new Schema({
    version: { type: Number, required: true },
    code: String,
    fullName: text,
    birthDate: text,
    sex: { ...text, enum: ['FEMALE', 'MALE'] },
    schoolClass: { type: new Schema({ id: text, name: text, grade: { type: Number, required: true } }, { _id: false }), required: true },
    status: { ...text, enum: ['ENROLLED', 'LEFT'] },
    leftOn: String,
    sectorStatus: { type: String },
    provenance: { type: provenance, required: true },
  })
    .index({ schoolId: 1, code: 1 }, { unique: true, partialFilterExpression: { code: { $exists: true } } })
    .index({ schoolId: 1, _id: 1 })
    .index({ schoolId: 1, 'schoolClass.id': 1, _id: 1 }),
);

export interface PupilPage {
  /** Only this class. */
  readonly classId?: string | undefined;
  readonly includeLeft: boolean;
  /** Id of the last pupil of the page before. */
  readonly after?: string | undefined;
  readonly size: number;
}

export interface PupilStore {
  find(id: string): Promise<Pupil | undefined>;
  findByCode(code: string): Promise<Pupil | undefined>;
  findByCodes(codes: readonly string[]): Promise<Pupil[]>;
  findByIds(ids: readonly string[]): Promise<Pupil[]>;
  /** In the order of their ids. */
  page(page: PupilPage): Promise<Pupil[]>;
  /** Enrolled pupils by class id. */
  countByClass(classIds: readonly string[]): Promise<Map<string, number>>;
  insert(pupil: Pupil): void;
  /** `pupil` is one version further than what is stored. */
  save(pupil: Pupil): void;
}

export function pupilStore(session: Session): PupilStore {
  const collection = session.collection(pupils);
  const one = (document: PupilDocument | undefined): Pupil | undefined => document && toPupil(document);
  return {
    find: async (id) => one(await collection.findOne({ _id: id })),
    findByCode: async (code) => one(await collection.findOne({ code })),
    findByCodes: async (codes) => (codes.length === 0 ? [] : (await collection.find({ code: { $in: [...codes] } })).map(toPupil)),
    findByIds: async (ids) => (ids.length === 0 ? [] : (await collection.find({ _id: { $in: [...ids] } })).map(toPupil)),
    async page({ classId, includeLeft, after, size }) {
      const filter = {
        ...(classId === undefined ? {} : { 'schoolClass.id': classId }),
        ...(includeLeft ? {} : { status: 'ENROLLED' as const }),
        ...(after === undefined ? {} : { _id: { $gt: after } }),
      };
      return (await collection.find(filter, { sort: { _id: 1 }, limit: size })).map(toPupil);
    },
    async countByClass(classIds) {
      const counts = await collection.aggregate<{ _id: string; pupils: number }>([
        { $match: { 'schoolClass.id': { $in: classIds }, status: 'ENROLLED' } },
        { $group: { _id: '$schoolClass.id', pupils: { $sum: 1 } } },
      ]);
      return new Map(counts.map(({ _id, pupils }) => [_id, pupils]));
    },
    insert: (pupil) => collection.insert(toDocument(pupil)),
    save: (pupil) => collection.replace(toDocument(pupil), { version: pupil.version - 1 }),
  };
}

function toDocument({ id, ...pupil }: Pupil): Omit<PupilDocument, 'schoolId'> {
  return { _id: id, ...pupil };
}

function toPupil({ _id, schoolId: _, status, leftOn, ...document }: PupilDocument): Pupil {
  const base = { id: _id, ...document };
  return status === 'LEFT' && leftOn !== undefined ? { ...base, status, leftOn } : { ...base, status: 'ENROLLED' };
}
