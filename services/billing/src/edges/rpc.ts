import { BillingServiceService } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { ok } from '@schoolbell/kernel';
import { edge, fields, found, type RpcService } from '@schoolbell/service-kit';
import { invoiceMessage, moneyMessage, suspenseMessage } from '../events.ts';
import type { BillingTx } from '../tx.ts';
import { defineFeeItem } from '../usecases/invoices/define-fee-item.ts';
import { issueInvoice } from '../usecases/invoices/issue-invoice.ts';
import { startInvoiceRun } from '../usecases/invoices/start-invoice-run.ts';
import { voidInvoice } from '../usecases/invoices/void-invoice.ts';
import { endLunchSupport } from '../usecases/meals/end-lunch-support.ts';
import { getStudentAccount } from '../usecases/meals/get-student-account.ts';
import { grantLunchSupport } from '../usecases/meals/grant-lunch-support.ts';
import { startMealBillRun } from '../usecases/meals/start-meal-bill-run.ts';
import { listRefunds } from '../usecases/payments/list-refunds.ts';
import { payRefund } from '../usecases/payments/pay-refund.ts';
import { resolveSuspense } from '../usecases/payments/resolve-suspense.ts';
import type { GatewayDeps } from './deps.ts';
import * as invoices from './invoices/input.ts';
import { feeItemMessage, runMessage } from './invoices/messages.ts';
import * as ledger from './ledger/input.ts';
import { balanceMessage } from './ledger/messages.ts';
import * as meals from './meals/input.ts';
import { portionMessage, supportMessage } from './meals/messages.ts';
import * as payments from './payments/input.ts';
import { attemptMessage, refundMessage } from './payments/messages.ts';
import { startPayable } from './payments/pay-url.ts';
import { refused } from './refusals.ts';

const { command, query, list, rpc } = edge<BillingTx>();

const endpoints = {
  defineFeeItem: command(
    invoices.feeItemInput,
    (tx, { feeItem }) => defineFeeItem(tx, feeItem),
    (item) => ({ feeItem: feeItemMessage(item) }),
  ),
  listFeeItems: list(
    invoices.feeItemsInput,
    (tx, { page }) => tx.feeItems.list(page),
    (rows) => ({ feeItems: rows.map(feeItemMessage) }),
  ),
  issueInvoice: command(invoices.invoiceInput, issueInvoice, (invoice) => ({ invoice: invoiceMessage(invoice) }), { key: 'invoiceId' }),
  voidInvoice: command(invoices.voidInput, voidInvoice, (invoice) => ({ invoice: invoiceMessage(invoice) })),
  getInvoice: query(
    invoices.invoiceIdInput,
    (tx, { invoiceId }) => found(tx.invoices.find(invoiceId), { code: 'INVOICE_NOT_FOUND', invoiceId }),
    (invoice) => ({ invoice: invoiceMessage(invoice) }),
  ),
  listInvoices: list(
    invoices.invoicesInput,
    (tx, { page, ...wanted }) => tx.invoices.list({ ...wanted, ...page }),
    (rows) => ({ invoices: rows.map(invoiceMessage) }),
  ),
  startInvoiceRun: command(invoices.runInput, startInvoiceRun, (run) => ({ run: runMessage(run) }), {
    key: 'runId',
    wakes: 'invoice-runs',
  }),
  getInvoiceRun: query(
    invoices.runIdInput,
    (tx, { runId }) => found(tx.invoiceRuns.find(runId), { code: 'INVOICE_RUN_NOT_FOUND', runId }),
    (run) => ({ run: runMessage(run) }),
  ),
  // Page and totals must be of one moment, or a payment between two reads would look like a difference.
  listBalances: query(
    ledger.balancesInput,
    async (tx, { prefix, page }) => ok({ ...(await tx.ledger.balances({ prefix, ...page })), ...(await tx.ledger.totals()) }),
    ({ rows, next, debit, credit }) => ({
      balances: rows.map(balanceMessage),
      ...{ totalDebits: moneyMessage(debit), totalCredits: moneyMessage(credit), page: { nextToken: fields.toToken(next) } },
    }),
    { snapshot: true },
  ),

  getPaymentAttempt: query(
    payments.attemptIdInput,
    (tx, { attemptId }) => found(tx.attempts.find(attemptId), { code: 'ATTEMPT_NOT_FOUND', attempt: attemptId }),
    (attempt) => ({ attempt: attemptMessage(attempt) }),
  ),
  listSuspense: list(
    payments.suspenseInput,
    (tx, { page, ...wanted }) => tx.suspense.list({ ...wanted, ...page }),
    (rows) => ({ items: rows.map(suspenseMessage) }),
  ),
  resolveSuspense: command(
    payments.resolveInput,
    (tx, decision, { caller }) => resolveSuspense(tx, { ...decision, decidedBy: caller.subject }),
    (item) => ({ item: suspenseMessage(item) }),
    { key: 'suspenseId' },
  ),
  listRefunds: list(
    payments.refundsInput,
    (tx, { page, ...wanted }) => listRefunds(tx, { ...wanted, ...page }),
    (rows) => ({ refunds: rows.map(refundMessage) }),
    { snapshot: true },
  ),
  payRefund: command(
    payments.payRefundInput,
    (tx, payment, { caller }) => payRefund(tx, { ...payment, paidBy: caller.subject }),
    ({ refund, studentName }) => ({ refund: refundMessage({ refund, studentName, amount: refund.amount }) }),
    { key: 'refundId' },
  ),

  startMealBillRun: command(meals.billRunInput, startMealBillRun, (run) => ({ run: runMessage(run) }), {
    key: 'runId',
    wakes: 'invoice-runs',
  }),
  getStudentAccount: query(
    meals.accountInput,
    getStudentAccount,
    ({ balance, portions }) => ({ balance: moneyMessage(balance), portions: portions.map(portionMessage) }),
    { snapshot: true },
  ),
  grantLunchSupport: command(
    meals.supportInput,
    (tx, { support }) => grantLunchSupport(tx, support),
    (right) => ({ support: supportMessage(right) }),
    { wakes: 'lunch-support' },
  ),
  endLunchSupport: command(meals.endSupportInput, endLunchSupport, (right) => ({ support: supportMessage(right) }), {
    wakes: 'lunch-support',
  }),
  listLunchSupport: list(
    meals.supportsInput,
    (tx, { page, ...wanted }) => tx.supports.list({ ...wanted, ...page }),
    (rows) => ({ supports: rows.map(supportMessage) }),
  ),
};

/** school.billing.v1.BillingService */
export function billingRpc(deps: GatewayDeps): RpcService {
  return rpc(BillingServiceService, refused, {
    ...endpoints,
    createPaymentUrl: command(
      payments.paymentInput,
      startPayable(deps),
      ({ attempt, url }) => ({ attempt: attemptMessage(attempt), url }),
      { key: 'attemptId' },
    ),
  })(deps);
}
