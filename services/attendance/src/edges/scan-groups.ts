import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@schoolbell/kernel';
import { isInfrastructure, span, type Transact, traceparent } from '@schoolbell/service-kit';
import type { AttendanceTx } from '../tx.ts';
import { recordScans, type Scan, type Scanned } from '../usecases/record-scans.ts';

export type GateBusy = { readonly code: 'GATE_BUSY'; readonly waiting: number };

/** Brings the scans of one call in, and answers when they are committed. */
export type RecordGrouped = (call: ScanCall) => Promise<Result<readonly Scanned[], GateBusy>>;

export interface ScanCall {
  readonly schoolId: string;
  readonly scans: readonly Scan[];
  readonly deadline: Date;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

interface Limits {
  /** How long the first scan of a group waits for others. */
  readonly waitMs: number;
  /** Scans of one transaction, at most. */
  readonly most: number;
  /** Scans of one school that may wait, at most. */
  readonly mostWaiting: number;
}

interface Waiting extends ScanCall {
  readonly since: number;
  readonly parent: string | undefined;
  readonly answer: PromiseWithResolvers<readonly Scanned[]>;
}

const usual: Limits = { waitMs: 25, most: 500, mostWaiting: 2_000 };

/**
 * Scanners send pupil by pupil, and each scan writes the document of a class: one by one they would queue up for it with a transaction
 * each. So what comes within 25 ms is one transaction, and a school has one at a time.
 */
export function groupScans(transact: Transact<AttendanceTx>, limits: Partial<Limits> = {}): RecordGrouped {
  const { waitMs, most, mostWaiting } = { ...usual, ...limits };
  const queues = new Map<string, Waiting[]>();

  const drain = async (schoolId: string, queue: Waiting[]): Promise<void> => {
    for (let [first] = queue; first; [first] = queue) {
      await sleep(Math.max(0, first.since + waitMs - performance.now()));
      await commit(transact, queue.splice(0, groupSize(queue, most)));
    }
    queues.delete(schoolId);
  };

  return async (call) => {
    const queue = queues.get(call.schoolId) ?? [];
    const waiting = queue.reduce((sum, { scans }) => sum + scans.length, 0);
    if (waiting > 0 && waiting + call.scans.length > mostWaiting) return err({ code: 'GATE_BUSY', waiting });
    const answer = Promise.withResolvers<readonly Scanned[]>();
    queue.push({ ...call, since: performance.now(), parent: traceparent(), answer });
    if (!queues.has(call.schoolId)) {
      queues.set(call.schoolId, queue);
      void drain(call.schoolId, queue);
    }
    return ok(await answer.promise);
  };
}

function groupSize(queue: readonly Waiting[], most: number): number {
  let scans = 0;
  const over = queue.findIndex((call) => {
    scans += call.scans.length;
    return scans > most;
  });
  return over === -1 ? queue.length : Math.max(1, over);
}

/** One transaction for the calls whose callers still wait. Never throws. */
async function commit(transact: Transact<AttendanceTx>, group: readonly Waiting[]): Promise<void> {
  const calls = group.filter(({ signal, answer }) => {
    if (signal.aborted) answer.reject(new Error('The caller went away before its scans were looked at'));
    return !signal.aborted;
  });
  const [first] = calls;
  if (!first) return;
  const { schoolId, parent } = first;
  const scans = calls.flatMap((call) => call.scans);
  const deadline = new Date(Math.max(...calls.map((call) => call.deadline.getTime())));
  const attributes = { 'schoolbell.calls': calls.length, 'schoolbell.scans': scans.length };
  try {
    const { value } = await span('scan group', { parent, attributes }, () =>
      transact({ schoolId, deadline }, (tx) => recordScans(tx, scans)),
    );
    let from = 0;
    for (const { scans: own, answer } of calls) {
      answer.resolve(value.slice(from, from + own.length));
      from += own.length;
    }
  } catch (error) {
    // Without its engine no call would fare better alone, and each caller asks again with the same ids.
    if (calls.length === 1 || isInfrastructure(error)) for (const { answer } of calls) answer.reject(error);
    else for (const call of calls) await commit(transact, [call]);
  }
}
