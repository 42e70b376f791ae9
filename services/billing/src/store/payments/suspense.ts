import { type Money, vnd } from '@schoolbell/kernel';
import { defineCollection, type Page, type Session, type Stored, toPage } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { ResolvedItem, SuspenseItem, SuspenseReason } from '../../domain/payments/suspense.ts';

interface SuspenseDoc extends Stored {
  status: SuspenseItem['status'];
  reason: SuspenseReason;
  gateway: string;
  gatewayTransaction: string;
  orderRef: string;
  amount: bigint;
  /** Absent where the notice named none, and in items of before it was kept. */
  namedAmount?: bigint;
  paidAt?: Date;
  receiptId?: string;
  since: Date;
  resolvedAt?: Date;
  resolution?: string;
  resolvedBy?: string;
  invoiceId?: string;
}

const schema = new mongoose.Schema({
  status: { type: String, required: true, enum: ['WAITING', 'RESOLVED'] },
  reason: {
    type: String,
    required: true,
    enum: ['UNKNOWN_ORDER', 'AMOUNT_DIFFERS', 'HELD_BY_GATEWAY', 'OUTCOME_UNKNOWN', 'TRANSACTION_DIFFERS'],
  },
  gateway: { type: String, required: true },
  gatewayTransaction: { type: String, required: true },
  orderRef: { type: String, required: true },
  amount: { type: BigInt, required: true },
  namedAmount: BigInt,
  paidAt: Date,
  receiptId: String,
  since: { type: Date, required: true },
  resolvedAt: Date,
  resolution: String,
  resolvedBy: String,
  invoiceId: String,
});
// A notice that comes ten times is one item.
schema.index({ schoolId: 1, orderRef: 1, gateway: 1, gatewayTransaction: 1, reason: 1 }, { unique: true });
schema.index({ schoolId: 1, status: 1, _id: 1 });

export const suspenseItems = defineCollection<SuspenseDoc>('suspense', schema);

type Subject = Pick<SuspenseItem, 'orderRef' | 'gateway' | 'gatewayTransaction'>;

/** The work list. Ids rise with time, so their order is oldest first. */
export function suspenseStore(session: Session) {
  const collection = session.collection(suspenseItems);
  return {
    async find(id: string): Promise<SuspenseItem | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toItem(found);
    },
    /** The item about the same money for the same reason: there is at most one. */
    async sameAs({ orderRef, gateway, gatewayTransaction }: Subject, reason: SuspenseReason): Promise<SuspenseItem | undefined> {
      const found = await collection.findOne({ orderRef, gateway, gatewayTransaction, reason });
      return found && toItem(found);
    },
    /** Open questions about what became of these orders. */
    async doubtsAbout(orderRefs: readonly string[]): Promise<SuspenseItem[]> {
      const reason = { $in: ['HELD_BY_GATEWAY' as const, 'OUTCOME_UNKNOWN' as const] };
      return (await collection.find({ orderRef: { $in: [...orderRefs] }, status: 'WAITING', reason })).map(toItem);
    },
    async list({ includeResolved, after, size }: { includeResolved: boolean; after: string; size: number }): Promise<Page<SuspenseItem>> {
      const status = includeResolved ? { $in: ['WAITING' as const, 'RESOLVED' as const] } : ('WAITING' as const);
      const found = await collection.find({ status, _id: { $gt: after } }, { sort: { _id: 1 }, limit: size + 1 });
      return toPage(found.map(toItem), size, (item) => item.id);
    },
    insert(item: SuspenseItem): void {
      collection.insert(toDoc(item));
    },
    /** A question whose money came after all. */
    gotMoney(item: SuspenseItem): void {
      collection.replace(toDoc(item), { receiptId: { $exists: false } });
    },
    resolved(item: ResolvedItem, { status }: SuspenseItem): void {
      collection.replace(toDoc(item), { status });
    },
  };
}

function toDoc(item: SuspenseItem): Omit<SuspenseDoc, 'schoolId'> {
  const { id, status, reason, gateway, gatewayTransaction, orderRef, amount, namedAmount, paidAt, receiptId, since } = item;
  const doc = {
    _id: id,
    status,
    reason,
    gateway,
    gatewayTransaction,
    orderRef,
    amount: amount.minorUnits,
    ...(namedAmount ? { namedAmount: namedAmount.minorUnits } : {}),
    ...(paidAt ? { paidAt } : {}),
    ...(receiptId ? { receiptId } : {}),
    since,
  };
  if (item.status === 'WAITING') return doc;
  const { resolvedAt, resolution, resolvedBy, invoiceId } = item;
  return { ...doc, resolvedAt, resolution, resolvedBy, ...(invoiceId ? { invoiceId } : {}) };
}

function toItem(doc: SuspenseDoc): SuspenseItem {
  const { _id, reason, gateway, gatewayTransaction, orderRef, paidAt, receiptId, since } = doc;
  const { resolvedAt, resolution = '', resolvedBy = '', invoiceId } = doc;
  const amount = vnd(doc.amount);
  const told = { id: _id, reason, gateway, gatewayTransaction, orderRef, amount, namedAmount: namedIn(doc), paidAt, receiptId, since };
  return resolvedAt === undefined
    ? { ...told, status: 'WAITING' }
    : { ...told, status: 'RESOLVED', resolvedAt, resolution, resolvedBy, invoiceId };
}

/** An item of before the named amount was kept still tells it where its money was booked: all of it was. */
function namedIn({ amount, namedAmount = amount }: SuspenseDoc): Money | undefined {
  return namedAmount > 0n ? vnd(namedAmount) : undefined;
}
