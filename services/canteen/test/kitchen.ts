import type { Result } from '@schoolbell/kernel';
import type { CookingCheck, IngredientCheck, NewRecord, PortioningCheck } from '../src/domain/kitchen/food-check.ts';
import type { KitchenRecord } from '../src/domain/kitchen/food-check-order.ts';
import type { NewDestruction, NewSample, Sample } from '../src/domain/kitchen/sample.ts';
import type { Serving, ServingPlan } from '../src/domain/kitchen/serving.ts';
import { checkCooking } from '../src/usecases/kitchen/check-cooking.ts';
import { checkIngredients } from '../src/usecases/kitchen/check-ingredients.ts';
import { checkPortioning } from '../src/usecases/kitchen/check-portioning.ts';
import { destroySample } from '../src/usecases/kitchen/destroy-sample.ts';
import { holdSamples } from '../src/usecases/kitchen/hold-samples.ts';
import { openServing } from '../src/usecases/kitchen/open-serving.ts';
import { planServing } from '../src/usecases/kitchen/plan-serving.ts';
import { takeSample } from '../src/usecases/kitchen/take-sample.ts';
import { at } from './facts.ts';
import { type Canteen, testSchools } from './given.ts';
import { by, cooking, destruction, ingredient, must, portioning, sample, servingPlan } from './kitchen-facts.ts';

type Taken<T> = Promise<Result<T, { readonly code: string }>>;

/** The kitchen of a school; it is 10:50 on a Monday. */
export interface Kitchen {
  readonly school: Canteen;
  readonly plan: (facts?: Partial<ServingPlan>) => Promise<Serving>;
  readonly came: (servingId: string, facts?: Partial<NewRecord<IngredientCheck>>) => Taken<IngredientCheck[]>;
  readonly cooked: (servingId: string, facts?: Partial<NewRecord<CookingCheck>>) => Taken<CookingCheck>;
  readonly portioned: (servingId: string, facts?: Partial<NewRecord<PortioningCheck>>) => Taken<PortioningCheck>;
  readonly sampled: (servingId: string, facts?: Partial<NewSample>) => Taken<Sample>;
  readonly destroyed: (sampleId: string, facts?: Partial<NewDestruction>) => Taken<Sample>;
  readonly held: (servingId: string, holdId?: string) => Promise<Serving>;
  readonly open: (servingId: string) => Taken<Serving>;
  /** A meal with everything recorded that opening needs. */
  readonly ready: (facts?: Partial<ServingPlan>) => Promise<Serving>;
  readonly record: (servingId: string) => Promise<KitchenRecord>;
  /** Names of what was announced, in its order. */
  readonly announced: () => Promise<string[]>;
}

/** Opens a database for the test file; each call of `newKitchen` is that of a school of its own. */
export function testKitchens(): { newKitchen: () => Promise<Kitchen> } {
  const schools = testSchools();
  return { newKitchen: async () => kitchenOf(await schools.newSchool()) };
}

function kitchenOf(school: Canteen): Kitchen {
  const { transact, read } = school;
  school.itIs(at('10:50'));
  const plan: Kitchen['plan'] = async (facts) => must(await transact((tx) => planServing(tx, { wanted: servingPlan(facts), by })));
  const came: Kitchen['came'] = (servingId, facts) =>
    transact((tx) => checkIngredients(tx, { servingId, input: [ingredient(servingId, facts)], by }));
  const cooked: Kitchen['cooked'] = (servingId, facts) => transact((tx) => checkCooking(tx, { input: cooking(servingId, facts), by }));
  const portioned: Kitchen['portioned'] = (servingId, facts) =>
    transact((tx) => checkPortioning(tx, { input: portioning(servingId, facts), by }));
  const sampled: Kitchen['sampled'] = (servingId, facts) => transact((tx) => takeSample(tx, { input: sample(servingId, facts), by }));
  return {
    ...{ school, plan, came, cooked, portioned, sampled },
    destroyed: (sampleId, facts) => transact((tx) => destroySample(tx, { sampleId, input: destruction(facts), by })),
    held: async (servingId, holdId = crypto.randomUUID()) =>
      must(await transact((tx) => holdSamples(tx, { servingId, holdId, reason: 'Nghi ngộ độc', by }))),
    open: (servingId) => transact((tx) => openServing(tx, { servingId, by })),
    ready: async (facts) => {
      const serving = await plan(facts);
      const [fish] = must(await came(serving.id));
      const ingredientIds = fish ? [fish.id] : [];
      for (const { id: dishId } of serving.dishes) {
        must(await cooked(serving.id, { dishId, ingredientIds }));
        must(await portioned(serving.id, { dishId }));
        must(await sampled(serving.id, { dishId }));
      }
      return serving;
    },
    record: async (servingId) => {
      const found = await read((tx) => tx.foodRecords.open(servingId));
      if (!found) throw new Error('There is no such serving');
      return found;
    },
    announced: async () => (await school.announced()).map(({ $case }) => $case),
  };
}
