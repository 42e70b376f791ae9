import type { SchoolDate } from '@schoolbell/kernel';
import { defineCollection, type Page, type Session, type Stored, toPage } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Session as DaySession } from '../domain/half-day.ts';
import type { LeaveRequest } from '../domain/leave.ts';

export interface LeaveDoc extends Stored {
  studentId: string;
  firstDay: string;
  firstSession: DaySession;
  lastDay: string;
  lastSession: DaySession;
  reason: string;
  reportedAt: Date;
  requestedBy: string;
  requestedAt: Date;
  withdrawnAt?: Date;
  withdrawnFrom?: string;
  /** Absent of what was withdrawn while withdrawals counted by the day: that is from its morning on. */
  withdrawnFromSession?: DaySession;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const schema = new mongoose.Schema({
  studentId: text,
  firstDay: text,
  firstSession: text,
  lastDay: text,
  lastSession: text,
  reason: { type: String },
  reportedAt: time,
  requestedBy: text,
  requestedAt: time,
  withdrawnAt: Date,
  withdrawnFrom: String,
  withdrawnFromSession: String,
});
schema.index({ schoolId: 1, studentId: 1, lastDay: 1 });

export const leaves = defineCollection<LeaveDoc>('leaves', schema);

export function leaveStore(session: Session) {
  const collection = session.collection(leaves);
  return {
    async find(id: string): Promise<LeaveRequest | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toLeave(found);
    },
    /** Leave of these pupils that touches a span of days, also what was withdrawn. */
    async touching(studentIds: readonly string[], firstDay: SchoolDate, lastDay: SchoolDate): Promise<LeaveRequest[]> {
      const filter = { studentId: { $in: [...studentIds] }, lastDay: { $gte: firstDay }, firstDay: { $lte: lastDay } };
      return (await collection.find(filter)).map(toLeave);
    },
    async list(studentId: string, { after, size }: { after: string; size: number }): Promise<Page<LeaveRequest>> {
      const found = await collection.find({ studentId, _id: { $gt: after } }, { sort: { _id: 1 }, limit: size + 1 });
      return toPage(found.map(toLeave), size, ({ id }) => id);
    },
    insert(leave: LeaveRequest): void {
      collection.insert(toDoc(leave));
    },
    withdraw(leave: LeaveRequest): void {
      collection.replace(toDoc(leave), { withdrawnFrom: { $exists: false } });
    },
  };
}

function toDoc(leave: LeaveRequest): Omit<LeaveDoc, 'schoolId'> {
  const { id, studentId, first, last, reason, reportedAt, requestedBy, requestedAt } = leave;
  const doc = {
    _id: id,
    studentId,
    firstDay: first.date,
    firstSession: first.session,
    lastDay: last.date,
    lastSession: last.session,
    reason,
    reportedAt,
    requestedBy,
    requestedAt,
  };
  if (leave.status === 'STANDING') return doc;
  const { withdrawnAt, withdrawnFrom: from } = leave;
  return { ...doc, withdrawnAt, withdrawnFrom: from.date, withdrawnFromSession: from.session };
}

export function toLeave(doc: LeaveDoc): LeaveRequest {
  const {
    _id,
    studentId,
    reason,
    reportedAt,
    requestedBy,
    requestedAt,
    withdrawnAt,
    withdrawnFrom,
    withdrawnFromSession = 'MORNING',
  } = doc;
  const first = { date: doc.firstDay as SchoolDate, session: doc.firstSession };
  const last = { date: doc.lastDay as SchoolDate, session: doc.lastSession };
  const base = { id: _id, studentId, first, last, reason, reportedAt, requestedBy, requestedAt };
  if (!withdrawnAt || withdrawnFrom === undefined) return { ...base, status: 'STANDING' };
  const from = { date: withdrawnFrom as SchoolDate, session: withdrawnFromSession };
  return { ...base, status: 'WITHDRAWN', withdrawnAt, withdrawnFrom: from };
}
