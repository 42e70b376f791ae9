import { createHash } from 'node:crypto';
import { type Deps, everySchool, metrics, type Tick } from '@schoolbell/service-kit';
import type { BillingConfig } from '../config.ts';
import type { Chunk, Issued } from '../domain/invoices/invoice-run.ts';
import type { BillingTx, KeptNotice, RunningRun } from '../tx.ts';
import { findRunChunks } from '../usecases/invoices/find-run-chunks.ts';
import { findRunningRuns } from '../usecases/invoices/find-running-runs.ts';
import { issueInvoiceChunk } from '../usecases/invoices/issue-invoice-chunk.ts';
import { moveRun } from '../usecases/invoices/move-run.ts';
import { putOffRun } from '../usecases/invoices/put-off-run.ts';
import { checkBalances } from '../usecases/ledger/check-balances.ts';
import { findLedgerSchools } from '../usecases/ledger/find-ledger-schools.ts';
import { sealLedger } from '../usecases/ledger/seal-ledger.ts';
import { verifyLedger } from '../usecases/ledger/verify-ledger.ts';
import { findSupportSchools } from '../usecases/meals/find-support-schools.ts';
import { issueMealBillChunk } from '../usecases/meals/issue-meal-bill-chunk.ts';
import { passSupportedDays } from '../usecases/meals/pass-supported-days.ts';
import { settleLunchSupport } from '../usecases/meals/settle-lunch-support.ts';
import { checkRefund } from '../usecases/payments/check-refund.ts';
import { expireAttempts } from '../usecases/payments/expire-attempts.ts';
import { findDueNotices } from '../usecases/payments/find-due-notices.ts';
import { findOverdueAttempts } from '../usecases/payments/find-overdue-attempts.ts';
import { findUncheckedRefunds } from '../usecases/payments/find-unchecked-refunds.ts';
import { putOffNotice } from '../usecases/payments/put-off-notice.ts';
import { settlePayment } from '../usecases/payments/settle-payment.ts';
import { each, inSchool } from './each.ts';

type ClockDeps = Pick<Deps<BillingConfig, BillingTx>, 'transact' | 'read' | 'log'>;

const pupilsAtOnce = 250;
// Each with the meals of a month or more, and every one of them is written.
const tablesAtOnce = 100;
const chunksAhead = 8;
// While MongoDB writes one chunk, the next is reckoned.
const chunksAtOnce = 3;
const runsAtOnce = 8;
const noticesAtOnce = 50;
const attemptsAtOnce = 250;
const entriesAtOnce = 250;
const sealsAtOnce = 20;
const supportsAtOnce = 250;
const refundsAtOnce = 50;
const hourMs = 3_600_000;

/** What happens in billing without anyone asking. */
export function clock(deps: ClockDeps): Tick[] {
  return [
    { name: 'invoice-runs', everyMs: 500, run: () => goOnWithRuns(deps) },
    { name: 'kept-notices', everyMs: 5_000, run: () => settleKept(deps) },
    { name: 'overdue-attempts', everyMs: 30_000, run: () => expireOverdue(deps) },
    { name: 'lunch-support', everyMs: 15_000, run: () => settleSupports(deps) },
    { name: 'refunds', everyMs: 5_000, run: () => checkRefunds(deps) },
    { name: 'ledger-seals', everyMs: 60_000, run: () => sealLedgers(deps) },
    { name: 'ledger-check', everyMs: 600_000, run: checkLedgers(deps) },
    { name: 'balance-check', everyMs: hourMs, firstAfterMs: hourMs, run: () => compareBalances(deps) },
  ];
}

/** A few chunks of each run, so that a large school does not make a small one wait. */
async function goOnWithRuns({ read, transact, log }: ClockDeps): Promise<boolean> {
  const runs = await read({ schoolId: everySchool }, (tx) => findRunningRuns(tx, runsAtOnce));
  const putOff = (run: (typeof runs)[number]) => transact({ schoolId: run.schoolId }, (tx) => putOffRun(tx, run.runId));
  await each(runs, log, (run) => goOn({ read, transact }, run), putOff);
  return runs.length > 0;
}

