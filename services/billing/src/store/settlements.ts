import type { Session } from '@schoolbell/service-kit';
import type { Invoice } from '../domain/invoice.ts';
import type { PaymentAttempt, PaymentNotice, Receipt } from '../domain/payment.ts';
import { type AttemptDoc, attempts, toAttempt } from './attempts.ts';
import { type InvoiceDoc, invoices, toInvoice } from './invoices.ts';
import { notices } from './notices.ts';
import { type ReceiptDoc, receipts, toReceipt } from './receipts.ts';

/** What is known of the order and of the money that a notice tells of. */
export interface Known {
  readonly attempt: PaymentAttempt | undefined;
  readonly invoice: Invoice | undefined;
  readonly receipt: Receipt | undefined;
  /** When the first copy of the notice was kept; read only where its order is known. */
  readonly keptAt: Date | undefined;
}

type Joined = AttemptDoc & { receipt: ReceiptDoc[]; invoice: InvoiceDoc[]; kept: { keptAt: Date }[] };

/** Everything that settling looks at, in one round trip: on the path of every payment each trip counts. */
export function settlementStore(session: Session) {
  const { schoolId } = session;
  const known = session.collection(attempts);
  const money = session.collection(receipts);
  return {
    async lookUp({ id, orderRef, gateway, gatewayTransaction }: PaymentNotice): Promise<Known> {
      // The kit scopes the attempts; what is joined to them is scoped here.
      const [found] = await known.aggregate<Joined>([
        { $match: { _id: orderRef } },
        { $lookup: { from: receipts.name, pipeline: [{ $match: { schoolId, gateway, gatewayTransaction } }], as: 'receipt' } },
        {
          $lookup: {
            from: invoices.name,
            localField: 'invoiceId',
            foreignField: '_id',
            pipeline: [{ $match: { schoolId } }],
            as: 'invoice',
          },
        },
        {
          $lookup: {
            from: notices.name,
            pipeline: [{ $match: { _id: id, schoolId } }, { $project: { _id: 0, keptAt: 1 } }],
            as: 'kept',
          },
        },
      ]);
      if (found) {
        const { receipt, invoice, kept, ...attempt } = found;
        return {
          attempt: toAttempt(attempt),
          receipt: receipt[0] && toReceipt(receipt[0]),
          invoice: invoice[0] && toInvoice(invoice[0]),
          keptAt: kept[0]?.keptAt,
        };
      }
      const receipt = await money.findOne({ gateway, gatewayTransaction });
      return { attempt: undefined, invoice: undefined, receipt: receipt && toReceipt(receipt), keptAt: undefined };
    },
  };
}
