import { collection, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { Category, CookingCheck, IngredientCheck, Outcome, PortioningCheck } from '../../domain/kitchen/food-check.ts';
import { recorded, recordIndexes } from './food-entry.ts';

const { day, instant, list, maybe, number, part, text, textOf } = stored;

const outcome = textOf<Outcome>();
const ingredient = {
  ...recorded,
  ...{ food: text, category: textOf<Category>(), receivedAt: instant, quantityThousandths: number, unit: text },
  ...{ supplier: part({ name: text, contact: text, deliverer: text }), invoiceNo: text, veterinaryPaper: text, quarantinePaper: text },
  ...{ producer: text, expiresOn: maybe(day), storage: text, sensory: outcome, quickTest: maybe(outcome), action: text },
};
const cooking = {
  ...recorded,
  ...{ dishId: text, ingredientIds: list(text), portions: number, preparedAt: instant, cookedAt: instant },
  ...{ people: outcome, equipment: outcome, premises: outcome, sensory: outcome, action: text },
};
const portioning = {
  ...recorded,
  ...{ dishId: text, portions: number, portionedAt: instant, eatingAt: instant, containers: text },
  ...{ hygiene: outcome, sensory: outcome, action: text },
};

export const foodIngredients = collection('food_ingredients', ingredient, { indexes: recordIndexes });
export const foodCookings = collection('food_cookings', cooking, { indexes: recordIndexes });
export const foodPortionings = collection('food_portionings', portioning, { indexes: recordIndexes });

interface FoodChecks {
  readonly ingredients: IngredientCheck[];
  readonly cookings: CookingCheck[];
  readonly portionings: PortioningCheck[];
}

/** The records of the three steps; they are added and read, and nothing else. */
export function foodCheckStore(session: Session) {
  const ingredients = rowsOf(session, foodIngredients);
  const cookings = rowsOf(session, foodCookings);
  const portionings = rowsOf(session, foodPortionings);
  return {
    async ofServings(ids: readonly string[]): Promise<FoodChecks> {
      const filter = { servingId: { $in: [...ids] } };
      // One after the other: a transaction cannot read twice at once.
      const came = await ingredients.all(filter);
      const cooked = await cookings.all(filter);
      return { ingredients: came, cookings: cooked, portionings: await portionings.all(filter) };
    },
    /** One of these ids that names a record of another meal. */
    async usedElsewhere(ids: readonly string[], servingId: string): Promise<string | undefined> {
      const filter = { _id: { $in: [...ids] }, servingId: { $ne: servingId } };
      return ((await ingredients.one(filter)) ?? (await cookings.one(filter)) ?? (await portionings.one(filter)))?.id;
    },
    addIngredients: (checks: readonly IngredientCheck[]) => checks.forEach((check) => void ingredients.insert(check)),
    addCookings: (checks: readonly CookingCheck[]) => checks.forEach((check) => void cookings.insert(check)),
    addPortionings: (checks: readonly PortioningCheck[]) => checks.forEach((check) => void portionings.insert(check)),
  };
}
