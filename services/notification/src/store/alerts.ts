import { type Money, vnd } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Alert, CreditReason, Fact, OpenAlert, SettledAlert, ToldAlert } from '../domain/alert.ts';

interface PaymentDocument {
  paidAt?: Date;
  gateway: string;
  transaction: string;
}

interface FactDocument {
  kind: Fact['kind'];
  invoiceId: string;
  invoiceTitle: string;
  studentName: string;
  /** What the alert tells of in the first place: paid, received or credited; đồng. */
  amount: bigint;
  outstanding?: bigint;
  className?: string;
  reason?: CreditReason;
  payment?: PaymentDocument;
}

/** `_id` is the event's id. The fact, which names a pupil, is gone once the alert is settled: ten minutes after it was told. */
interface AlertDocument extends Stored {
  status: Alert['status'];
  studentId: string;
  kind: Fact['kind'];
  occurredAt?: Date;
  announcedAt?: Date;
  traceparent?: string;
  fact?: FactDocument;
  heardAt?: Date;
  lookAgainAt?: Date;
  toldAt?: Date;
  deliveries?: number;
  settledAt?: Date;
}

// Not $exists: only a range lets MongoDB answer from the index alone.
const everLooking = { lookAgainAt: { $gt: new Date(0) } };
const text = { type: String, required: true };
const kind = { type: String, required: true, enum: ['INVOICE_PAID', 'PAYMENT_RECEIVED', 'ACCOUNT_CREDITED'] };
const payment = new mongoose.Schema({ paidAt: Date, gateway: text, transaction: text }, { _id: false });
const fact = new mongoose.Schema(
  {
    kind,
    invoiceId: text,
    invoiceTitle: text,
    studentName: text,
    amount: { type: BigInt, required: true },
    outstanding: BigInt,
    className: String,
    reason: { type: String, enum: ['OVERPAID', 'PAID_TWICE', 'INVOICE_VOID', 'OTHER'] },
    payment,
  },
  { _id: false },
);
const schema = new mongoose.Schema({
  status: { type: String, required: true, enum: ['WAITING', 'TOLD', 'COMPOSED', 'EXPIRED'] },
  studentId: text,
  kind,
  occurredAt: Date,
  announcedAt: Date,
  traceparent: String,
  fact,
  heardAt: Date,
  lookAgainAt: Date,
  toldAt: Date,
  deliveries: Number,
  settledAt: Date,
});
schema.index({ schoolId: 1, lookAgainAt: 1 }, { partialFilterExpression: everLooking });
// Those that still wait for anybody at all are few; without it they would be counted among all that were told in the last minutes.
schema.index({ schoolId: 1 }, { partialFilterExpression: { status: 'WAITING' } });
export const alertDocuments = defineCollection<AlertDocument>('alerts', schema);

export interface Alerts {
  known(eventId: string): Promise<boolean>;
  insert(alert: Alert): void;
  /** Alerts whose turn to look at the roster has come, the longest due first. */
  toLookAgain(limit: number): Promise<OpenAlert[]>;
  postpone(alert: OpenAlert, lookAgainAt: Date): void;
  tell(before: OpenAlert, after: ToldAlert): void;
  settle(before: OpenAlert, after: SettledAlert): void;
  /** Those that wait for their first guardian. */
  countWaiting(): Promise<number>;
  /** Across schools: those with an alert whose turn has come. */
  schoolsToLook(): Promise<string[]>;
}

