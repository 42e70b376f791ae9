import type { Session } from '@schoolbell/service-kit';
import type { KitchenRecord } from '../../domain/kitchen/food-check-order.ts';
import type { Serving } from '../../domain/kitchen/serving.ts';
import { foodCheckStore } from './food-checks.ts';
import { sampleStore } from './samples.ts';
import { servingStore } from './servings.ts';

/** Everything that is known of a meal, gathered from the collections it is spread over. */
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
  };
}
