import type { SchoolDate } from '@schoolbell/kernel';
import { collection, index, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { ToldHalfDay } from '../domain/calendar-walk.ts';
import { type Change, isOutOfPlace } from '../domain/change.ts';
import type { AbsentHalfDay } from '../domain/counting.ts';
import type { Session as DaySession } from '../domain/half-day.ts';
import { isAbsent, type MarkKind } from '../domain/mark.ts';

const { day, instant, since, text, textOf } = stored;

const absence = {
  ...{ studentId: text, date: day, session: textOf<DaySession>(), kind: textOf<Exclude<MarkKind, 'PRESENT'>>() },
  reportedAt: since(instant, new Date(0)),
};

export const absences = collection('absences', absence, { indexes: [index({ schoolId: 1, studentId: 1, date: 1 })] });

/**
 * The half-days in which a pupil stands as absent or late, one row each, as others were told: what is counted. Derived from roll calls and
 * leave, in the transaction that changes them.
 */
export function absenceStore(session: Session) {
  const rows = rowsOf(session, absences);
  return {
    async ofPupil(studentId: string, firstDay: SchoolDate, lastDay: SchoolDate): Promise<AbsentHalfDay[]> {
      const found = await rows.all({ studentId, date: { $gte: firstDay, $lte: lastDay } }, { sort: { date: 1 } });
      return found.flatMap(({ date, session: half, kind }) => (isAbsent(kind) ? [{ date, session: half, kind }] : []));
    },
    /** What others were told of these pupils over a span of days. */
    async told(studentIds: readonly string[], firstDay: SchoolDate, lastDay: SchoolDate): Promise<ReadonlyMap<string, ToldHalfDay[]>> {
      const found = await rows.all({ studentId: { $in: [...studentIds] }, date: { $gte: firstDay, $lte: lastDay } });
      const ofPupil = Map.groupBy(found, ({ studentId }) => studentId);
      return new Map([...ofPupil].map(([studentId, each]) => [studentId, each.map(({ studentId: _, ...told }) => told)]));
    },
    keep({ pupil, halfDay: { date, session: half }, before, after }: Change): void {
      const _id = `${pupil.id}:${date}:${half}`;
      if (isOutOfPlace(after)) {
        const { kind, reportedAt } = after;
        const facts = { studentId: pupil.id, date, session: half };
        rows.documents.update({ _id }, { $set: { kind, reportedAt }, $setOnInsert: facts }, { upsert: true });
      } else if (isOutOfPlace(before)) rows.documents.delete({ _id });
    },
  };
}
