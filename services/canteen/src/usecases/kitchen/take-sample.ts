import { err, ok, type Result } from '@schoolbell/kernel';
import { isHeld, type NewSample, type Sample } from '../../domain/kitchen/sample.ts';
import type { ServingUnknown } from '../../domain/kitchen/serving.ts';
import { keepSample, type RecordRefused } from '../../domain/kitchen/serving-record.ts';
import { sampleTaken } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc TakeSample: lưu mẫu. A sample of a meal whose samples are held is held too. */
export async function takeSample(
  tx: CanteenTx,
  { input, by }: { readonly input: NewSample; readonly by: string },
): Promise<Result<Sample, RecordRefused | ServingUnknown>> {
  const { id, servingId } = input;
  const record = await tx.foodRecords.open(servingId);
  if (!record) return err({ code: 'SERVING_UNKNOWN', servingId });
  const known = await tx.samples.find(id);
  if (known && known.servingId !== servingId) return err({ code: 'ID_REUSED', id });
  const taken = keepSample(record, input, { now: tx.now, by });
  if (!taken.ok) return taken;

  const [sample] = taken.value.added;
  if (sample) {
    tx.samples.add(sample, { held: isHeld(record.serving.holds) });
    tx.servings.touch(record.serving);
    tx.emit(sampleTaken(record.serving, sample));
  }
  const kept = sample ?? known;
  if (!kept) throw new Error('A sample that was sent before must be there');
  return ok(kept);
}
