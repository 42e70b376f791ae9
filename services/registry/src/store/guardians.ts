import type { SchoolDate } from '@schoolbell/kernel';
import { collection, index, type Page, type PageRequest, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import { type Guardian, type GuardianField, guardianFields } from '../domain/guardian.ts';

const { day, flag, id, list, number, oneOf, optional, part, text } = stored;

const relation = oneOf('MOTHER', 'FATHER', 'GRANDPARENT', 'OTHER');
const source = optional(text);
const guardian = {
  ...{ id, version: number, key: text, fullName: text, phone: optional(text), email: optional(text), language: oneOf('vi', 'en') },
  wantsNotices: flag,
  guardianships: list(part({ studentId: text, relation, validFrom: day, validUntil: optional(day) })),
  provenance: part(Object.fromEntries(guardianFields.map((field) => [field, source])) as Record<GuardianField, typeof source>),
};

export const guardians = collection('guardians', guardian, {
  indexes: [unique({ schoolId: 1, key: 1 }), index({ schoolId: 1, _id: 1 }), index({ schoolId: 1, 'guardianships.studentId': 1, _id: 1 })],
});

export interface GuardianPage extends PageRequest {
  /** Only those who are answerable for this pupil on `today`. */
  readonly studentId?: string | undefined;
  readonly today: SchoolDate;
}

export interface GuardianStore {
  find(id: string): Promise<Guardian | undefined>;
  findByKeys(keys: readonly string[]): Promise<Guardian[]>;
  /** Those with a guardianship of one of these pupils that has no end. */
  findOf(studentIds: readonly string[]): Promise<Guardian[]>;
  /** In the order of their ids. */
  page(page: GuardianPage): Promise<Page<Guardian>>;
  insert(guardian: Guardian): void;
  /** `guardian` is one version further than what is stored. */
  save(guardian: Guardian): void;
}

export function guardianStore(session: Session): GuardianStore {
  const rows = rowsOf(session, guardians);
  return {
    find: (id) => rows.one({ _id: id }),
    findByKeys: async (keys) => (keys.length === 0 ? [] : rows.all({ key: { $in: [...keys] } })),
    async findOf(studentIds) {
      if (studentIds.length === 0) return [];
      const tie = { $elemMatch: { studentId: { $in: [...studentIds] }, validUntil: { $exists: false } } };
      return rows.all({ 'guardianships.studentId': { $in: [...studentIds] }, guardianships: tie });
    },
    async page({ studentId, today, ...page }) {
      const holds = [{ validUntil: { $exists: false } }, { validUntil: { $gt: today } }];
      const filter = {
        ...(studentId === undefined
          ? {}
          : { 'guardianships.studentId': studentId, guardianships: { $elemMatch: { studentId, $or: holds } } }),
      };
      return rows.page(filter, page);
    },
    insert: (guardian) => rows.insert(guardian),
    save: (guardian) => rows.replace(guardian, { version: guardian.version - 1 }),
  };
}
