import { atMost, type Broken, type Evidence } from './evidence.ts';

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
}

export function nothingAcknowledged(): Acknowledged {
  return { orders: [], notices: [], runs: [], imports: [] };
}

/** I7: nothing of it is missing. What a recorded notice led to is I3's to say. */
export function acknowledgedIsKept({ registry, billing }: Evidence, { orders, notices, runs, imports }: Acknowledged): Broken {
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
  return atMost(broken);
}

function nameOf({ orderRef, gatewayTransaction }: Acknowledged['notices'][number]): string {
  return `${orderRef} ${gatewayTransaction}`;
}
