import { vnd } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { NoticeOutcome, PaymentNotice } from '../../domain/payments/payment.ts';
import { type Answer, nextTryAt } from '../../domain/payments/settlement.ts';

export type NoticeState = 'KEPT' | 'WAITING' | 'DONE' | 'UNREADABLE';

/** `_id` is the gateway and a hash of the raw message, so that its copies fall together. */
export interface NoticeDoc extends Stored {
  gateway: string;
  raw: string;
  keptAt: Date;
  /** KEPT: not settled yet. WAITING: its order is not known yet. UNREADABLE: signed, but lacking what it takes. */
  state: NoticeState;
  /** When the sweeper settles it unless somebody else does before; absent when nothing is left to do. */
  retryAt?: Date;
  notice?: NoticeFields;
  answer?: Answer;
}

interface NoticeFields {
  orderRef: string;
  amount?: bigint;
  gatewayTransaction: string;
  outcome: NoticeOutcome;
  paidAt?: Date;
}

const fields = new mongoose.Schema(
  {
    orderRef: { type: String, required: true },
    amount: BigInt,
    gatewayTransaction: { type: String, required: true },
    outcome: { type: String, required: true, enum: ['SUCCEEDED', 'FAILED', 'HELD', 'UNKNOWN'] },
    paidAt: Date,
  },
  { _id: false },
);
const schema = new mongoose.Schema({
  gateway: { type: String, required: true },
  raw: { type: String, required: true },
  keptAt: { type: Date, required: true },
  state: { type: String, required: true, enum: ['KEPT', 'WAITING', 'DONE', 'UNREADABLE'] },
  retryAt: Date,
  notice: fields,
  answer: { type: String, enum: ['CONFIRMED', 'ALREADY_CONFIRMED', 'UNKNOWN_ORDER', 'AMOUNT_DIFFERS'] },
});
schema.index({ retryAt: 1 }, { partialFilterExpression: { retryAt: { $exists: true } } });

export const notices = defineCollection<NoticeDoc>('notices', schema);

interface KeptNotice {
  readonly schoolId: string;
  readonly notice: PaymentNotice;
  readonly keptAt: Date;
}

// Long enough for the request that brought it to settle it, short enough to be soon after a crash.
const graceMs = 30_000;

/** Verified gateway messages as they came, kept before anything is decided about them. */
export function noticeStore(session: Session) {
  const collection = session.collection(notices);
  // A copy changes nothing, lest it disturb whoever settles the notice.
  const keep = (id: string, first: Omit<NoticeDoc, '_id' | 'schoolId' | 'keptAt'>): void =>
    collection.update({ _id: id }, { $setOnInsert: { ...first, keptAt: session.now } }, { upsert: true });
  return {
    keep({ id, gateway, orderRef, amount, gatewayTransaction, outcome, paidAt }: PaymentNotice, raw: string): void {
      const notice = {
        orderRef,
        gatewayTransaction,
        outcome,
        ...(amount ? { amount: amount.minorUnits } : {}),
        ...(paidAt ? { paidAt } : {}),
      };
      keep(id, { gateway, raw, state: 'KEPT', retryAt: new Date(session.now.getTime() + graceMs), notice });
    },
    keepUnreadable({ id, gateway }: { id: string; gateway: string }, raw: string): void {
      keep(id, { gateway, raw, state: 'UNREADABLE' });
    },
    /** How far it was brought; undefined of one that never came. */
    async stateOf({ id }: PaymentNotice): Promise<NoticeState | undefined> {
      return (await collection.findOne({ _id: id }, { projection: { state: 1 } }))?.state;
    },
    settled({ id, outcome }: PaymentNotice, answer: Answer, keptAt: Date): void {
      const left = { _id: id, state: { $ne: 'DONE' as const } };
      if (answer === 'UNKNOWN_ORDER' && outcome === 'SUCCEEDED') {
        // A copy that comes before the next look is due changes nothing.
        const due = { _id: id, $or: [{ state: 'KEPT' as const }, { state: 'WAITING' as const, retryAt: { $lt: session.now } }] };
        collection.update(due, { $set: { state: 'WAITING', answer, retryAt: nextTryAt(keptAt, session.now) } }, { optional: true });
      } else if (answer === 'UNKNOWN_ORDER') {
        // No money waits for the order, so nobody looks for it again.
        collection.update(left, { $set: { state: 'WAITING', answer }, $unset: { retryAt: '' } }, { optional: true });
      } else {
        collection.update(left, { $set: { state: 'DONE', answer }, $unset: { retryAt: '' } }, { optional: true });
      }
    },
    /** Settling it failed: the others come first. */
    putOff({ notice, keptAt }: Pick<KeptNotice, 'notice' | 'keptAt'>): void {
      const due = { _id: notice.id, retryAt: { $lt: session.now } };
      collection.update(due, { $set: { retryAt: nextTryAt(keptAt, session.now) } }, { optional: true });
    },
    /** Notices that nobody settled, or whose order was unknown; for a read across schools. */
    async due(now: Date, limit: number): Promise<KeptNotice[]> {
      const found = await collection.find({ retryAt: { $lt: now } }, { sort: { retryAt: 1 }, limit });
      return found.flatMap((doc) =>
        doc.notice ? [{ schoolId: doc.schoolId, keptAt: doc.keptAt, notice: toNotice(doc, doc.notice) }] : [],
      );
    },
  };
}

function toNotice({ _id, gateway }: NoticeDoc, { orderRef, amount, gatewayTransaction, outcome, paidAt }: NoticeFields): PaymentNotice {
  return { id: _id, gateway, orderRef, amount: amount === undefined ? undefined : vnd(amount), gatewayTransaction, outcome, paidAt };
}
