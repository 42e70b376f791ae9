import type { BillingServiceService } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { ok } from '@schoolbell/kernel';
import type { Handlers } from '@schoolbell/service-kit';
import { moneyMessage } from '../events.ts';
import { endLunchSupport } from '../usecases/meals/end-lunch-support.ts';
import { getStudentAccount } from '../usecases/meals/get-student-account.ts';
import { grantLunchSupport } from '../usecases/meals/grant-lunch-support.ts';
import { listLunchSupport } from '../usecases/meals/list-lunch-support.ts';
import { startMealBillRun } from '../usecases/meals/start-meal-bill-run.ts';
import { listRefunds } from '../usecases/payments/list-refunds.ts';
import { payRefund } from '../usecases/payments/pay-refund.ts';
import { answer, keyed, withInput } from './answers.ts';
import type { GatewayDeps } from './deps.ts';
import {
  accountInput,
  endSupportInput,
  mealBillInput,
  payRefundInput,
  read as readInput,
  refundsInput,
  supportInput,
  supportsInput,
  toToken,
} from './input.ts';
import { portionMessage, refundMessage, runMessage, supportMessage } from './messages.ts';

/** Meal bills, public lunch support, and the money of pupils who left. */
export function mealHandlers({ transact, read, wake }: Pick<GatewayDeps, 'transact' | 'read' | 'wake'>) {
  return {
    startMealBillRun: (request, scope) =>
      withInput(keyed(readInput(mealBillInput, request), scope, 'runId'), async (order) => {
        const started = await transact(scope, (tx) => startMealBillRun(tx, order));
        wake('invoice-runs');
        return answer(started, (run) => ({ run: runMessage(run) }));
      }),
    getStudentAccount: (request, scope) =>
      withInput(readInput(accountInput, request), async (input) => {
        const found = await transact(scope, (tx) => getStudentAccount(tx, input));
        return answer(found, ({ balance, portions }) => ({ balance: moneyMessage(balance), portions: portions.map(portionMessage) }));
      }),
    grantLunchSupport: (request, scope) =>
      withInput(readInput(supportInput, request), async ({ support }) => {
        const granted = await transact(scope, (tx) => grantLunchSupport(tx, support));
        wake('lunch-support');
        return answer(granted, (right) => ({ support: supportMessage(right) }));
      }),
    endLunchSupport: (request, scope) =>
      withInput(readInput(endSupportInput, request), async (input) => {
        const ended = await transact(scope, (tx) => endLunchSupport(tx, input));
        wake('lunch-support');
        return answer(ended, (right) => ({ support: supportMessage(right) }));
      }),
    listLunchSupport: (request, scope) =>
      withInput(readInput(supportsInput, request), async ({ studentId, page }) => {
        const wanted = { ...page, ...(studentId ? { studentId } : {}) };
        const { rows, next } = await read(scope, (tx) => listLunchSupport(tx, wanted));
        return ok({ supports: rows.map(supportMessage), page: { nextToken: toToken(next) } });
      }),
    listRefunds: (request, scope) =>
      withInput(readInput(refundsInput, request), async ({ includeClosed, page }) => {
        const { rows, next } = await transact(scope, (tx) => listRefunds(tx, { includeClosed, ...page }));
        return ok({ refunds: rows.map(refundMessage), page: { nextToken: toToken(next) } });
      }),
    payRefund: (request, { caller, ...scope }) =>
      withInput(keyed(readInput(payRefundInput, request), scope, 'refundId'), async (input) => {
        const paid = await transact(scope, (tx) => payRefund(tx, { ...input, paidBy: caller.subject }));
        return answer(paid, ({ refund, studentName }) => ({ refund: refundMessage({ refund, studentName, amount: refund.amount }) }));
      }),
  } satisfies Partial<Handlers<typeof BillingServiceService>>;
}
