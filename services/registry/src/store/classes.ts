import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import { Schema } from 'mongoose';
import { classKey, type SchoolClass } from '../domain/school-class.ts';

interface ClassDocument extends Stored {
  key: string;
  name: string;
  grade: number;
}

export const classes = defineCollection<ClassDocument>(
  'classes',
  new Schema({ key: { type: String, required: true }, name: { type: String, required: true }, grade: { type: Number, required: true } })
    .index({ schoolId: 1, key: 1 }, { unique: true })
    .index({ schoolId: 1, grade: 1, name: 1 }),
);

/** Where a page of classes begins: after this one. */
export interface ClassCursor {
  readonly grade: number;
  readonly name: string;
}

export interface ClassStore {
  /** Those of the names that are known, by their key. */
  findNamed(names: readonly string[]): Promise<Map<string, SchoolClass>>;
  /** By grade, then by name. */
  page(after: ClassCursor | undefined, size: number): Promise<SchoolClass[]>;
  insert(schoolClass: SchoolClass): void;
}

export function classStore(session: Session): ClassStore {
  const collection = session.collection(classes);
  return {
    async findNamed(names) {
      const found = await collection.find({ key: { $in: [...new Set(names.map(classKey))] } });
      return new Map(found.map((document) => [document.key, toClass(document)]));
    },
    async page(after, size) {
      const filter = after ? { $or: [{ grade: { $gt: after.grade } }, { grade: after.grade, name: { $gt: after.name } }] } : {};
      return (await collection.find(filter, { sort: { grade: 1, name: 1 }, limit: size })).map(toClass);
    },
    insert: ({ id, name, grade }) => collection.insert({ _id: id, key: classKey(name), name, grade }),
  };
}

function toClass({ _id, name, grade }: ClassDocument): SchoolClass {
  return { id: _id, name, grade };
}
