import { err, type Result } from '@schoolbell/kernel';
import { type HoldRefused, holdSamples as hold, type Serving, type ServingUnknown } from '../../domain/kitchen/serving.ts';
import { samplesHeld } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export interface HoldOrder {
  readonly servingId: string;
  readonly holdId: string;
  readonly reason: string;
  readonly by: string;
}

/** rpc HoldSamples: nothing of the meal may be destroyed until the authority says so. */
export async function holdSamples(
  tx: CanteenTx,
  { servingId, holdId, reason, by }: HoldOrder,
): Promise<Result<Serving, HoldRefused | ServingUnknown>> {
  const serving = await tx.servings.find(servingId);
  if (!serving) return err({ code: 'SERVING_UNKNOWN', servingId });
  const held = hold(serving, { id: holdId, reason }, { now: tx.now, by });
  if (!held.ok) return held;

  const last = held.value.holds.at(-1);
  if (held.value !== serving && last) {
    tx.servings.save(serving, held.value);
    tx.samples.hold(servingId, true);
    tx.emit(samplesHeld(held.value, last));
  }
  return held;
}
