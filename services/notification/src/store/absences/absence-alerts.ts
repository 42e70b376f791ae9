import type { SchoolDate } from '@schoolbell/kernel';
import { collection, index, ofEachSchool, onceRead, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import { type AbsenceAlert, absenceAlertId } from '../../domain/absences/absence-alert.ts';
import type { HalfDay } from '../../domain/absences/mark.ts';

const { day, instant, number, oneOf, optional, part, states, text } = stored;

const half = { date: day, session: oneOf('MORNING', 'AFTERNOON') };
const kind = oneOf('PRESENT', 'LATE', 'ABSENT_WITH_LEAVE', 'ABSENT_WITHOUT_LEAVE', 'EXPECTED', 'NO_SCHOOL');
const source = oneOf('ROLL_CALL', 'CORRECTION', 'GATE', 'LEAVE', 'OTHER');
const news = oneOf('ABSENT', 'LATE');
const origin = part({ eventId: text, studentId: text, occurredAt: instant, announcedAt: instant, traceparent: optional(text) });
const decision = part({ by: text, at: instant });
const told = part({ eventId: text, news, at: instant });
const alert = {
  mark: part({
    ...{ studentId: text, studentName: text, classId: text, className: text },
    ...half,
    kind,
    source,
    reportedAt: instant,
    submittedAt: instant,
  }),
  version: number,
  status: states({
    HELD: { origin, news, releaseAt: instant, confirmed: optional(decision), told: optional(told) },
    RELEASED: { told, confirmed: optional(decision) },
    RETRACTED: { retractedAt: instant },
    SUPPRESSED: {
      because: states({
        CORRECTED: {},
        NOT_TOLD: {},
        CONTINUES: { origin, news },
        STALE: { origin, news },
        HELD_BACK: { origin, news, decision, reason: text },
      }),
    },
  }),
};

/** `_id` names pupil and half-day. Class and half-day stand beside the mark, because a class teacher looks for them. */
export const absenceAlertDocuments = collection('absence_alerts', alert, {
  beside: { studentId: text, classId: text, ...half },
  indexes: [
    index({ schoolId: 1, classId: 1, date: 1, session: 1 }),
    // Not $exists: only a range lets MongoDB answer from the index alone.
    index({ schoolId: 1, releaseAt: 1 }, { releaseAt: { $gt: new Date(0) } }),
  ],
});

/** What is due, by its id alone: it may not be readable. */
export interface DueAlert {
  readonly schoolId: string;
  readonly id: string;
}

export interface AbsenceAlerts {
  find(studentIds: readonly string[], half: HalfDay): Promise<AbsenceAlert[]>;
  /** Both halves of these pupils' days. */
  ofDays(days: readonly { readonly studentId: string; readonly date: SchoolDate }[]): Promise<AbsenceAlert[]>;
  ofClass(classId: string, half: HalfDay): Promise<AbsenceAlert[]>;
  /** Held ones whose time has come, of these ids or of any, the longest due first. */
  due(limit: number, ids?: readonly string[]): Promise<AbsenceAlert[]>;
  /** Whoever else changed it since `before` was read makes the transaction run again. */
  save(before: AbsenceAlert | undefined, after: AbsenceAlert): void;
  /** Across schools: up to `limit` of each whose time has come. */
  dueOfEachSchool(limit: number): Promise<DueAlert[]>;
  /** Not before `until`, whatever is wrong with it. */
  putOff(id: string, until: Date): void;
}

export function openAbsenceAlerts(session: Session): AbsenceAlerts {
  const rows = rowsOf(session, absenceAlertDocuments);
  const idOf = ({ mark }: AbsenceAlert): string => absenceAlertId(mark.studentId, mark);
  const byId = onceRead<AbsenceAlert>(async (ids) => (await rows.all({ _id: { $in: [...ids] } })).map((alert) => [idOf(alert), alert]));
  const dueNow = { releaseAt: { $gt: new Date(0), $lte: session.now } };
  return {
    find: (studentIds, where) => byId.all(studentIds.map((studentId) => absenceAlertId(studentId, where))),
    ofDays: (days) =>
      byId.all(
        days.flatMap(({ studentId, date }) =>
          (['MORNING', 'AFTERNOON'] as const).map((session) => absenceAlertId(studentId, { date, session })),
        ),
      ),
    ofClass: (classId, { date, session: halfOfDay }) =>
      rows.all({ classId, date, session: halfOfDay }, { sort: { _id: 1 }, limit: mostOfClass }),
    due: (limit, ids) => rows.all({ ...dueNow, ...(ids && { _id: { $in: [...ids] } }) }, { sort: { releaseAt: 1 }, limit }),
    save: (before, after) => {
      const { studentId, classId, date, session: halfOfDay } = after.mark;
      const beside = { _id: idOf(after), studentId, classId, date, session: halfOfDay };
      byId.forget(beside._id);
      if (before) rows.replace(after, {}, beside);
      else rows.insert(after, beside);
    },
    dueOfEachSchool: async (limit) =>
      (await ofEachSchool(rows.documents, { due: dueNow, sort: { releaseAt: 1 }, limit })).map(({ _id, schoolId }) => ({
        schoolId,
        id: _id,
      })),
    putOff: (id, until) =>
      rows.documents.update({ _id: id, releaseAt: dueNow.releaseAt }, { $set: { releaseAt: until } }, { optional: true }),
  };
}

// No class has as many pupils; a class id that thousands share is a slip of an import.
const mostOfClass = 1_000;
