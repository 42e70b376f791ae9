import {
  Allergen,
  type CarefulPortion,
  Diet,
  type LateChange,
  LateChangeKind,
  Meal,
} from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { GetKitchenCountResponse } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import {
  type GetServingResponse,
  type ListedSample as ListedMessage,
  type MenuDifference as MenuDifferenceMessage,
  MissingKind,
  type MissingRecord,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import type { CarefulRow, LateRow } from '../../domain/kitchen/kitchen-count.ts';
import { isHeld } from '../../domain/kitchen/sample.ts';
import type { MenuDifference } from '../../domain/kitchen/served-dishes.ts';
import { dishNameOf, type ListedSample } from '../../domain/kitchen/serving.ts';
import type { Missing } from '../../domain/kitchen/serving-gate.ts';
import { cookingMessage, dishMessage, ingredientMessage, portioningMessage, sampleMessage, servingMessage } from '../../events.ts';
import type { KitchenCount } from '../../usecases/kitchen/get-kitchen-count.ts';
import type { ServingFound } from '../../usecases/kitchen/get-serving.ts';

export function servingFoundMessage({ record, missing, difference }: ServingFound): GetServingResponse {
  return {
    serving: servingMessage(record.serving),
    missing: missing.map(missingMessage),
    ingredients: record.ingredients.map(ingredientMessage),
    cookings: record.cookings.map(cookingMessage),
    portionings: record.portionings.map(portioningMessage),
    samples: record.samples.map(sampleMessage),
    menuDifference: differenceMessage(difference),
  };
}

function differenceMessage(difference: MenuDifference | undefined): MenuDifferenceMessage | undefined {
  if (!difference) return undefined;
  const { version, publishedAt, notServed, notOnMenu, otherIngredients } = difference;
  return { version, publishedAt, notServed: [...notServed], notOnMenu: [...notOnMenu], otherIngredients: [...otherIngredients] };
}

function missingMessage(missing: Missing): MissingRecord {
  return { kind: MissingKind[missing.what], dish: missing.what === 'INGREDIENTS' ? undefined : dishMessage(missing.dish) };
}

export function listedMessage({ sample, serving }: ListedSample): ListedMessage {
  const { date, meal, holds } = serving;
  const dishName = dishNameOf(serving, sample.dishId);
  return { sample: sampleMessage(sample), date, meal: Meal[meal], dishName, held: isHeld(holds) };
}

export function countMessage({ date, meal, rows, cutoffAt, lateChanges, careful, served }: KitchenCount): GetKitchenCountResponse {
  const sum = (of: 'portions' | 'portionsAtCutoff' | 'cutLate') => rows.reduce((total, row) => total + row[of], 0);
  return {
    ...{ date, meal: Meal[meal], cutoffAt, menuKnown: served.dishes !== undefined },
    dishes: served.dishes?.map(dishMessage) ?? [],
    menuDifference: differenceMessage(served.difference),
    rows: rows.map(({ portionsAtCutoff, diet, ...row }) => ({ ...row, diet: Diet[diet], toldAtCutoff: portionsAtCutoff })),
    ...{ portions: sum('portions'), toldAtCutoff: sum('portionsAtCutoff'), cutLate: sum('cutLate') },
    lateChanges: lateChanges.map(lateMessage),
    careful: careful.map(carefulMessage),
  };
}

function lateMessage({ kind, ...row }: LateRow): LateChange {
  return { ...row, kind: LateChangeKind[kind] };
}

function carefulMessage({ diet, dishes, unclear, ...pupil }: CarefulRow): CarefulPortion {
  const { kind, note, avoided } = diet;
  const eats = { diet: Diet[kind], note, avoided: avoided.map((each) => Allergen[each]) };
  return { ...pupil, ...eats, dishes: [...dishes], unclearDishes: [...unclear] };
}
