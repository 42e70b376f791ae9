import { collection, index, type Page, type PageRequest, rowsOf, type Session, stored, toPage } from '@schoolbell/service-kit';
import type { Destruction, Sample, SampleForm } from '../../domain/kitchen/sample.ts';
import { recorded, recordIndexes } from './food-entry.ts';

const { flag, instant, maybe, number, part, text, textOf } = stored;

const destruction = part({
  ...{ destroyedAt: instant, destroyedBy: text, witness: text, note: text },
  ...{ recordedAt: instant, recordedBy: text },
});
const sample = {
  ...recorded,
  ...{ dishId: text, form: textOf<SampleForm>(), amount: number, container: text, celsiusTenths: number },
  ...{ takenAt: instant, destroyableFrom: instant, destroyed: maybe(destruction) },
};

export const samples = collection('samples', sample, {
  // `stands`: no later record puts it right. `held`: a hold on its meal lasts.
  beside: { stands: flag, held: flag },
  indexes: [...recordIndexes, index({ schoolId: 1, stands: 1, destroyableFrom: 1, _id: 1 })],
});

/** Samples that are kept, and those that were. */
export function sampleStore(session: Session) {
  const rows = rowsOf(session, samples);
  return {
    find: (id: string): Promise<Sample | undefined> => rows.one({ _id: id }),
    ofServings: (ids: readonly string[]): Promise<Sample[]> => rows.all({ servingId: { $in: [...ids] } }),
    /** Those that stand, the one that may be destroyed first at the head; `dueAt` leaves those that may be destroyed at that time. */
    async list({ dueAt, after, size }: PageRequest & { readonly dueAt: Date | undefined }): Promise<Page<Sample>> {
      const [from = '', id = ''] = after.split(' ');
      const beyond =
        after === '' ? {} : { $or: [{ destroyableFrom: { $gt: new Date(from) } }, { destroyableFrom: new Date(from), _id: { $gt: id } }] };
      const due = dueAt ? { destroyed: { $exists: false }, held: false } : {};
      const filter = { stands: true, ...due, $and: [dueAt ? { destroyableFrom: { $lte: dueAt } } : {}, beyond] };
      const found: Sample[] = await rows.all(filter, { sort: { destroyableFrom: 1, _id: 1 }, limit: size + 1 });
      return toPage(found, size, (each) => `${each.destroyableFrom.toISOString()} ${each.id}`);
    },
    add(added: Sample, { held }: { readonly held: boolean }): void {
      if (added.replaces !== undefined) rows.documents.update({ _id: added.replaces }, { $set: { stands: false } });
      rows.insert(added, { stands: true, held });
    },
    destroy: (id: string, destroyed: Destruction) =>
      rows.documents.update({ _id: id, destroyed: { $exists: false } }, { $set: { destroyed: { ...destroyed } } }),
    hold: (servingId: string, held: boolean) => rows.documents.updateMany({ servingId }, { $set: { held } }),
  };
}
