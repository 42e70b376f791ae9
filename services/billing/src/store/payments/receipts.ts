import { vnd } from '@schoolbell/kernel';
import { collection, type DocumentOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { Receipt } from '../../domain/payments/payment.ts';

const { dong, id, instant, maybe, oneOf, text } = stored;

const receipt = { id, gateway: text, gatewayTransaction: text, orderRef: text, amount: dong, paidAt: instant, receivedAt: instant };
const placed = { placement: oneOf('SUSPENSE', 'INVOICE'), suspenseId: maybe(text), invoiceId: maybe(text), studentId: maybe(text) };

export const receipts = collection('receipts', receipt, {
  beside: { ...placed, applied: maybe(dong), excess: maybe(dong) },
  // Kept for ever: VNPAY signs no time, so this is the only guard against a replay.
  indexes: [unique({ schoolId: 1, gateway: 1, gatewayTransaction: 1 })],
});

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
    insert: (receipt: Receipt) => collection.insert(receipts.write(receipt, placementIn(receipt))),
    /** Money that stood in suspense has found its place. */
    placed: (receipt: Receipt) => collection.replace(receipts.write(receipt, placementIn(receipt)), { placement: 'SUSPENSE' }),
  };
}

function placementIn({ placement }: Receipt) {
  if (placement.at === 'SUSPENSE') return { placement: placement.at, suspenseId: placement.suspenseId };
  const { at, invoiceId, studentId, applied, excess } = placement;
  return { placement: at, invoiceId, studentId, applied: applied.minorUnits, excess: excess.minorUnits };
}

export function toReceipt(document: DocumentOf<typeof receipts>): Receipt {
  const { placement, suspenseId = '', invoiceId = '', studentId = '', applied = 0n, excess = 0n } = document;
  const money = receipts.read(document);
  if (placement === 'SUSPENSE') return { ...money, placement: { at: placement, suspenseId } };
  return { ...money, placement: { at: placement, invoiceId, studentId, applied: vnd(applied), excess: vnd(excess) } };
}
