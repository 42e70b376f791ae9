import { schoolDateOf } from '@schoolbell/kernel';
import { due, type Tick } from '@schoolbell/service-kit';
import type { Chunk, Issued } from '../domain/invoices/invoice-run.ts';
import type { RunningRun } from '../tx.ts';
import { findRunChunks } from '../usecases/invoices/find-run-chunks.ts';
import { issueInvoiceChunk } from '../usecases/invoices/issue-invoice-chunk.ts';
import { moveRun } from '../usecases/invoices/move-run.ts';
import { issueMealBillChunk } from '../usecases/meals/issue-meal-bill-chunk.ts';
import { passSupportedDays } from '../usecases/meals/pass-supported-days.ts';
import { settleLunchSupport } from '../usecases/meals/settle-lunch-support.ts';
import { checkRefund } from '../usecases/payments/check-refund.ts';
import { expireAttempts } from '../usecases/payments/expire-attempts.ts';
import { settlePayment } from '../usecases/payments/settle-payment.ts';
import type { ClockDeps } from './deps.ts';
import { ledgerChecks } from './ledger/checks.ts';

const pupilsAtOnce = 250;
// Each with the meals of a month or more, and every one of them is written.
const tablesAtOnce = 100;
const chunksAhead = 8;
// While MongoDB writes one chunk, the next is computed.
const chunksAtOnce = 3;
const rowsAtOnce = 250;

/** What happens in billing without anyone asking. */
export function clock(deps: ClockDeps): Tick[] {
  const { transact, log } = deps;
  return [
    due(deps, {
      name: 'invoice-runs',
      everyMs: 500,
      limit: 8,
      find: (tx, limit) => tx.invoiceRuns.running(tx.now, limit),
      // A few chunks of each, so that a large school does not make a small one wait.
      work: async ([run]) => {
        await continueRun(deps, run);
        return true;
      },
      putOff: (tx, { runId }, { until }) => tx.invoiceRuns.putOff(runId, until),
    }),
    due(deps, {
      name: 'kept-notices',
      everyMs: 5_000,
      limit: 50,
      find: (tx, limit) => tx.notices.due(tx.now, limit),
      work: async ([{ schoolId, ...kept }]) => {
        const answer = await transact({ schoolId }, (tx) => settlePayment(tx, kept));
        if (answer !== 'UNKNOWN_ORDER') log.info({ noticeId: kept.notice.id, answer }, 'a kept notice was settled');
      },
      putOff: (tx, kept) => tx.notices.putOff(kept),
    }),
    due(deps, {
      name: 'overdue-attempts',
      everyMs: 30_000,
      find: async (tx) => (await tx.attempts.schoolsWithOverdue(tx.now)).map(inSchool),
      work: ([school]) => transact(school, (tx) => expireAttempts(tx, rowsAtOnce)),
    }),
    due(deps, {
      name: 'lunch-support',
      everyMs: 15_000,
      find: async (tx) => {
        const schools = [...(await tx.supports.unsettledSchools(schoolDateOf(tx.now))), ...(await tx.mealMonths.uncheckedSchools())];
        return [...new Set(schools)].map(inSchool);
      },
      // First the months of days that are over are marked, then all that are marked are settled.
      work: async ([school]) => {
        const days = await transact(school, (tx) => passSupportedDays(tx, rowsAtOnce));
        return (await transact(school, (tx) => settleLunchSupport(tx, tablesAtOnce))) || days;
      },
    }),
    due(deps, {
      name: 'refunds',
      everyMs: 5_000,
      limit: 50,
      find: (tx, limit) => tx.refunds.unchecked(tx.now, limit),
      work: ([{ schoolId, refundId }]) => transact({ schoolId }, (tx) => checkRefund(tx, refundId)),
      putOff: (tx, { refundId }, { until }) => tx.refunds.putOff(refundId, until),
    }),
    ...ledgerChecks(deps),
  ];
}

const inSchool = (schoolId: string) => ({ schoolId });

async function continueRun({ read, transact }: ClockDeps, { schoolId, runId, bills }: RunningRun): Promise<void> {
  const size = bills === 'MEALS' ? tablesAtOnce : pupilsAtOnce;
  const issueChunk = bills === 'MEALS' ? issueMealBillChunk : issueInvoiceChunk;
  const { chunks, more } = await read({ schoolId }, (tx) => findRunChunks(tx, { runId, size, most: chunksAhead }));
  const issued: (Chunk & Issued)[] = [];
  const waiting = chunks.entries();
  const worker = async (): Promise<void> => {
    for (const [at, chunk] of waiting)
      issued[at] = { ...chunk, ...(await transact({ schoolId }, (tx) => issueChunk(tx, { runId, chunk }))) };
  };
  const workers = await Promise.allSettled(Array.from({ length: chunksAtOnce }, worker));
  for (const ended of workers) if (ended.status === 'rejected') throw ended.reason;
  await transact({ schoolId }, (tx) => moveRun(tx, { runId, issued, more }));
}
