import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { defineCollection, type Page, type Session, type Stored, toPage } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { OpenRefund, Refund } from '../../domain/payments/refund.ts';

interface RefundDoc extends Stored {
  studentId: string;
  leftOn: string;
  dueOn: string;
  leaving: number;
  part: number;
  since: Date;
  status: Refund['status'];
  /** Day by which it is to be paid, and the id: the order of the work list. */
  place: string;
  requestedAt?: Date;
  /** Absent once paid or closed. */
  checkAt?: Date;
  amount?: bigint;
  bankReference?: string;
  paidBy?: string;
  /** When it was paid, or closed. */
  closedAt?: Date;
  why?: 'CAME_BACK' | 'NOTHING_LEFT';
}

const schema = new mongoose.Schema({
  studentId: { type: String, required: true },
  leftOn: { type: String, required: true },
  dueOn: { type: String, required: true },
  leaving: { type: Number, required: true },
  part: { type: Number, required: true },
  since: { type: Date, required: true },
  status: { type: String, required: true, enum: ['WATCHED', 'DUE', 'PAID', 'CLOSED'] },
  place: { type: String, required: true },
  requestedAt: Date,
  checkAt: Date,
  amount: BigInt,
  bankReference: String,
  paidBy: String,
  closedAt: Date,
  why: String,
});
schema.index({ schoolId: 1, studentId: 1, leaving: 1, part: 1 }, { unique: true });
schema.index({ schoolId: 1, status: 1, place: 1 });
schema.index({ checkAt: 1 }, { partialFilterExpression: { checkAt: { $exists: true } } });

export const refunds = defineCollection<RefundDoc>('refunds', schema);

export function refundStore(session: Session) {
  const collection = session.collection(refunds);
  return {
    async find(id: string): Promise<Refund | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toRefund(found);
    },
    async list(wanted: { statuses: readonly Refund['status'][]; after: string; size: number }): Promise<Page<Refund>> {
      const { statuses, after, size } = wanted;
      const filter = { status: { $in: [...statuses] }, place: { $gt: after } };
      const found = await collection.find(filter, { sort: { place: 1 }, limit: size + 1 });
      return toPage(found.map(toRefund), size, placeOf);
    },
    /** Those to look at now, of every school in a read across schools. */
    async unchecked(now: Date, limit: number): Promise<{ schoolId: string; refundId: string }[]> {
      const found = await collection.find({ checkAt: { $lte: now } }, { sort: { checkAt: 1 }, limit });
      return found.map(({ _id, schoolId }) => ({ schoolId, refundId: _id }));
    },
    /** Looking at it failed: the others come first. */
    putOff(id: string, checkAt: Date): void {
      collection.update({ _id: id, checkAt: { $exists: true } }, { $set: { checkAt } }, { optional: true });
    },
    /** Once per leaving, in one write that reads nothing: rosters come in batches. */
    watch(refund: OpenRefund): void {
      const { _id, studentId, leaving, part, ...rest } = toDoc(refund);
      refunds.check({ _id, studentId, leaving, part, schoolId: session.schoolId, ...rest });
      collection.update({ studentId, leaving, part }, { $setOnInsert: { _id, ...rest } }, { upsert: true });
    },
    save(refund: Refund): void {
      collection.replace(toDoc(refund));
    },
  };
}

function placeOf({ dueOn, id }: Refund): string {
  return `${dueOn} ${id}`;
}

function toDoc(refund: Refund): Omit<RefundDoc, 'schoolId'> {
  const { id, studentId, leftOn, dueOn, leaving, part, since, status } = refund;
  const doc = { _id: id, studentId, leftOn, dueOn, leaving, part, since, status, place: placeOf(refund) };
  switch (refund.status) {
    case 'WATCHED':
    case 'DUE': {
      const { requestedAt, checkAt } = refund;
      return { ...doc, checkAt, ...(requestedAt ? { requestedAt } : {}) };
    }
    case 'PAID': {
      const { amount, bankReference, paidBy, paidAt } = refund;
      return { ...doc, amount: amount.minorUnits, bankReference, paidBy, closedAt: paidAt };
    }
    case 'CLOSED':
      return { ...doc, closedAt: refund.closedAt, why: refund.why };
  }
}

function toRefund(doc: RefundDoc): Refund {
  const { _id: id, studentId, leaving, part, since, requestedAt, checkAt = since, closedAt = since } = doc;
  const base = { id, studentId, leftOn: doc.leftOn as SchoolDate, dueOn: doc.dueOn as SchoolDate, leaving, part, since };
  switch (doc.status) {
    case 'WATCHED':
    case 'DUE':
      return { ...base, status: doc.status, requestedAt, checkAt };
    case 'PAID': {
      const { amount = 0n, bankReference = '', paidBy = '' } = doc;
      return { ...base, status: 'PAID', amount: vnd(amount), bankReference, paidBy, paidAt: closedAt };
    }
    case 'CLOSED':
      return { ...base, status: 'CLOSED', closedAt, why: doc.why ?? 'NOTHING_LEFT' };
  }
}
