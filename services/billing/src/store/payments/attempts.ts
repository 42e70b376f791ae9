import { vnd } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { AttemptState, PaymentAttempt } from '../../domain/payments/payment.ts';

/** `_id` is the order reference: it is what a notice brings. */
export interface AttemptDoc extends Stored {
  attemptId: string;
  invoiceId: string;
  studentId: string;
  gateway: string;
  amount: bigint;
  wholeAmount: boolean;
  orderInfo: string;
  payerIp: string;
  language: 'vi' | 'en';
  createdAt: Date;
  expiresAt: Date;
  status: PaymentAttempt['status'];
  noticeAt?: Date;
  settledAt?: Date;
  gatewayTransaction?: string;
  receiptId?: string;
  version: number;
}

const schema = new mongoose.Schema({
  attemptId: { type: String, required: true },
  invoiceId: { type: String, required: true },
  studentId: { type: String, required: true },
  gateway: { type: String, required: true },
  amount: { type: BigInt, required: true },
  wholeAmount: { type: Boolean, required: true },
  orderInfo: { type: String, required: true },
  payerIp: { type: String, required: true },
  language: { type: String, required: true, enum: ['vi', 'en'] },
  createdAt: { type: Date, required: true },
  expiresAt: { type: Date, required: true },
  status: { type: String, required: true, enum: ['PENDING', 'EXPIRED', 'FAILED', 'UNKNOWN', 'HELD', 'SUCCEEDED'] },
  noticeAt: Date,
  settledAt: Date,
  gatewayTransaction: String,
  receiptId: String,
  version: { type: Number, required: true },
});
schema.index({ schoolId: 1, attemptId: 1 }, { unique: true });
schema.index({ schoolId: 1, invoiceId: 1 }, { partialFilterExpression: { status: { $in: ['HELD', 'UNKNOWN'] } } });
schema.index({ expiresAt: 1 }, { partialFilterExpression: { status: 'PENDING' } });

export const attempts = defineCollection<AttemptDoc>('attempts', schema);

export function attemptStore(session: Session) {
  const collection = session.collection(attempts);
  return {
    async findByOrder(orderRef: string): Promise<PaymentAttempt | undefined> {
      const found = await collection.findOne({ _id: orderRef });
      return found && toAttempt(found);
    },
    async find(attemptId: string): Promise<PaymentAttempt | undefined> {
      const found = await collection.findOne({ attemptId });
      return found && toAttempt(found);
    },
    /** Attempts to pay the invoice whose money the gateway holds, or does not know of. */
    async inDoubt(invoiceId: string): Promise<PaymentAttempt[]> {
      return (await collection.find({ invoiceId, status: { $in: ['HELD', 'UNKNOWN'] } })).map(toAttempt);
    },
    /** Schools with attempts whose time ran out before `now`; for a read across schools. */
    async schoolsWithOverdue(now: Date): Promise<string[]> {
      const rows = await collection.aggregate<{ _id: string }>([
        { $match: { status: 'PENDING', expiresAt: { $lt: now } } },
        { $limit: 1_000 },
        { $group: { _id: '$schoolId' } },
      ]);
      return rows.map(({ _id }) => _id);
    },
    async overdue(now: Date, limit: number): Promise<PaymentAttempt[]> {
      const found = await collection.find({ status: 'PENDING', expiresAt: { $lt: now } }, { sort: { expiresAt: 1 }, limit });
      return found.map(toAttempt);
    },
    insert(attempt: PaymentAttempt): void {
      collection.insert(toDoc(attempt));
    },
    save(attempt: PaymentAttempt): void {
      collection.replace(toDoc(attempt), { version: attempt.version - 1 });
    },
  };
}

function toDoc(attempt: PaymentAttempt): Omit<AttemptDoc, 'schoolId'> {
  const {
    id,
    orderRef,
    invoiceId,
    studentId,
    gateway,
    amount,
    wholeAmount,
    orderInfo,
    payerIp,
    language,
    createdAt,
    expiresAt,
    noticeAt,
    status,
    version,
  } = attempt;
  const asked = {
    invoiceId,
    studentId,
    gateway,
    amount: amount.minorUnits,
    wholeAmount,
    orderInfo,
    payerIp,
    language,
    createdAt,
    expiresAt,
  };
  return { _id: orderRef, attemptId: id, ...asked, status, ...(noticeAt ? { noticeAt } : {}), ...outcomeOf(attempt), version };
}

function outcomeOf(attempt: PaymentAttempt): Pick<AttemptDoc, 'settledAt' | 'gatewayTransaction' | 'receiptId'> {
  switch (attempt.status) {
    case 'PENDING':
    case 'EXPIRED':
      return {};
    case 'FAILED':
    case 'HELD':
    case 'UNKNOWN':
      return { settledAt: attempt.settledAt, gatewayTransaction: attempt.gatewayTransaction };
    case 'SUCCEEDED':
      return { settledAt: attempt.settledAt, gatewayTransaction: attempt.gatewayTransaction, receiptId: attempt.receiptId };
  }
}

export function toAttempt(doc: AttemptDoc): PaymentAttempt {
  const {
    _id,
    attemptId,
    invoiceId,
    studentId,
    gateway,
    wholeAmount,
    orderInfo,
    payerIp,
    language,
    createdAt,
    expiresAt,
    noticeAt,
    version,
  } = doc;
  const asked = {
    id: attemptId,
    orderRef: _id,
    invoiceId,
    studentId,
    gateway,
    amount: vnd(doc.amount),
    wholeAmount,
    orderInfo,
    payerIp,
    language,
  };
  return { ...asked, createdAt, expiresAt, noticeAt, version, ...stateOf(doc) };
}

function stateOf({ _id, status, settledAt, gatewayTransaction = '', receiptId = '' }: AttemptDoc): AttemptState {
  if (status === 'PENDING' || status === 'EXPIRED') return { status };
  if (!settledAt) throw new Error(`Attempt ${_id} is ${status} without a time`);
  return status === 'SUCCEEDED' ? { status, settledAt, gatewayTransaction, receiptId } : { status, settledAt, gatewayTransaction };
}
