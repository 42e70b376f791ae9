import { Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import {
  type FoodSample,
  type KitchenEntry,
  type SampleHold,
  type ServedDish as ServedDishMessage,
  type Serving as ServingMessage,
  ServingStatus,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import type { Recorded } from '../src/domain/kitchen/food-check.ts';
import type { KitchenRecord } from '../src/domain/kitchen/food-check-order.ts';
import type { Hold, Sample } from '../src/domain/kitchen/sample.ts';
import type { ServedDish, Serving } from '../src/domain/kitchen/serving.ts';
import type { Meal as MealName } from '../src/domain/meals/meal.ts';
import { cookingInput, ingredientsInput, portioningInput, sampleInput } from '../src/edges/kitchen/input.ts';
import { ingredients as ingredientsOf } from '../src/edges/meals/input.ts';
import { day } from './facts.ts';

type Announced = NonNullable<CanteenEvent['event']>;

/** What an auditor knows of one meal who has nothing but what canteen announced. */
export function recordFromLog(events: readonly Announced[], servingId: string): KitchenRecord {
  let record: KitchenRecord | undefined;
  for (const event of events) {
    const planned = event.$case === 'servingPlanned' && event.value.serving?.servingId === servingId ? event.value.serving : undefined;
    if (planned) record = { serving: toServing(planned), ingredients: [], cookings: [], portionings: [], samples: [] };
    else if (record) record = withEvent(record, event);
  }
  if (!record) throw new Error('The meal was never announced');
  return record;
}

function withEvent(record: KitchenRecord, event: Announced): KitchenRecord {
  const { serving } = record;
  switch (event.$case) {
    case 'servingChanged':
    case 'servingOpened':
      return { ...record, serving: toServing(given(event.value.serving)) };
    case 'ingredientsChecked': {
      const { input } = ingredientsInput.parse(event.value);
      const checks = input.map((one, at) => ({ ...one, ...written(event.value.checks[at]?.entry) }));
      return { ...record, ingredients: [...record.ingredients, ...checks] };
    }
    case 'dishCooked':
      return {
        ...record,
        cookings: [...record.cookings, { ...cookingInput.parse(event.value).input, ...written(event.value.check?.entry) }],
      };
    case 'dishPortioned':
      return {
        ...record,
        portionings: [...record.portionings, { ...portioningInput.parse(event.value).input, ...written(event.value.check?.entry) }],
      };
    case 'sampleTaken':
      return { ...record, samples: [...record.samples, toSample(given(event.value.sample))] };
    case 'sampleDestroyed': {
      const gone = toSample(given(event.value.sample));
      return { ...record, samples: record.samples.map((one) => (one.id === gone.id ? gone : one)) };
    }
    case 'samplesHeld':
    case 'samplesReleased': {
      const hold = toHold(given(event.value.hold));
      return { ...record, serving: { ...serving, holds: [...serving.holds.filter(({ id }) => id !== hold.id), hold] } };
    }
    default:
      return record;
  }
}

function toServing(message: ServingMessage): Serving {
  const { servingId: id, date, meal, dishes, portions, status, openedAt, openedBy, plannedAt, plannedBy, holds, changes } = message;
  const meals = new Map<number, MealName>((['BREAKFAST', 'LUNCH', 'SNACK'] as const).map((name) => [Meal[name], name]));
  const base = {
    ...{ id, date: day(date), meal: given(meals.get(meal)), dishes: dishes.map(toDish), portions, plannedAt: given(plannedAt), plannedBy },
    holds: holds.map(toHold),
    changes: changes.map(({ changeId, added, takenOff, reason, changedAt, changedBy }) => {
      return { id: changeId, added: added.map(toDish), takenOff: takenOff.map(toDish), reason, changedAt: given(changedAt), changedBy };
    }),
    version: 1,
  };
  return status === ServingStatus.OPEN
    ? { ...base, status: 'OPEN', openedAt: given(openedAt), openedBy }
    : { ...base, status: 'PREPARING' };
}

function toSample(message: FoodSample): Sample {
  const { destroyed, destroyableFrom, entry } = message;
  const gone = destroyed && { ...destroyed, destroyedAt: given(destroyed.destroyedAt), recordedAt: given(destroyed.recordedAt) };
  return { ...sampleInput.parse({ sample: message }).input, ...written(entry), destroyableFrom: given(destroyableFrom), destroyed: gone };
}

function toHold({ holdId: id, reason, heldAt, heldBy, document, releasedAt, releasedBy }: SampleHold): Hold {
  return { id, reason, heldAt: given(heldAt), heldBy, release: releasedAt && { document, releasedAt, releasedBy } };
}

function toDish({ dishId: id, name, ingredients }: ServedDishMessage): ServedDish {
  return { id, name, ingredients: ingredientsOf.parse(ingredients) };
}

function written(entry: KitchenEntry | undefined): Pick<Recorded, 'recordedAt' | 'recordedBy'> {
  return { recordedAt: given(entry?.recordedAt), recordedBy: given(entry).recordedBy };
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The announcement is not whole');
  return value;
}
