import type { Session } from '@schoolbell/service-kit';
import { attemptStore } from './store/attempts.ts';
import { feeItemStore } from './store/fee-items.ts';
import { invoiceRunStore } from './store/invoice-runs.ts';
import { invoiceStore } from './store/invoices.ts';
import { ledgerStore } from './store/ledger.ts';
import { mealMonthStore } from './store/meal-months.ts';
import { noticeStore } from './store/notices.ts';
import { receiptStore } from './store/receipts.ts';
import { refundStore } from './store/refunds.ts';
import { sealStore } from './store/seals.ts';
import { settlementStore } from './store/settlements.ts';
import { studentStore } from './store/students.ts';
import { supportStore } from './store/supports.ts';
import { suspenseStore } from './store/suspense.ts';

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
export type { RunningRun } from './store/invoice-runs.ts';
export type { KeptNotice } from './store/notices.ts';
export type { Page } from './store/page.ts';
