import { atMost, type Broken, type Evidence } from './evidence.ts';
import type { Rolls } from './rolls.ts';

/** What Schoolbell has told its clients it has done. Whoever speaks to it writes down each answer. */
export interface Acknowledged {
  /** Order references for which a payment address was given. */
  readonly orders: string[];
  /** Notices answered as recorded, by order reference and the gateway's number of the transaction. */
  readonly notices: { readonly orderRef: string; readonly gatewayTransaction: string }[];
  /** Invoice runs that were accepted. */
  readonly runs: string[];
  /** Imports that were accepted. */
  readonly imports: string[];
  /** Roll calls, corrections and scans that were taken. */
  readonly submissions: string[];
  /** Leave requests that stand, and those that were taken back after. */
  readonly leaves: string[];
  readonly withdrawals: string[];
}

export function nothingAcknowledged(): Acknowledged {
  return { orders: [], notices: [], runs: [], imports: [], submissions: [], leaves: [], withdrawals: [] };
}

/** I7: nothing of it is missing. What a recorded notice led to is I3's to say. */
export function acknowledgedIsKept({ registry, attendance, billing }: Evidence, acknowledged: Acknowledged): Broken {
  const { orders, notices, runs, imports } = acknowledged;
  const broken: Broken = [];
  if (billing) {
    const attempts = new Set(billing.attempts.map(({ _id }) => _id));
    for (const orderRef of orders) if (!attempts.has(orderRef)) broken.push(`I7: order ${orderRef} was acknowledged and is missing`);
    const kept = new Set(billing.notices.flatMap(({ state, notice }) => (state === 'DONE' && notice ? [nameOf(notice)] : [])));
    for (const notice of notices)
      if (!kept.has(nameOf(notice))) broken.push(`I7: the notice of ${nameOf(notice)} was acknowledged and is missing`);
    const invoices = Map.groupBy(billing.invoices, ({ runId = '' }) => runId);
    for (const runId of runs) {
      const run = billing.runs.find(({ _id }) => _id === runId);
      const issued = invoices.get(runId)?.length ?? 0;
      if (!run?.doneAt || Number(run.issued) !== issued) {
        broken.push(
          `I7: run ${runId} was acknowledged, is ${run ? (run.doneAt ? 'done' : 'not done') : 'missing'} and has issued ${issued} of ${run?.issued ?? 'its'} invoices`,
        );
      }
    }
  }
  if (registry) {
    const applied = new Set(registry.imports.flatMap(({ _id, status }) => (status === 'APPLIED' ? [_id] : [])));
    for (const importId of imports)
      if (!applied.has(importId)) broken.push(`I7: import ${importId} was acknowledged and is not taken over`);
  }
  return [...atMost(broken), ...(attendance ? atMost(rollsAreKept(attendance, acknowledged)) : [])];
}

function rollsAreKept({ rollCalls, leaves }: Rolls, acknowledged: Acknowledged): Broken {
  const taken = new Set(rollCalls.flatMap(({ submissions }) => submissions.map(({ id }) => id)));
  const known = new Map(leaves.map((leave) => [leave._id, leave]));
  const missing = (what: string, ids: readonly string[], isKept: (id: string) => boolean): Broken =>
    ids.filter((id) => !isKept(id)).map((id) => `I7: ${what} ${id} was acknowledged and is missing`);
  return [
    ...missing('submission', acknowledged.submissions, (id) => taken.has(id)),
    ...missing('leave', acknowledged.leaves, (id) => known.has(id)),
    ...missing('the withdrawal of leave', acknowledged.withdrawals, (id) => known.get(id)?.withdrawnAt !== undefined),
  ];
}

function nameOf({ orderRef, gatewayTransaction }: Acknowledged['notices'][number]): string {
  return `${orderRef} ${gatewayTransaction}`;
}
