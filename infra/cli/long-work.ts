import { setTimeout as sleep } from 'node:timers/promises';
import { type InvoiceRun, InvoiceRunStatus } from '@schoolbell/contracts/school/billing/v1/billing';
import type { StartInvoiceRunRequest, StartMealBillRunRequest } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { type Import, ImportStatus } from '@schoolbell/contracts/school/registry/v1/registry';
import type { Clients } from '../start/clients.ts';
import { failureOf } from './failure.ts';

/** How far long work is; `total` may be 0 at first. */
export type OnProgress = (done: number, total: number) => void;

const firstPauseMs = 50;
const longestPauseMs = 500;

/** What to do while the service that does the work is away: the work is durable, so it goes on when the service is back. */
export interface Patience {
  /** Longest wait for the next answer. */
  readonly ms: number;
  /** Told once per absence. */
  readonly onAway?: () => void;
}

/** A look is short work; without this, one that hangs would use up the patience. */
const lookMs = 10_000;
const aMinute: Patience = { ms: 60_000 };

/** Takes a planned import over and waits for its end, good or bad; the work goes on in registry whatever happens to the caller. */
export async function applyImport(registry: Clients['registry'], importId: string, onProgress: OnProgress): Promise<Import> {
  const { import: started } = await registry.applyImport({ importId });
  return untilDone(
    present(started),
    (state) => {
      onProgress(state.appliedRows, state.rows - state.refused);
      return hasEnded(state);
    },
    () => patiently(aMinute, async () => present((await registry.getImport({ importId }, { deadlineMs: lookMs })).import)),
  );
}

/** True when nothing more happens to an import; FAILED says why in `failure`. */
export function hasEnded({ status }: Import): boolean {
  return status === ImportStatus.APPLIED || status === ImportStatus.FAILED;
}

/** Starts an invoice run and waits for its end; the work goes on in billing whatever happens to the caller. */
export async function runInvoices(
  billing: Clients['billing'],
  request: StartInvoiceRunRequest,
  onProgress: OnProgress,
  patience = aMinute,
): Promise<InvoiceRun> {
  const { run } = await patiently(patience, () => billing.startInvoiceRun(request, { idempotencyKey: request.runId }));
  return followRun(billing, present(run), onProgress, patience);
}

/** Starts the meal bills of a month and waits for their end, as `runInvoices` does. */
export async function billMeals(
  billing: Clients['billing'],
  request: StartMealBillRunRequest,
  onProgress: OnProgress,
  patience = aMinute,
): Promise<InvoiceRun> {
  const { run } = await patiently(patience, () => billing.startMealBillRun(request, { idempotencyKey: request.runId }));
  return followRun(billing, present(run), onProgress, patience);
}

/** Waits for the end of an invoice run that was started before. */
export async function followRun(
  billing: Clients['billing'],
  run: InvoiceRun,
  onProgress: OnProgress,
  patience = aMinute,
): Promise<InvoiceRun> {
  const { runId } = run;
  return untilDone(
    run,
    (state) => {
      onProgress(state.issued, state.pupils);
      return state.status === InvoiceRunStatus.DONE;
    },
    () => patiently(patience, async () => present((await billing.getInvoiceRun({ runId }, { deadlineMs: lookMs })).run)),
  );
}

async function untilDone<S>(first: S, isDone: (state: S) => boolean, look: () => Promise<S>): Promise<S> {
  let state = first;
  for (let pause = firstPauseMs; !isDone(state); pause = Math.min(longestPauseMs, pause * 2)) {
    await sleep(pause);
    state = await look();
  }
  return state;
}

/** Asks again while nobody answers; only for what may be asked twice. */
async function patiently<T>({ ms, onAway }: Patience, ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + ms;
  for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 2)) {
    try {
      return await ask();
    } catch (error) {
      if (failureOf(error).exitStatus !== 3 || Date.now() >= until) throw error;
    }
    if (pause === firstPauseMs) onAway?.();
    await sleep(pause);
  }
}

/** proto3 cannot say that a message is always there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The service left out a part of its answer that it owes; its version does not fit this one.');
  return value;
}
