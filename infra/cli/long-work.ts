import { setTimeout as sleep } from 'node:timers/promises';
import { type InvoiceRun, InvoiceRunStatus } from '@schoolbell/contracts/school/billing/v1/billing';
import type { StartInvoiceRunRequest } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { type Import, ImportStatus } from '@schoolbell/contracts/school/registry/v1/registry';
import type { Clients } from '../start/clients.ts';

/** How far long work is; `total` may be 0 at first. */
export type OnProgress = (done: number, total: number) => void;

const firstPauseMs = 50;
const longestPauseMs = 500;

/** Takes a planned import over and waits for its end; the work goes on in registry whatever happens to the caller. */
export async function applyImport(registry: Clients['registry'], importId: string, onProgress: OnProgress): Promise<Import> {
  const { import: started } = await registry.applyImport({ importId });
  return untilDone(
    present(started),
    (state) => {
      onProgress(state.appliedRows, state.rows - state.refused);
      return state.status === ImportStatus.APPLIED;
    },
    async () => present((await registry.getImport({ importId })).import),
  );
}

/** Starts an invoice run and waits for its end; the work goes on in billing whatever happens to the caller. */
export async function runInvoices(
  billing: Clients['billing'],
  request: StartInvoiceRunRequest,
  onProgress: OnProgress,
): Promise<InvoiceRun> {
  const { run: started } = await billing.startInvoiceRun(request, { idempotencyKey: request.runId });
  return untilDone(
    present(started),
    (state) => {
      onProgress(state.issued, state.pupils);
      return state.status === InvoiceRunStatus.DONE;
    },
    async () => present((await billing.getInvoiceRun({ runId: request.runId })).run),
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

/** proto3 cannot say that a message is always there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The service left out a part of its answer that it owes; its version does not fit this one.');
  return value;
}
