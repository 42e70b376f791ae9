import { defineCollection, type Page, type PageRequest, type Session, toPage } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Recorded } from '../../domain/kitchen/food-check.ts';
import type { Destruction, Sample } from '../../domain/kitchen/sample.ts';
import { type EntryDoc, entryDoc, entryFields, oncePutRight, toEntry } from './food-entry.ts';

type SampleDoc = EntryDoc &
  Omit<Sample, keyof Recorded | 'destroyed'> & {
    destroyed?: Destruction;
    /** No later record corrects it. */
    stands: boolean;
    /** A hold on its meal lasts. */
    held: boolean;
  };

const text = { type: String, required: true };
const time = { type: Date, required: true };
const flag = { type: Boolean, required: true };
const destruction = new mongoose.Schema(
  { destroyedAt: time, destroyedBy: text, witness: text, note: String, recordedAt: time, recordedBy: text },
  { _id: false },
);
const schema = new mongoose.Schema({
  ...entryFields,
  ...{
    dishId: text,
    form: text,
    amount: { type: Number, required: true },
    container: text,
    celsiusTenths: { type: Number, required: true },
  },
  ...{ takenAt: time, destroyableFrom: time, destroyed: destruction, stands: flag, held: flag },
});
schema.index({ schoolId: 1, servingId: 1 });
schema.index({ schoolId: 1, stands: 1, destroyableFrom: 1, _id: 1 });
schema.index(...oncePutRight);

export const samples = defineCollection<SampleDoc>('samples', schema);

/** Samples that are kept, and those that were. */
export function sampleStore(session: Session) {
  const collection = session.collection(samples);
  return {
    async find(id: string): Promise<Sample | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toSample(found);
    },
    async ofServings(ids: readonly string[]): Promise<Sample[]> {
      return (await collection.find({ servingId: { $in: [...ids] } })).map(toSample);
    },
    /** Current records, the first that may be destroyed at the head; with `dueAt` only those that may be destroyed at that time. */
    async list({ dueAt, after, size }: PageRequest & { readonly dueAt: Date | undefined }): Promise<Page<Sample>> {
      const [from = '', id = ''] = after.split(' ');
      const beyond =
        after === '' ? {} : { $or: [{ destroyableFrom: { $gt: new Date(from) } }, { destroyableFrom: new Date(from), _id: { $gt: id } }] };
      const due = dueAt ? { destroyed: { $exists: false }, held: false } : {};
      const filter = { stands: true, ...due, $and: [dueAt ? { destroyableFrom: { $lte: dueAt } } : {}, beyond] };
      const found = await collection.find(filter, { sort: { destroyableFrom: 1, _id: 1 }, limit: size + 1 });
      return toPage(found.map(toSample), size, (sample) => `${sample.destroyableFrom.toISOString()} ${sample.id}`);
    },
    add(sample: Sample, { held }: { readonly held: boolean }): void {
      const { destroyed, id, servingId, checkedBy, replaces, reason, recordedAt, recordedBy, ...facts } = sample;
      if (replaces !== undefined) collection.update({ _id: replaces }, { $set: { stands: false } });
      const entry = entryDoc({ id, servingId, checkedBy, replaces, reason, recordedAt, recordedBy });
      collection.insert({ ...entry, ...facts, stands: true, held, ...(destroyed && { destroyed: { ...destroyed } }) });
    },
    destroy(id: string, destroyed: Destruction): void {
      collection.update({ _id: id, destroyed: { $exists: false } }, { $set: { destroyed: { ...destroyed } } });
    },
    hold(servingId: string, held: boolean): void {
      collection.updateMany({ servingId }, { $set: { held } });
    },
  };
}

function toSample(doc: SampleDoc): Sample {
  const { dishId, form, amount, container, celsiusTenths, takenAt, destroyableFrom, destroyed } = doc;
  return { ...toEntry(doc), dishId, form, amount, container, celsiusTenths, takenAt, destroyableFrom, destroyed };
}
