import { access } from '@schoolbell/contracts';
import {
  type AccountBalance,
  type PaymentAttempt as AttemptMessage,
  type FeeItem as FeeItemMessage,
  PaymentAttemptStatus,
} from '@schoolbell/contracts/school/billing/v1/billing';
import { BillingServiceService } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { err, ok, type Result } from '@schoolbell/kernel';
import { type Handlers, type RpcService, rpcService } from '@schoolbell/service-kit';
import type { FeeItem } from '../domain/invoices/fees.ts';
import type { Movement } from '../domain/ledger/ledger.ts';
import type { PaymentAttempt } from '../domain/payments/payment.ts';
import { invoiceMessage, moneyMessage, suspenseMessage } from '../events.ts';
import { defineFeeItem } from '../usecases/invoices/define-fee-item.ts';
import { getInvoice } from '../usecases/invoices/get-invoice.ts';
import { getInvoiceRun } from '../usecases/invoices/get-invoice-run.ts';
import { issueInvoice } from '../usecases/invoices/issue-invoice.ts';
import { listFeeItems } from '../usecases/invoices/list-fee-items.ts';
import { listInvoices } from '../usecases/invoices/list-invoices.ts';
import { startInvoiceRun } from '../usecases/invoices/start-invoice-run.ts';
import { voidInvoice } from '../usecases/invoices/void-invoice.ts';
import { listBalances } from '../usecases/ledger/list-balances.ts';
import { getPaymentAttempt } from '../usecases/payments/get-payment-attempt.ts';
import { listSuspense } from '../usecases/payments/list-suspense.ts';
import { resolveSuspense } from '../usecases/payments/resolve-suspense.ts';
import { startPayment } from '../usecases/payments/start-payment.ts';
import { answer, keyed, withInput } from './answers.ts';
import type { GatewayDeps } from './deps.ts';
import { type Gateway, type Merchant, validSecrets } from './gateways/gateway.ts';
import { vnpay } from './gateways/vnpay.ts';
import {
  attemptIdInput,
  balancesInput,
  feeItemInput,
  invoiceIdInput,
  invoiceInput,
  invoicesInput,
  pageInput,
  paymentInput,
  read as readInput,
  resolveInput,
  runIdInput,
  runInput,
  suspenseInput,
  toToken,
  voidInput,
} from './input.ts';
import { mealHandlers } from './meal-rpc.ts';
import { runMessage } from './messages.ts';
import { type GatewayRefused, refused } from './refusals.ts';

const gateways = new Map<string, Gateway>([[vnpay.name, vnpay]]);

/** The gRPC face of billing: each RPC reads its request, runs one use case and tells its result. */
export function billingRpc(deps: GatewayDeps): RpcService {
  const { transact, read, wake } = deps;
  return rpcService(BillingServiceService, access, {
    ...paymentHandlers(deps),
    ...mealHandlers(deps),
    defineFeeItem: (request, scope) =>
      withInput(readInput(feeItemInput, request), async ({ feeItem }) => {
        const defined = await transact(scope, (tx) => defineFeeItem(tx, feeItem));
        return answer(defined, (item) => ({ feeItem: feeItemMessage(item) }));
      }),
    listFeeItems: (request, scope) =>
      withInput(readInput(pageInput, request), async ({ page }) => {
        const { rows, next } = await read(scope, (tx) => listFeeItems(tx, page));
        return ok({ feeItems: rows.map(feeItemMessage), page: { nextToken: toToken(next) } });
      }),
    issueInvoice: (request, scope) =>
      withInput(keyed(readInput(invoiceInput, request), scope, 'invoiceId'), async (order) => {
        const issued = await transact(scope, (tx) => issueInvoice(tx, order));
        return answer(issued, (invoice) => ({ invoice: invoiceMessage(invoice) }));
      }),
    voidInvoice: (request, scope) =>
      withInput(readInput(voidInput, request), async (input) => {
        const voided = await transact(scope, (tx) => voidInvoice(tx, input));
        return answer(voided, (invoice) => ({ invoice: invoiceMessage(invoice) }));
      }),
    startInvoiceRun: (request, scope) =>
      withInput(keyed(readInput(runInput, request), scope, 'runId'), async (order) => {
        const started = await transact(scope, (tx) => startInvoiceRun(tx, order));
        wake('invoice-runs');
        return answer(started, (run) => ({ run: runMessage(run) }));
      }),
    getInvoiceRun: (request, scope) =>
      withInput(readInput(runIdInput, request), async ({ runId }) => {
        const found = await read(scope, (tx) => getInvoiceRun(tx, runId));
        return answer(found, (run) => ({ run: runMessage(run) }));
      }),
    getInvoice: (request, scope) =>
      withInput(readInput(invoiceIdInput, request), async ({ invoiceId }) => {
        const found = await read(scope, (tx) => getInvoice(tx, invoiceId));
        return answer(found, (invoice) => ({ invoice: invoiceMessage(invoice) }));
      }),
    listInvoices: (request, scope) =>
      withInput(readInput(invoicesInput, request), async ({ studentId, status, page }) => {
        const wanted = { ...page, ...(studentId ? { studentId } : {}), ...(status ? { status } : {}) };
        const { rows, next } = await read(scope, (tx) => listInvoices(tx, wanted));
        return ok({ invoices: rows.map(invoiceMessage), page: { nextToken: toToken(next) } });
      }),
  });
}

