import { err, type Result } from '@schoolbell/kernel';
import { isHeld } from '../../domain/kitchen/sample.ts';
import { type HoldRefused, releaseSamples as release, type Serving, type ServingUnknown } from '../../domain/kitchen/serving.ts';
import { samplesReleased } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export interface ReleaseOrder {
  readonly servingId: string;
  readonly holdId: string;
  readonly document: string;
  readonly by: string;
}

/** rpc ReleaseSamples: the authority's document ends one hold; samples stay held while another lasts. */
export async function releaseSamples(
  tx: CanteenTx,
  { servingId, holdId, document, by }: ReleaseOrder,
): Promise<Result<Serving, HoldRefused | ServingUnknown>> {
  const serving = await tx.servings.find(servingId);
  if (!serving) return err({ code: 'SERVING_UNKNOWN', servingId });
  const released = release(serving, { holdId, document }, { now: tx.now, by });
  if (!released.ok) return released;

  const ended = released.value.holds.find(({ id }) => id === holdId);
  if (released.value !== serving && ended) {
    tx.servings.save(serving, released.value);
    tx.samples.hold(servingId, isHeld(released.value.holds));
    tx.emit(samplesReleased(released.value, ended));
  }
  return released;
}
