import { createHash } from 'node:crypto';
import { type Deps, everySchool, type Tick } from '@schoolbell/service-kit';
import type { BillingConfig } from '../config.ts';
import type { BillingTx } from '../tx.ts';
import { expireAttempts } from '../usecases/expire-attempts.ts';
import { findDueNotices } from '../usecases/find-due-notices.ts';
import { findLedgerSchools } from '../usecases/find-ledger-schools.ts';
import { findOverdueAttempts } from '../usecases/find-overdue-attempts.ts';
import { findRunningRuns } from '../usecases/find-running-runs.ts';
import { issueInvoiceChunk } from '../usecases/issue-invoice-chunk.ts';
import { sealLedger } from '../usecases/seal-ledger.ts';
import { settlePayment } from '../usecases/settle-payment.ts';
import { verifyLedger } from '../usecases/verify-ledger.ts';

type ClockDeps = Pick<Deps<BillingConfig, BillingTx>, 'transact' | 'read' | 'log'>;

const pupilsAtOnce = 250;
const runsAtOnce = 8;
const noticesAtOnce = 50;
const attemptsAtOnce = 250;
const entriesAtOnce = 250;
const sealsAtOnce = 20;

/** What happens in billing without anyone asking. */
export function clock(deps: ClockDeps): Tick[] {
  return [
    { name: 'invoice-runs', everyMs: 500, run: () => goOnWithRuns(deps) },
    { name: 'kept-notices', everyMs: 5_000, run: () => settleKept(deps) },
    { name: 'overdue-attempts', everyMs: 30_000, run: () => expireOverdue(deps) },
    { name: 'ledger-seals', everyMs: 60_000, run: () => sealLedgers(deps) },
    { name: 'ledger-check', everyMs: 600_000, run: checkLedgers(deps) },
  ];
}

/** One chunk of each run, so that a large school does not make a small one wait. */
async function goOnWithRuns({ read, transact }: ClockDeps): Promise<boolean> {
  const runs = await read({ schoolId: everySchool }, (tx) => findRunningRuns(tx, runsAtOnce));
  for (const { schoolId, runId } of runs) await transact({ schoolId }, (tx) => issueInvoiceChunk(tx, { runId, chunkSize: pupilsAtOnce }));
  return runs.length > 0;
}

async function settleKept({ read, transact, log }: ClockDeps): Promise<boolean> {
  const due = await read({ schoolId: everySchool }, (tx) => findDueNotices(tx, noticesAtOnce));
  for (const kept of due) {
    const answer = await transact({ schoolId: kept.schoolId }, (tx) => settlePayment(tx, kept));
    if (answer !== 'UNKNOWN_ORDER') log.info({ noticeId: kept.notice.id, answer }, 'a kept notice was settled');
  }
  return due.length === noticesAtOnce;
}

async function expireOverdue({ read, transact }: ClockDeps): Promise<boolean> {
  const schools = await read({ schoolId: everySchool }, findOverdueAttempts);
  const counts: number[] = [];
  for (const schoolId of schools) counts.push(await transact({ schoolId }, (tx) => expireAttempts(tx, attemptsAtOnce)));
  return counts.includes(attemptsAtOnce);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function sealLedgers({ read, transact }: ClockDeps): Promise<boolean> {
  const schools = await read({ schoolId: everySchool }, findLedgerSchools);
  let more = false;
  for (const schoolId of schools)
    more = (await transact({ schoolId }, (tx) => sealLedger(tx, { hash: sha256, limit: entriesAtOnce }))) || more;
  return more;
}

/** Walks every school's chain again and again, a few seals of each at a time. */
function checkLedgers({ read, log }: ClockDeps): () => Promise<boolean> {
  const next = new Map<string, number>();
  return async () => {
    for (const schoolId of await read({ schoolId: everySchool }, findLedgerSchools)) {
      const from = next.get(schoolId) ?? 1;
      for (let seq = from; seq < from + sealsAtOnce; seq++) {
        const { sealed, fault } = await read({ schoolId }, (tx) => verifyLedger(tx, { hash: sha256, seq }));
        if (fault) log.error({ schoolId, ...fault }, 'the ledger is not what was sealed');
        next.set(schoolId, sealed ? seq + 1 : 1);
        if (!sealed) break;
      }
    }
    return false;
  };
}
