import { err, type Result } from '@schoolbell/kernel';
import {
  type DestroyRefused,
  destroySample as destroy,
  type NewDestruction,
  type Sample,
  type SampleUnknown,
} from '../../domain/kitchen/sample.ts';
import { sampleDestroyed } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc DestroySample: hủy mẫu, once, with the person who did it and the witness. */
export async function destroySample(
  tx: CanteenTx,
  { sampleId, input, by }: { readonly sampleId: string; readonly input: NewDestruction; readonly by: string },
): Promise<Result<Sample, DestroyRefused | SampleUnknown>> {
  const sample = await tx.samples.find(sampleId);
  const record = sample && (await tx.foodRecords.open(sample.servingId));
  if (!record) return err({ code: 'SAMPLE_UNKNOWN', sampleId });
  const replacedBy = record.samples.find(({ replaces }) => replaces === sampleId)?.id;
  const destroyed = destroy(sample, input, { holds: record.serving.holds, replacedBy, now: tx.now, by });
  if (!destroyed.ok) return destroyed;

  if (!sample.destroyed && destroyed.value.destroyed) {
    tx.samples.destroy(sampleId, destroyed.value.destroyed);
    // A hold of the same instant does not see the destruction: both write the serving, so one of the two runs again.
    tx.servings.touch(record.serving);
    tx.emit(sampleDestroyed(record.serving, destroyed.value));
  }
  return destroyed;
}
