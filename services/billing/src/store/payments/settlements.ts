import { isPositive } from '@schoolbell/kernel';
import type { DocumentOf, Session } from '@schoolbell/service-kit';
import type { Invoice } from '../../domain/invoices/invoice.ts';
import type { Booking, PlacedBooking } from '../../domain/ledger/booking.ts';
import type { PaymentAttempt, PaymentNotice, Receipt } from '../../domain/payments/payment.ts';
import { invoiceStore, invoices } from '../invoices/invoices.ts';
import { ledgerStore } from '../ledger/ledger.ts';
import { attemptStore, attempts } from './attempts.ts';
import { type NoticeDoc, type NoticeState, notices } from './notices.ts';
import { receiptStore, receipts, toReceipt } from './receipts.ts';

/** What is stored about the order and the money of a notice. */
export interface PaymentRecords {
  readonly attempt: PaymentAttempt | undefined;
  readonly invoice: Invoice | undefined;
  readonly receipt: Receipt | undefined;
  /** When the first copy of the notice was kept, and how far it was brought; read only where its order is known. */
  readonly keptAt: Date | undefined;
  readonly state: NoticeState | undefined;
}

type Joined = DocumentOf<typeof attempts> & {
  receipt: DocumentOf<typeof receipts>[];
  invoice: DocumentOf<typeof invoices>[];
  kept: Pick<NoticeDoc, 'keptAt' | 'state'>[];
};

/** Everything that settling looks at, in one round trip, since each trip counts on the path of every payment; and all it writes for money. */
export function settlementStore(session: Session) {
  const { schoolId } = session;
  const known = session.collection(attempts);
  const money = receiptStore(session);
  const book = ({ receipt, entry }: Booking): void => {
    if (entry.kind === 'SUSPENSE_RESOLVED') money.placed(receipt);
    else money.insert(receipt);
    ledgerStore(session).append([entry]);
  };
  return {
    book,
    /** Money that goes on an invoice changes that too, and the attempt it came by. */
    place(booking: PlacedBooking): void {
      const { placed, succeeded } = booking;
      book(booking);
      if (isPositive(placed.applied)) invoiceStore(session).save(placed.invoice);
      if (succeeded) attemptStore(session).save(succeeded);
    },
    async lookUp({ id, orderRef, gateway, gatewayTransaction }: PaymentNotice): Promise<PaymentRecords> {
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
            pipeline: [{ $match: { _id: id, schoolId } }, { $project: { _id: 0, keptAt: 1, state: 1 } }],
            as: 'kept',
          },
        },
      ]);
      if (found) {
        const { receipt, invoice, kept, ...attempt } = found;
        return {
          attempt: attempts.read(attempt),
          receipt: receipt[0] && toReceipt(receipt[0]),
          invoice: invoice[0] && invoices.read(invoice[0]),
          keptAt: kept[0]?.keptAt,
          state: kept[0]?.state,
        };
      }
      const receipt = await money.ofTransaction(gateway, gatewayTransaction);
      return { attempt: undefined, invoice: undefined, receipt, keptAt: undefined, state: undefined };
    },
  };
}
