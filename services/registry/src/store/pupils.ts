import { collection, index, type Page, type PageRequest, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import { type Pupil, type PupilField, pupilFields } from '../domain/pupil.ts';

const { day, id, number, oneOf, optional, part, states, text } = stored;

const source = optional(text);
const pupil = {
  ...{ id, version: number, code: optional(text), fullName: text, birthDate: day, sex: oneOf('FEMALE', 'MALE') },
  schoolClass: part({ id: text, name: text, grade: number }),
  status: states({ ENROLLED: {}, LEFT: { leftOn: day } }),
  sectorStatus: text,
  provenance: part(Object.fromEntries(pupilFields.map((field) => [field, source])) as Record<PupilField, typeof source>),
};

export const pupils = collection('pupils', pupil, {
  indexes: [
    unique({ schoolId: 1, code: 1 }, { code: { $exists: true } }),
    index({ schoolId: 1, _id: 1 }),
    index({ schoolId: 1, 'schoolClass.id': 1, _id: 1 }),
  ],
});

export interface PupilPage extends PageRequest {
  /** Only this class. */
  readonly classId?: string | undefined;
  readonly includeLeft: boolean;
}

export interface PupilStore {
  find(id: string): Promise<Pupil | undefined>;
  findByCode(code: string): Promise<Pupil | undefined>;
  findByCodes(codes: readonly string[]): Promise<Pupil[]>;
  findByIds(ids: readonly string[]): Promise<Pupil[]>;
  /** In the order of their ids. */
  page(page: PupilPage): Promise<Page<Pupil>>;
  /** Enrolled pupils by class id. */
  countByClass(classIds: readonly string[]): Promise<Map<string, number>>;
  insert(pupil: Pupil): void;
  /** `pupil` is one version further than what is stored. */
  save(pupil: Pupil): void;
}

export function pupilStore(session: Session): PupilStore {
  const rows = rowsOf(session, pupils);
  return {
    find: (id) => rows.one({ _id: id }),
    findByCode: (code) => rows.one({ code }),
    findByCodes: async (codes) => (codes.length === 0 ? [] : rows.all({ code: { $in: [...codes] } })),
    findByIds: async (ids) => (ids.length === 0 ? [] : rows.all({ _id: { $in: [...ids] } })),
    page({ classId, includeLeft, ...page }) {
      const filter = {
        ...(classId === undefined ? {} : { 'schoolClass.id': classId }),
        ...(includeLeft ? {} : { status: 'ENROLLED' as const }),
      };
      return rows.page(filter, page);
    },
    async countByClass(classIds) {
      const counts = await rows.documents.aggregate<{ _id: string; pupils: number }>([
        { $match: { 'schoolClass.id': { $in: classIds }, status: 'ENROLLED' } },
        { $group: { _id: '$schoolClass.id', pupils: { $sum: 1 } } },
      ]);
      return new Map(counts.map(({ _id, pupils }) => [_id, pupils]));
    },
    insert: (pupil) => rows.insert(pupil),
    save: (pupil) => rows.replace(pupil, { version: pupil.version - 1 }),
  };
}
