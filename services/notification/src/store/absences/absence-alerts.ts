import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, onceRead, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import {
  type AbsenceAlert,
  absenceAlertId,
  type Decision,
  type SuppressedAlert,
  type Telling,
} from '../../domain/absences/absence-alert.ts';
import type { HalfDay, Mark, News } from '../../domain/absences/mark.ts';
import type { Origin } from '../../domain/alerts/alert.ts';

interface MarkDocument extends Omit<Mark, 'date'> {
  date: string;
}

/** `_id` names pupil and half-day. Class and half-day stand beside the mark, because a class teacher looks for them. */
interface AbsenceAlertDocument extends Stored {
  status: AbsenceAlert['status'];
  version: number;
  studentId: string;
  classId: string;
  date: string;
  session: HalfDay['session'];
  mark: MarkDocument;
  origin?: Origin;
  news?: News;
  releaseAt?: Date;
  told?: Telling;
  confirmed?: Decision;
  retractedAt?: Date;
  because?: SuppressedAlert['because'];
  decision?: Decision;
  reason?: string;
}

// Not $exists: only a range lets MongoDB answer from the index alone.
const everDue = { releaseAt: { $gt: new Date(0) } };
const text = { type: String, required: true };
const time = { type: Date, required: true };
const half = { date: text, session: { ...text, enum: ['MORNING', 'AFTERNOON'] } };
const part = (fields: mongoose.SchemaDefinition) => new mongoose.Schema(fields, { _id: false });
const kind = { ...text, enum: ['PRESENT', 'LATE', 'ABSENT_WITH_LEAVE', 'ABSENT_WITHOUT_LEAVE', 'EXPECTED', 'NO_SCHOOL'] };
const source = { ...text, enum: ['ROLL_CALL', 'CORRECTION', 'GATE', 'LEAVE', 'OTHER'] };
const news = { type: String, enum: ['ABSENT', 'LATE'] };
const decision = part({ by: text, at: time });
const names = { studentName: text, className: text };
const schema = new mongoose.Schema({
  status: { ...text, enum: ['HELD', 'RELEASED', 'SUPPRESSED', 'RETRACTED'] },
  version: { type: Number, required: true },
  studentId: text,
  classId: text,
  ...half,
  mark: {
    type: part({ studentId: text, classId: text, ...names, ...half, kind, source, reportedAt: time, submittedAt: time }),
    required: true,
  },
  origin: part({ eventId: text, studentId: text, occurredAt: time, announcedAt: time, traceparent: String }),
  news,
  releaseAt: Date,
  told: part({ eventId: text, news: { ...news, required: true }, at: time }),
  confirmed: decision,
  retractedAt: Date,
  because: { type: String, enum: ['CORRECTED', 'NOT_TOLD', 'HELD_BACK', 'CONTINUES', 'STALE'] },
  decision,
  reason: String,
});
schema.index({ schoolId: 1, classId: 1, date: 1, session: 1 });
schema.index({ schoolId: 1, releaseAt: 1 }, { partialFilterExpression: everDue });
export const absenceAlertDocuments = defineCollection<AbsenceAlertDocument>('absence_alerts', schema);

export interface AbsenceAlerts {
  find(studentIds: readonly string[], half: HalfDay): Promise<AbsenceAlert[]>;
  /** Both halves of these pupils' days. */
  ofDays(days: readonly { readonly studentId: string; readonly date: SchoolDate }[]): Promise<AbsenceAlert[]>;
  ofClass(classId: string, half: HalfDay): Promise<AbsenceAlert[]>;
  /** Held ones whose time has come, the longest due first. */
  due(limit: number): Promise<AbsenceAlert[]>;
  /** Whoever else changed it since `before` was read makes the transaction run again. */
  save(before: AbsenceAlert | undefined, after: AbsenceAlert): void;
  /** Across schools: those with one whose time has come. */
  schoolsDue(): Promise<string[]>;
}

export function openAbsenceAlerts(session: Session): AbsenceAlerts {
  const collection = session.collection(absenceAlertDocuments);
  const byId = onceRead<AbsenceAlert>(async (ids) =>
    (await collection.find({ _id: { $in: [...ids] } })).map((document) => [document._id, fromDocument(document)]),
  );
  return {
    find: (studentIds, where) => byId.all(studentIds.map((studentId) => absenceAlertId(studentId, where))),
    ofDays: (days) =>
      byId.all(
        days.flatMap(({ studentId, date }) =>
          (['MORNING', 'AFTERNOON'] as const).map((session) => absenceAlertId(studentId, { date, session })),
        ),
      ),
    ofClass: async (classId, { date, session: halfOfDay }) =>
      (await collection.find({ classId, date, session: halfOfDay }, { sort: { _id: 1 }, limit: mostOfClass })).map(fromDocument),
    due: async (limit) =>
      (await collection.find({ releaseAt: { $gt: new Date(0), $lte: session.now } }, { sort: { releaseAt: 1 }, limit })).map(fromDocument),
    save: (before, after) => {
      const document = toDocument(after);
      byId.forget(document._id);
      if (before) collection.replace(document);
      else collection.insert(document);
    },
    schoolsDue: async () => {
      const due = await collection.aggregate<{ _id: string }>([
        { $match: { schoolId: { $gt: '' }, releaseAt: { $gt: new Date(0), $lte: session.now } } },
        { $group: { _id: '$schoolId' } },
      ]);
      return due.map(({ _id }) => _id);
    },
  };
}

// No class has as many pupils; a class id that thousands share is a slip of an import.
const mostOfClass = 1_000;

function toDocument({ mark, ...state }: AbsenceAlert): Omit<AbsenceAlertDocument, 'schoolId'> {
  const { studentId, classId, date, session } = mark;
  return { _id: absenceAlertId(studentId, mark), studentId, classId, date, session, mark: { ...mark }, ...state };
}

function fromDocument(document: AbsenceAlertDocument): AbsenceAlert {
  const { _id, status, version, origin, news, releaseAt, told, confirmed, retractedAt, because, decision, reason } = document;
  const base = { mark: { ...document.mark, date: document.mark.date as SchoolDate }, version };
  const opening = origin && news && { origin, news };
  const more = { ...(told && { told }), ...(confirmed && { confirmed }) };
  if (status === 'HELD' && opening && releaseAt) return { ...base, ...opening, status, releaseAt, ...more };
  if (status === 'RELEASED' && told) return { ...base, status, told, ...(confirmed && { confirmed }) };
  if (status === 'RETRACTED' && retractedAt) return { ...base, status, retractedAt };
  if (status === 'SUPPRESSED' && (because === 'CORRECTED' || because === 'NOT_TOLD')) return { ...base, status, because };
  if (status === 'SUPPRESSED' && opening && (because === 'CONTINUES' || because === 'STALE'))
    return { ...base, ...opening, status, because };
  if (status === 'SUPPRESSED' && opening && because === 'HELD_BACK' && decision && reason !== undefined)
    return { ...base, ...opening, status, because, decision, reason };
  throw new Error(`Absence alert ${_id} is ${status} without what belongs to it`);
}