async function goOn({ read, transact }: Pick<ClockDeps, 'read' | 'transact'>, run: RunningRun): Promise<void> {
  const { schoolId, runId, bills } = run;
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

async function settleKept({ read, transact, log }: ClockDeps): Promise<boolean> {
  const due = await read({ schoolId: everySchool }, (tx) => findDueNotices(tx, noticesAtOnce));
  const putOff = (kept: KeptNotice) => transact({ schoolId: kept.schoolId }, (tx) => putOffNotice(tx, kept));
  const settle = async (kept: KeptNotice) => {
    const answer = await transact({ schoolId: kept.schoolId }, (tx) => settlePayment(tx, kept));
    if (answer !== 'UNKNOWN_ORDER') log.info({ noticeId: kept.notice.id, answer }, 'a kept notice was settled');
  };
  await each(due, log, settle, putOff);
  return due.length === noticesAtOnce;
}

async function expireOverdue({ read, transact, log }: ClockDeps): Promise<boolean> {
  const schools = await read({ schoolId: everySchool }, findOverdueAttempts);
  let more = false;
  await each(schools.map(inSchool), log, async ({ schoolId }) => {
    more = (await transact({ schoolId }, (tx) => expireAttempts(tx, attemptsAtOnce))) === attemptsAtOnce || more;
  });
  return more;
}

/** First the days that are over are asked for, then whatever is asked for is reckoned. */
async function settleSupports({ read, transact, log }: ClockDeps): Promise<boolean> {
  const schools = await read({ schoolId: everySchool }, findSupportSchools);
  let more = false;
  await each(schools.map(inSchool), log, async ({ schoolId }) => {
    more = (await transact({ schoolId }, (tx) => passSupportedDays(tx, supportsAtOnce))) || more;
    more = (await transact({ schoolId }, (tx) => settleLunchSupport(tx, tablesAtOnce))) || more;
  });
  return more;
}

async function checkRefunds({ read, transact, log }: ClockDeps): Promise<boolean> {
  const unchecked = await read({ schoolId: everySchool }, (tx) => findUncheckedRefunds(tx, refundsAtOnce));
  await each(unchecked, log, ({ schoolId, refundId }) => transact({ schoolId }, (tx) => checkRefund(tx, refundId)));
  return unchecked.length === refundsAtOnce;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function sealLedgers({ read, transact, log }: ClockDeps): Promise<boolean> {
  const schools = await read({ schoolId: everySchool }, findLedgerSchools);
  let more = false;
  await each(schools.map(inSchool), log, async ({ schoolId }) => {
    more = (await transact({ schoolId }, (tx) => sealLedger(tx, { hash: sha256, limit: entriesAtOnce }))) || more;
  });
  return more;
}

/** Walks every school's chain again and again, a few seals of each at a time. */
function checkLedgers({ read, log }: ClockDeps): () => Promise<boolean> {
  const next = new Map<string, number>();
  return async () => {
    const schools = await read({ schoolId: everySchool }, findLedgerSchools);
    await each(schools.map(inSchool), log, async ({ schoolId }) => {
      const from = next.get(schoolId) ?? 1;
      for (let seq = from; seq < from + sealsAtOnce; seq++) {
        const { sealed, fault } = await read({ schoolId }, (tx) => verifyLedger(tx, { hash: sha256, seq }));
        if (fault) {
          metrics.faults.inc({ check: 'ledger chain' });
          log.error({ schoolId, ...fault }, 'the ledger is not what was sealed');
        }
        next.set(schoolId, sealed ? seq + 1 : 1);
        if (!sealed) break;
      }
    });
    return false;
  };
}

/** Compares each school's balances with its postings, each school at one instant. */
async function compareBalances({ read, transact, log }: ClockDeps): Promise<boolean> {
  const schools = await read({ schoolId: everySchool }, findLedgerSchools);
  await each(schools.map(inSchool), log, async ({ schoolId }) => {
    const accounts = await transact({ schoolId }, checkBalances);
    if (accounts.length === 0) return;
    metrics.faults.inc({ check: 'balances' });
    log.error({ schoolId, accounts: accounts.length }, 'balances are not the sums of their postings');
  });
  return false;
}
