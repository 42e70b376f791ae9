import type { SchoolDate } from '@schoolbell/kernel';
import { collection, index, lockRows, type Page, type PageRequest, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import { type LunchSupport, supportSources } from '../../domain/meals/support.ts';

const { day, dong, id, maybe, oneOf, text, yes } = stored;

const support = {
  ...{ id, studentId: text, amountPerDay: dong, effectiveFrom: day, effectiveUntil: maybe(day) },
  ...{ source: oneOf(...supportSources), citation: text, settledUntil: day },
};

export const supports = collection('lunch_supports', support, {
  // While days may still come.
  beside: { running: maybe(yes) },
  indexes: [index({ schoolId: 1, studentId: 1, _id: 1 }), index({ schoolId: 1, _id: 1 }), index({ settledUntil: 1 }, { running: true })],
});

/** By school and pupil: of two who grant rights to one pupil at once, one runs again and finds what the other granted. */
export const supportedPupils = lockRows('supported_pupils', 'changes');

export function supportStore(session: Session) {
  const rows = rowsOf(session, supports);
  const lock = (studentId: string): void => supportedPupils.take(session, `${session.schoolId}/${studentId}`);
  const running = ({ effectiveUntil, settledUntil }: LunchSupport) =>
    effectiveUntil === undefined || settledUntil < effectiveUntil ? { running: true as const } : {};
  return {
    find: (id: string): Promise<LunchSupport | undefined> => rows.one({ _id: id }),
    ofStudents: (studentIds: readonly string[]): Promise<LunchSupport[]> => rows.all({ studentId: { $in: [...studentIds] } }),
    list: ({ studentId, ...page }: PageRequest & { readonly studentId?: string | undefined }): Promise<Page<LunchSupport>> =>
      rows.page(studentId === undefined ? {} : { studentId }, page),
    /** Rights with days before `day` that nobody has looked at. */
    unsettled: (day: SchoolDate, limit: number): Promise<LunchSupport[]> =>
      rows.all({ running: true, settledUntil: { $lt: day } }, { sort: { settledUntil: 1 }, limit }),
    /** Schools that have such rights; for a read across schools. */
    unsettledSchools: (day: SchoolDate) => rows.schools({ running: true, settledUntil: { $lt: day } }),
    insert(granted: LunchSupport): void {
      lock(granted.studentId);
      rows.insert(granted, running(granted));
    },
    save(changed: LunchSupport): void {
      lock(changed.studentId);
      rows.replace(changed, {}, running(changed));
    },
    settled({ id, effectiveUntil }: LunchSupport, settledUntil: SchoolDate): void {
      const ended = effectiveUntil !== undefined && effectiveUntil <= settledUntil;
      rows.documents.update({ _id: id }, ended ? { $set: { settledUntil }, $unset: { running: '' } } : { $set: { settledUntil } });
    },
  };
}
