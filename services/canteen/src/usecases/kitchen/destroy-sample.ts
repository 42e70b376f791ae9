import { err, type Result } from '@schoolbell/kernel';
import {
  type DestroyRefused,
  destroySample as destroy,
  type SaidDestruction,
  type Sample,
  type SampleUnknown,
} from '../../domain/kitchen/sample.ts';
import { sampleDestroyed } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc DestroySample: hủy mẫu, once, with who did it and who saw it. */
export async function destroySample(
  tx: CanteenTx,
  { sampleId, said, by }: { readonly sampleId: string; readonly said: SaidDestruction; readonly by: string },
): Promise<Result<Sample, DestroyRefused | SampleUnknown>> {
  const sample = await tx.samples.find(sampleId);
  const record = sample && (await tx.foodRecords.open(sample.servingId));
  if (!record) return err({ code: 'SAMPLE_UNKNOWN', sampleId });
  const replacedBy = record.samples.find(({ replaces }) => replaces === sampleId)?.id;
  const destroyed = destroy(sample, said, { holds: record.serving.holds, replacedBy, now: tx.now, by });
  if (!destroyed.ok) return destroyed;

  if (!sample.destroyed && destroyed.value.destroyed) {
    tx.samples.destroy(sampleId, destroyed.value.destroyed);
    // A hold that is laid on the meal in this very moment has not seen it: writing the serving makes one of the two run again.
    tx.servings.touch(record.serving);
    tx.emit(sampleDestroyed(record.serving, destroyed.value));
  }
  return destroyed;
}
