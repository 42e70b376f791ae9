import { Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import {
  type GetServingResponse,
  type ListedSample as ListedMessage,
  type MenuDifference as MenuDifferenceMessage,
  MissingKind,
  type MissingRecord,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { isHeld } from '../domain/kitchen/sample.ts';
import type { MenuDifference } from '../domain/kitchen/served-dishes.ts';
import { dishNameOf } from '../domain/kitchen/serving.ts';
import type { Missing } from '../domain/kitchen/serving-gate.ts';
import { cookingMessage, dishMessage, ingredientMessage, portioningMessage, sampleMessage, servingMessage } from '../events.ts';
import type { ServingFound } from '../usecases/kitchen/get-serving.ts';
import type { ListedSample } from '../usecases/kitchen/list-samples.ts';

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

export function differenceMessage(difference: MenuDifference | undefined): MenuDifferenceMessage | undefined {
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
