import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { FoodRules } from './food-check-rules.ts';

/** What a person of the kitchen recorded, and when it reached the server. A record never changes: a correction names it. */
export type Recorded = {
  /** Made by the caller. */
  readonly id: string;
  readonly servingId: string;
  /** Signed name of the person who checked. */
  readonly checkedBy: string;
  /** The earlier record that this one corrects, and why. */
  readonly replaces: string | undefined;
  readonly reason: string;
  readonly recordedAt: Date;
  /** Subject of the token. */
  readonly recordedBy: string;
};

export type Category = 'FRESH' | 'DRY_PACKAGED_ADDITIVE';
export type Outcome = 'PASSED' | 'FAILED';

export type Supplier = { readonly name: string; readonly contact: string; readonly deliverer: string };

/** Step 1: one food as it came in. */
export type IngredientCheck = Recorded & {
  readonly food: string;
  readonly category: Category;
  readonly receivedAt: Date;
  /** Thousandths of the unit: 12500 kg is 12.5 kg. */
  readonly quantityThousandths: number;
  readonly unit: string;
  readonly supplier: Supplier;
  readonly invoiceNo: string;
  readonly veterinaryPaper: string;
  readonly quarantinePaper: string;
  /** Who made packaged food, with the address. */
  readonly producer: string;
  readonly expiresOn: SchoolDate | undefined;
  readonly storage: string;
  readonly sensory: Outcome;
  readonly quickTest: Outcome | undefined;
  /** What was done with what failed. */
  readonly action: string;
};

/** Step 2: one dish as it was cooked. */
export type CookingCheck = Recorded & {
  readonly dishId: string;
  /** Records of step 1 that the dish is made of. */
  readonly ingredientIds: readonly string[];
  readonly portions: number;
  readonly preparedAt: Date;
  readonly cookedAt: Date;
  readonly people: Outcome;
  readonly equipment: Outcome;
  readonly premises: Outcome;
  readonly sensory: Outcome;
  readonly action: string;
};

/** Step 3: one dish as it was portioned. */
export type PortioningCheck = Recorded & {
  readonly dishId: string;
  readonly portions: number;
  readonly portionedAt: Date;
  readonly eatingAt: Date;
  /** What it is portioned with, held and covered in. */
  readonly containers: string;
  readonly hygiene: Outcome;
  readonly sensory: Outcome;
  readonly action: string;
};

/** What the caller sends of a record; the server adds the rest. */
export type NewRecord<R extends Recorded> = Omit<R, 'recordedAt' | 'recordedBy'>;

export type CheckRefused =
  | { readonly code: 'CLOCK_AHEAD'; readonly at: Date; readonly now: Date }
  | { readonly code: 'ACTION_MISSING'; readonly what: string }
  | { readonly code: 'EXPIRY_MISSING'; readonly food: string }
  | { readonly code: 'EXPIRED'; readonly food: string; readonly expiresOn: SchoolDate; readonly date: SchoolDate }
  | { readonly code: 'RECEIVED_TOO_EARLY'; readonly food: string; readonly at: Date; readonly earliest: SchoolDate }
  | { readonly code: 'NOT_OF_THE_DAY'; readonly at: Date; readonly date: SchoolDate };

export type OfMeal = { readonly date: SchoolDate; readonly now: Date; readonly rules: FoodRules };

export function judgeIngredient(check: NewRecord<IngredientCheck>, { date, now, rules }: OfMeal): Result<void, CheckRefused> {
  const { food, category, receivedAt, expiresOn, sensory, quickTest, action } = check;
  if (isAhead(receivedAt, now)) return err({ code: 'CLOCK_AHEAD', at: receivedAt, now });
  const daysBefore = category === 'FRESH' ? rules.freshDaysBefore : rules.dryDaysBefore;
  const earliest = addDays(date, -daysBefore);
  if (schoolDateOf(receivedAt) < earliest) return err({ code: 'RECEIVED_TOO_EARLY', food, at: receivedAt, earliest });
  if (schoolDateOf(receivedAt) > date) return err({ code: 'NOT_OF_THE_DAY', at: receivedAt, date });
  if (category === 'DRY_PACKAGED_ADDITIVE' && expiresOn === undefined) return err({ code: 'EXPIRY_MISSING', food });
  // Expired goods that were sent back at the door belong in the book; what is recorded as fit must be.
  if (expiresOn !== undefined && expiresOn < date && sensory === 'PASSED') return err({ code: 'EXPIRED', food, expiresOn, date });
  return actedOn(food, [sensory, quickTest], action);
}

export function judgeCooking(check: NewRecord<CookingCheck>, dish: string, { date, now }: OfMeal): Result<void, CheckRefused> {
  const { preparedAt, cookedAt, people, equipment, premises, sensory, action } = check;
  for (const at of [preparedAt, cookedAt]) {
    if (isAhead(at, now)) return err({ code: 'CLOCK_AHEAD', at, now });
    if (schoolDateOf(at) !== date) return err({ code: 'NOT_OF_THE_DAY', at, date });
  }
  return actedOn(dish, [people, equipment, premises, sensory], action);
}

export function judgePortioning(check: NewRecord<PortioningCheck>, dish: string, { date, now }: OfMeal): Result<void, CheckRefused> {
  const { portionedAt, eatingAt, hygiene, sensory, action } = check;
  if (isAhead(portionedAt, now)) return err({ code: 'CLOCK_AHEAD', at: portionedAt, now });
  // Eating begins after the meal is opened, and the meal opens after this check: its time may be to come.
  for (const at of [portionedAt, eatingAt]) if (schoolDateOf(at) !== date) return err({ code: 'NOT_OF_THE_DAY', at, date });
  return actedOn(dish, [hygiene, sensory], action);
}

function actedOn(what: string, outcomes: readonly (Outcome | undefined)[], action: string): Result<void, CheckRefused> {
  return outcomes.includes('FAILED') && action === '' ? err({ code: 'ACTION_MISSING', what }) : ok(undefined);
}

// Clocks of devices differ a little.
const clockSkewMs = 2 * 60_000;

export function isAhead(instant: Date, now: Date): boolean {
  return instant.getTime() > now.getTime() + clockSkewMs;
}

/** Fit to be cooked with: it passed the look, and the quick test where there was one. */
export function ingredientPassed({ sensory, quickTest }: Pick<IngredientCheck, 'sensory' | 'quickTest'>): boolean {
  return sensory === 'PASSED' && quickTest !== 'FAILED';
}

/** The food itself is fit to be eaten. Failures of places and people are in the book with what was done about them. */
export function dishPassed({ sensory }: Pick<CookingCheck, 'sensory'>): boolean {
  return sensory === 'PASSED';
}

/** The records that no later one corrects. */
export function current<R extends Recorded>(records: readonly R[]): R[] {
  const replaced = new Set(records.map(({ replaces }) => replaces));
  return records.filter(({ id }) => !replaced.has(id));
}

/** The record that holds in place of `id` after all corrections. */
export function currentFor<R extends Recorded>(records: readonly R[], id: string): R | undefined {
  let found = records.find((record) => record.id === id);
  for (let next = found; next; next = records.find(({ replaces }) => replaces === next?.id)) found = next;
  return found;
}
