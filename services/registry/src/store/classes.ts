import { collection, index, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import { classKey, type SchoolClass } from '../domain/school-class.ts';

const { id, number, text } = stored;

export const classes = collection(
  'classes',
  { id, name: text, grade: number },
  { beside: { key: text }, indexes: [unique({ schoolId: 1, key: 1 }), index({ schoolId: 1, grade: 1, name: 1 })] },
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
  const rows = rowsOf(session, classes);
  return {
    async findNamed(names) {
      const found = await rows.all({ key: { $in: [...new Set(names.map(classKey))] } });
      return new Map(found.map((schoolClass) => [classKey(schoolClass.name), schoolClass]));
    },
    async page(after, size) {
      const filter = after ? { $or: [{ grade: { $gt: after.grade } }, { grade: after.grade, name: { $gt: after.name } }] } : {};
      return rows.all(filter, { sort: { grade: 1, name: 1 }, limit: size });
    },
    insert: (schoolClass) => rows.insert(schoolClass, { key: classKey(schoolClass.name) }),
  };
}