function paymentHandlers({ transact, read, merchants, config, now }: GatewayDeps) {
  return {
    createPaymentUrl: (request, scope) =>
      withInput(keyed(readInput(paymentInput, request), scope, 'attemptId'), async ({ amount, ...input }) => {
        const ready = gatewayFor(merchants.ofSchool(input.gateway, scope.schoolId), { name: input.gateway, now: now() });
        if (!ready.ok) return refused(ready.refusal);
        const { gateway, merchant } = ready.value;
        const terms = {
          schoolCode: merchant.schoolCode,
          amountLimit: gateway.amountLimit,
          expiresAfterMs: config.SCHOOLBELL_PAYMENT_MINUTES * 60_000,
        };
        const started = await transact(scope, (tx) => startPayment(tx, { ...input, ...terms, amount }));
        return answer(started, (attempt) => ({ attempt: attemptMessage(attempt), url: gateway.payUrl(merchant, attempt, now()) }));
      }),
    getPaymentAttempt: (request, scope) =>
      withInput(readInput(attemptIdInput, request), async ({ attemptId }) => {
        const found = await read(scope, (tx) => getPaymentAttempt(tx, { attemptId }));
        return answer(found, (attempt) => ({ attempt: attemptMessage(attempt) }));
      }),
    listBalances: (request, scope) =>
      withInput(readInput(balancesInput, request), async ({ prefix, page }) => {
        const { rows, next, totalDebits, totalCredits } = await transact(scope, (tx) => listBalances(tx, { prefix, ...page }));
        const totals = { totalDebits: moneyMessage(totalDebits), totalCredits: moneyMessage(totalCredits) };
        return ok({ balances: rows.map(balanceMessage), ...totals, page: { nextToken: toToken(next) } });
      }),
    listSuspense: (request, scope) =>
      withInput(readInput(suspenseInput, request), async ({ includeResolved, page }) => {
        const { rows, next } = await read(scope, (tx) => listSuspense(tx, { includeResolved, ...page }));
        return ok({ items: rows.map(suspenseMessage), page: { nextToken: toToken(next) } });
      }),
    resolveSuspense: (request, { caller, ...scope }) =>
      withInput(keyed(readInput(resolveInput, request), scope, 'suspenseId'), async (input) => {
        const resolved = await transact(scope, (tx) => resolveSuspense(tx, { ...input, decidedBy: caller.subject }));
        return answer(resolved, (item) => ({ item: suspenseMessage(item) }));
      }),
  } satisfies Partial<Handlers<typeof BillingServiceService>>;
}

function gatewayFor(
  merchant: Merchant | undefined,
  { name, now }: { name: string; now: Date },
): Result<{ gateway: Gateway; merchant: Merchant }, GatewayRefused> {
  const gateway = gateways.get(name);
  if (!gateway) return err({ code: 'GATEWAY_UNKNOWN', gateway: name, known: [...gateways.keys()] });
  if (!merchant || validSecrets(merchant, now).length === 0) return err({ code: 'GATEWAY_NOT_CONFIGURED', gateway: name });
  return ok({ gateway, merchant });
}

function feeItemMessage({ id, unitPrice, effectiveUntil, ...same }: FeeItem): FeeItemMessage {
  return { feeItemId: id, ...same, unitPrice: moneyMessage(unitPrice), effectiveUntil: effectiveUntil ?? '' };
}

function balanceMessage({ account, debit, credit }: Movement): AccountBalance {
  return { account, debits: moneyMessage(debit), credits: moneyMessage(credit) };
}

function attemptMessage(attempt: PaymentAttempt): AttemptMessage {
  const { id, invoiceId, gateway, orderRef, amount, status, createdAt, noticeAt } = attempt;
  const settled =
    'settledAt' in attempt
      ? { settledAt: attempt.settledAt, gatewayTransaction: attempt.gatewayTransaction }
      : { settledAt: undefined, gatewayTransaction: '' };
  return {
    attemptId: id,
    invoiceId,
    gateway,
    orderRef,
    amount: moneyMessage(amount),
    status: PaymentAttemptStatus[status],
    createdAt,
    noticeAt,
    ...settled,
  };
}
