import { ok, type Result } from '@schoolbell/kernel';
import type { Sample } from '../../domain/kitchen/sample.ts';
import type { Serving } from '../../domain/kitchen/serving.ts';
import type { CanteenTx, Page } from '../../tx.ts';

export interface SampleListQuestion {
  readonly due: boolean;
  readonly page: { readonly after: string; readonly size: number };
}

export type ListedSample = { readonly sample: Sample; readonly serving: Serving };

/** rpc ListSamples: what may be destroyed now, or all that stands. */
export async function listSamples(tx: CanteenTx, { due, page }: SampleListQuestion): Promise<Result<Page<ListedSample>, never>> {
  const { rows, next } = await tx.samples.list({ dueAt: due ? tx.now : undefined, ...page });
  const servings = await tx.servings.findAll([...new Set(rows.map(({ servingId }) => servingId))]);
  const listed = rows.flatMap((sample) => {
    const serving = servings.find(({ id }) => id === sample.servingId);
    return serving ? [{ sample, serving }] : [];
  });
  return ok({ rows: listed, next });
}
