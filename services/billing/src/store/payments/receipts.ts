import { vnd } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Placement, Receipt } from '../../domain/payments/payment.ts';

export interface ReceiptDoc extends Stored {
  gateway: string;
  gatewayTransaction: string;
  orderRef: string;
  amount: bigint;
  paidAt: Date;
  receivedAt: Date;
  placement: Placement['at'];
  suspenseId?: string;
  invoiceId?: string;
  studentId?: string;
  applied?: bigint;
  excess?: bigint;
}

const schema = new mongoose.Schema({
  gateway: { type: String, required: true },
  gatewayTransaction: { type: String, required: true },
  orderRef: { type: String, required: true },
  amount: { type: BigInt, required: true },
  paidAt: { type: Date, required: true },
  receivedAt: { type: Date, required: true },
  placement: { type: String, required: true, enum: ['SUSPENSE', 'INVOICE'] },
  suspenseId: String,
  invoiceId: String,
  studentId: String,
  applied: BigInt,
  excess: BigInt,
});
// Kept for ever: VNPAY signs no time, so this is the only guard against a replay.
schema.index({ schoolId: 1, gateway: 1, gatewayTransaction: 1 }, { unique: true });

export const receipts = defineCollection<ReceiptDoc>('receipts', schema);

/** Money in, once per gateway transaction. */
export function receiptStore(session: Session) {
  const collection = session.collection(receipts);
  return {
    async find(id: string): Promise<Receipt | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toReceipt(found);
    },
    async ofTransaction(gateway: string, gatewayTransaction: string): Promise<Receipt | undefined> {
      const found = await collection.findOne({ gateway, gatewayTransaction });
      return found && toReceipt(found);
    },
    insert(receipt: Receipt): void {
      collection.insert(toDoc(receipt));
    },
    /** Money that stood in suspense has found its place. */
    placed(receipt: Receipt): void {
      collection.replace(toDoc(receipt), { placement: 'SUSPENSE' });
    },
  };
}

function toDoc({ id, amount, placement, ...same }: Receipt): Omit<ReceiptDoc, 'schoolId'> {
  const doc = { _id: id, ...same, amount: amount.minorUnits, placement: placement.at };
  if (placement.at === 'SUSPENSE') return { ...doc, suspenseId: placement.suspenseId };
  const { invoiceId, studentId, applied, excess } = placement;
  return { ...doc, invoiceId, studentId, applied: applied.minorUnits, excess: excess.minorUnits };
}

export function toReceipt(doc: ReceiptDoc): Receipt {
  const { _id, gateway, gatewayTransaction, orderRef, paidAt, receivedAt } = doc;
  return { id: _id, gateway, gatewayTransaction, orderRef, amount: vnd(doc.amount), paidAt, receivedAt, placement: placementOf(doc) };
}

function placementOf({ placement, suspenseId = '', invoiceId = '', studentId = '', applied = 0n, excess = 0n }: ReceiptDoc): Placement {
  if (placement === 'SUSPENSE') return { at: 'SUSPENSE', suspenseId };
  return { at: 'INVOICE', invoiceId, studentId, applied: vnd(applied), excess: vnd(excess) };
}
