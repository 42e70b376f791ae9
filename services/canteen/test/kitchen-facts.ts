import type { CookingCheck, IngredientCheck, NewRecord, PortioningCheck } from '../src/domain/kitchen/food-check.ts';
import type { KitchenRecord } from '../src/domain/kitchen/food-check-order.ts';
import type { NewDestruction, NewSample } from '../src/domain/kitchen/sample.ts';
import { planServing, type ServedDish, type Serving, type ServingPlan } from '../src/domain/kitchen/serving.ts';
import { checkCooking, checkIngredients, checkPortioning, keepSample } from '../src/domain/kitchen/serving-record.ts';
import type { Allergen } from '../src/domain/meals/diet.ts';
import type { Ingredient } from '../src/domain/meals/menu.ts';
import { at, lunch } from './facts.ts';

export const by = 'kitchen@79000701';
export const cook = 'Nguyễn Thị Tường Vỹ';
const made = (name: string, ...allergens: Allergen[]): Ingredient => ({ name, allergens });
export const fish: ServedDish = { id: 'ca-thu', name: 'Cá thu sốt cà chua', ingredients: [made('Cá thu', 'FISH'), made('Cà chua')] };
export const soup: ServedDish = { id: 'canh-chua', name: 'Canh chua bông so đũa', ingredients: [made('Bông so đũa')] };
export const shrimp: ServedDish = { id: 'tom-rim', name: 'Tôm rim', ingredients: [made('Tôm', 'CRUSTACEANS')] };

const entry = (servingId: string) => ({ id: crypto.randomUUID() as string, servingId, checkedBy: cook, replaces: undefined, reason: '' });

export const servingPlan = (facts: Partial<ServingPlan> = {}): ServingPlan => ({
  id: crypto.randomUUID(),
  ...lunch(),
  dishes: [fish, soup],
  portions: 412,
  ...facts,
});

/** A meal that was planned the evening before. */
export function serving(facts: Partial<ServingPlan> = {}): Serving {
  const planned = planServing({ earlier: undefined, sameMeal: undefined, menu: [] }, servingPlan(facts), { now: at('05:00'), by });
  if (!planned.ok) throw new Error(planned.refusal.code);
  return planned.value;
}

/** 35 kg of fish that came at 05:45 and is good. */
export const ingredient = (servingId: string, facts: Partial<NewRecord<IngredientCheck>> = {}): NewRecord<IngredientCheck> => ({
  ...entry(servingId),
  ...{ food: 'Cá thu tươi', category: 'FRESH', receivedAt: at('05:45'), quantityThousandths: 35_000, unit: 'kg' },
  supplier: { name: 'Cửa hàng thực phẩm sạch Minh Tâm', contact: '12 Trần Hưng Đạo, Quận 5; 0903 123 456', deliverer: 'Trần Văn Hùng' },
  ...{ invoiceNo: 'HĐ 0012345', veterinaryPaper: 'ĐKTY 123/2026', quarantinePaper: 'KD 9981/2026', producer: '', expiresOn: undefined },
  ...{ storage: '', sensory: 'PASSED', quickTest: undefined, action: '' },
  ...facts,
});

/** Prepared at 07:30, cooked at 09:45. */
export const cooking = (servingId: string, facts: Partial<NewRecord<CookingCheck>> = {}): NewRecord<CookingCheck> => ({
  ...entry(servingId),
  ...{ dishId: fish.id, ingredientIds: [], portions: 412, preparedAt: at('07:30'), cookedAt: at('09:45') },
  ...{ people: 'PASSED', equipment: 'PASSED', premises: 'PASSED', sensory: 'PASSED', action: '' },
  ...facts,
});

/** Portioned at 10:40, eaten from 11:00 on. */
export const portioning = (servingId: string, facts: Partial<NewRecord<PortioningCheck>> = {}): NewRecord<PortioningCheck> => ({
  ...entry(servingId),
  ...{ dishId: fish.id, portions: 412, portionedAt: at('10:40'), eatingAt: at('11:00'), containers: 'Khay inox có nắp' },
  ...{ hygiene: 'PASSED', sensory: 'PASSED', action: '' },
  ...facts,
});

/** 120 g at 4.5 °C, taken at 10:30. */
export const sample = (servingId: string, facts: Partial<NewSample> = {}): NewSample => ({
  ...entry(servingId),
  ...{ dishId: fish.id, form: 'SOLID', amount: 120, container: 'Hộp inox có nắp', celsiusTenths: 45, takenAt: at('10:30') },
  ...facts,
});

export const destruction = (facts: Partial<NewDestruction> = {}): NewDestruction => ({
  destroyedAt: at('11:00', '2026-11-24' as ReturnType<typeof lunch>['date']),
  destroyedBy: cook,
  witness: 'Lê Thị Ánh Ngọc',
  note: 'Mẫu bình thường',
  ...facts,
});

export const emptyRecord = (of: Serving = serving()): KitchenRecord => ({
  serving: of,
  ingredients: [],
  cookings: [],
  portionings: [],
  samples: [],
});

/** A meal with everything recorded that opening needs. */
export function fullRecord(of: Serving = serving()): KitchenRecord {
  const writing = { now: at('10:50'), by };
  const came = ingredient(of.id);
  let record = must(checkIngredients(emptyRecord(of), [came], writing)).record;
  for (const { id: dishId } of of.dishes) {
    record = must(checkCooking(record, cooking(of.id, { dishId, ingredientIds: [came.id] }), writing)).record;
    record = must(checkPortioning(record, portioning(of.id, { dishId }), writing)).record;
    record = must(keepSample(record, sample(of.id, { dishId }), writing)).record;
  }
  return record;
}

export function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: { readonly code: string } },
): T {
  if (!result.ok) throw new Error(`It was refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}
