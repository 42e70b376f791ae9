import type { Page, Session } from '@schoolbell/service-kit';
import type { KitchenRecord } from '../../domain/kitchen/food-check-order.ts';
import type { ListedSample, Serving } from '../../domain/kitchen/serving.ts';
import { foodCheckStore } from './food-checks.ts';
import { sampleStore } from './samples.ts';
import { servingStore } from './servings.ts';

/** Everything that is on record of a meal, from all its collections. */
export function foodRecordStore(session: Session) {
  const [servings, checks, samples] = [servingStore(session), foodCheckStore(session), sampleStore(session)];
  const gather = async (served: readonly Serving[]): Promise<KitchenRecord[]> => {
    const ids = served.map(({ id }) => id);
    const { ingredients, cookings, portionings } = await checks.ofServings(ids);
    const kept = await samples.ofServings(ids);
    const of = (servingId: string) => (record: { readonly servingId: string }) => record.servingId === servingId;
    return served.map((serving) => ({
      serving,
      ingredients: ingredients.filter(of(serving.id)),
      cookings: cookings.filter(of(serving.id)),
      portionings: portionings.filter(of(serving.id)),
      samples: kept.filter(of(serving.id)),
    }));
  };
  return {
    gather,
    async open(servingId: string): Promise<KitchenRecord | undefined> {
      const serving = await servings.find(servingId);
      const [record] = serving ? await gather([serving]) : [];
      return record;
    },
    /** Samples with their meals; see `list` of the samples. */
    async samples(question: Parameters<typeof samples.list>[0]): Promise<Page<ListedSample>> {
      const { rows, next } = await samples.list(question);
      const served = new Map((await servings.findAll([...new Set(rows.map(({ servingId }) => servingId))])).map((each) => [each.id, each]));
      const listed = rows.flatMap((sample) => {
        const serving = served.get(sample.servingId);
        return serving ? [{ sample, serving }] : [];
      });
      return { rows: listed, next };
    },
  };
}