export function openAlerts(session: Session): Alerts {
  const collection = session.collection(alertDocuments);
  return {
    known: async (eventId) => (await collection.findOne({ _id: eventId }, { projection: { _id: 1 } })) !== undefined,
    insert: (alert) => collection.insert(documentOf(alert)),
    toLookAgain: async (limit) =>
      (await collection.find({ lookAgainAt: { $lte: session.now } }, { sort: { lookAgainAt: 1 }, limit })).map(fromDocument),
    postpone: ({ origin, status }, lookAgainAt) => collection.update({ _id: origin.eventId, status }, { $set: { lookAgainAt } }),
    tell: (before, after) => collection.replace(openDocument(after), { status: before.status }),
    settle: (before, after) => collection.replace(settledDocument(after), { status: before.status }),
    countWaiting: () => collection.count({ status: 'WAITING' }),
    schoolsToLook: async () => {
      const due = await collection.aggregate<{ _id: string }>([
        { $match: { schoolId: { $gt: '' }, lookAgainAt: { $gt: new Date(0), $lte: session.now } } },
        { $group: { _id: '$schoolId' } },
      ]);
      return due.map(({ _id }) => _id);
    },
  };
}

function documentOf(alert: Alert): Omit<AlertDocument, 'schoolId'> {
  return alert.status === 'WAITING' || alert.status === 'TOLD' ? openDocument(alert) : settledDocument(alert);
}

function settledDocument({ eventId, status, studentId, kind, deliveries, settledAt }: SettledAlert): Omit<AlertDocument, 'schoolId'> {
  return { _id: eventId, status, studentId, kind, deliveries, settledAt };
}

function openDocument(alert: OpenAlert): Omit<AlertDocument, 'schoolId'> {
  const { origin, fact, heardAt, lookAgainAt } = alert;
  const { eventId, studentId, occurredAt, announcedAt, traceparent } = origin;
  const document = {
    _id: eventId,
    status: alert.status,
    studentId,
    kind: fact.kind,
    occurredAt,
    announcedAt,
    fact: factDocument(fact),
    heardAt,
    lookAgainAt,
    ...(alert.status === 'TOLD' ? { toldAt: alert.toldAt, deliveries: alert.deliveries } : {}),
  };
  return traceparent === undefined ? document : { ...document, traceparent };
}

function factDocument(fact: Fact): FactDocument {
  const { kind, invoiceId, invoiceTitle, studentName } = fact;
  const bill = { kind, invoiceId, invoiceTitle, studentName };
  switch (fact.kind) {
    case 'INVOICE_PAID':
      return { ...bill, amount: fact.paid.minorUnits, className: fact.className, payment: { ...fact.payment } };
    case 'PAYMENT_RECEIVED':
      return { ...bill, amount: fact.received.minorUnits, outstanding: fact.outstanding.minorUnits, payment: { ...fact.payment } };
    case 'ACCOUNT_CREDITED':
      return { ...bill, amount: fact.amount.minorUnits, reason: fact.reason };
  }
}

function fromDocument(document: AlertDocument): OpenAlert {
  const { _id, status, studentId, occurredAt, announcedAt, traceparent, fact, heardAt, lookAgainAt, toldAt, deliveries = 0 } = document;
  if (!fact || !occurredAt || !announcedAt || !heardAt || !lookAgainAt) throw new Error(`Alert ${_id} waits without a fact`);
  const origin = { eventId: _id, studentId, occurredAt, announcedAt };
  const open = { origin: traceparent === undefined ? origin : { ...origin, traceparent }, fact: factFrom(fact), heardAt, lookAgainAt };
  return status === 'TOLD' && toldAt ? { ...open, status, toldAt, deliveries } : { ...open, status: 'WAITING' };
}

function factFrom({
  kind,
  invoiceId,
  invoiceTitle,
  studentName,
  amount,
  outstanding,
  className = '',
  reason = 'OTHER',
  payment,
}: FactDocument): Fact {
  const bill = { invoiceId, invoiceTitle, studentName };
  const money: Money = vnd(amount);
  switch (kind) {
    case 'INVOICE_PAID':
      return { ...bill, kind, className, paid: money, payment: payment ?? { gateway: '', transaction: '' } };
    case 'PAYMENT_RECEIVED':
      return { ...bill, kind, received: money, outstanding: vnd(outstanding ?? 0n), payment: payment ?? { gateway: '', transaction: '' } };
    case 'ACCOUNT_CREDITED':
      return { ...bill, kind, amount: money, reason };
  }
}
