import type { Session } from '@schoolbell/service-kit';
import { feeItemStore } from './store/invoices/fee-items.ts';
import { invoiceRunStore } from './store/invoices/invoice-runs.ts';
import { invoiceStore } from './store/invoices/invoices.ts';
import { ledgerStore } from './store/ledger/ledger.ts';
import { sealStore } from './store/ledger/seals.ts';
import { mealMonthStore } from './store/meals/meal-months.ts';
import { supportStore } from './store/meals/supports.ts';
import { attemptStore } from './store/payments/attempts.ts';
import { noticeStore } from './store/payments/notices.ts';
import { receiptStore } from './store/payments/receipts.ts';
import { refundStore } from './store/payments/refunds.ts';
import { settlementStore } from './store/payments/settlements.ts';
import { suspenseStore } from './store/payments/suspense.ts';
import { studentStore } from './store/roster/students.ts';

/** All that a use case of billing may hold: the stores of one school inside one transaction, the outbox, and the time. */
export function billingTx(session: Session) {
  return {
    now: session.now,
    newId: () => session.newId(),
    emit: session.emit,
    students: studentStore(session),
    feeItems: feeItemStore(session),
    invoices: invoiceStore(session),
    invoiceRuns: invoiceRunStore(session),
    mealMonths: mealMonthStore(session),
    supports: supportStore(session),
    refunds: refundStore(session),
    attempts: attemptStore(session),
    notices: noticeStore(session),
    receipts: receiptStore(session),
    settlements: settlementStore(session),
    suspense: suspenseStore(session),
    ledger: ledgerStore(session),
    seals: sealStore(session),
  };
}

export type BillingTx = ReturnType<typeof billingTx>;
export type { Page } from '@schoolbell/service-kit';
export type { RunningRun } from './store/invoices/invoice-runs.ts';
