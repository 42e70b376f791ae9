import { collection, index, type Page, type PageRequest, rowsOf, type Session, stored, toPage, unique } from '@schoolbell/service-kit';
import { classKey, type SchoolClass } from '../domain/school-class.ts';

const { id, number, text } = stored;

export const classes = collection(
  'classes',
  { id, name: text, grade: number },
  { beside: { key: text }, indexes: [unique({ schoolId: 1, key: 1 }), index({ schoolId: 1, grade: 1, name: 1 })] },
);

export interface ClassStore {
  /** Those of the names that are known, by their key. */
  findNamed(names: readonly string[]): Promise<Map<string, SchoolClass>>;
  /** By grade, then by name; a page goes on after "1 1A". */
  page(page: PageRequest): Promise<Page<SchoolClass>>;
  insert(schoolClass: SchoolClass): void;
}

export function classStore(session: Session): ClassStore {
  const rows = rowsOf(session, classes);
  return {
    async findNamed(names) {
      const found = await rows.all({ key: { $in: [...new Set(names.map(classKey))] } });
      return new Map(found.map((schoolClass) => [classKey(schoolClass.name), schoolClass]));
    },
    async page({ after, size }) {
      const [, grade, name = ''] = /^(\d+) (.*)$/.exec(after) ?? [];
      const filter = grade === undefined ? {} : { $or: [{ grade: { $gt: Number(grade) } }, { grade: Number(grade), name: { $gt: name } }] };
      const found = await rows.all(filter, { sort: { grade: 1, name: 1 }, limit: size + 1 });
      return toPage(found, size, (last) => `${last.grade} ${last.name}`);
    },
    insert: (schoolClass) => rows.insert(schoolClass, { key: classKey(schoolClass.name) }),
  };
}
