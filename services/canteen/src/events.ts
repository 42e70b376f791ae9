import {
  Allergen,
  type Booking as BookingMessage,
  BookingStatus,
  CancelReason,
  type Ingredient as MadeOfMessage,
  Meal,
  type Menu as MenuMessage,
  RestoreReason,
} from '@schoolbell/contracts/school/canteen/v1/canteen';
import { type BookedMeal, CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import {
  CheckOutcome,
  type CookingCheck as CookingMessage,
  type DishChange as DishChangeMessage,
  FoodCategory,
  type FoodSample,
  type IngredientCheck as IngredientMessage,
  type KitchenEntry,
  type PortioningCheck as PortioningMessage,
  SampleForm,
  type SampleHold,
  type ServedDish as ServedDishMessage,
  type Serving as ServingMessage,
  ServingStatus,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import type { OutboxEvent } from '@schoolbell/service-kit';
import type { CookingCheck, IngredientCheck, PortioningCheck, Recorded } from './domain/kitchen/food-check.ts';
import type { Hold, Sample } from './domain/kitchen/sample.ts';
import { type DishChange, dishNameOf, type ServedDish, type Serving } from './domain/kitchen/serving.ts';
import type { Booking } from './domain/meals/booking.ts';
import type { Change } from './domain/meals/change.ts';
import type { Ingredient, Menu } from './domain/meals/menu.ts';

/** Meals were booked for one pupil, all of them in one event; events about those that are cut from the beginning follow it. */
export function mealsBooked(bookings: readonly Booking[]): OutboxEvent[] {
  const [first] = bookings;
  if (!first) return [];
  const { studentId, studentName, classId, className } = first;
  const value = { studentId, studentName, classId, className, meals: bookings.map(bookedMeal) };
  return [announce('MealsBooked', studentId, { $case: 'mealsBooked', value }), ...bookings.flatMap((booking) => cut(booking))];
}

/** What others must know of a change: a meal is off, was cut too late, or is on again. Another reason is no news. */
export function statusChanged({ before, after, restoredBy }: Change): OutboxEvent[] {
  if (before.state.status === after.state.status) return [];
  if (after.state.status !== 'BOOKED') return cut(after);
  const { reason, reportedAt } = restoredBy;
  const value = {
    booking: bookingMessage(after),
    reason: RestoreReason[reason],
    reportedAt,
    before: BookingStatus[before.state.status],
  };
  return [announce('MealRestored', after.studentId, { $case: 'mealRestored', value })];
}

function cut(booking: Booking): OutboxEvent[] {
  const { state, studentId } = booking;
  if (state.status === 'BOOKED') return [];
  const value = { booking: bookingMessage(booking), reason: CancelReason[state.reason], reportedAt: state.reportedAt };
  if (state.status === 'CANCELLED') return [announce('MealCancelled', studentId, { $case: 'mealCancelled', value })];
  return [announce('MealCutLate', studentId, { $case: 'mealCutLate', value })];
}

/** Meals of one pupil have another price, all with the same citation. */
export function mealsRepriced(bookings: readonly Booking[], citation: string): OutboxEvent[] {
  const studentId = bookings[0]?.studentId ?? '';
  const parts: OutboxEvent[] = [];
  for (let from = 0; from < bookings.length; from += mostMealsOfEvent) {
    const value = { studentId, meals: bookings.slice(from, from + mostMealsOfEvent).map(bookedMeal), citation };
    parts.push(announce('MealsRepriced', studentId, { $case: 'mealsRepriced', value }));
  }
  return parts;
}

const mostMealsOfEvent = 500;

export function menuPublished(menu: Menu, schoolId: string): OutboxEvent {
  return announce('MenuPublished', schoolId, { $case: 'menuPublished', value: { menu: menuMessage(menu) } });
}

export function menuMessage({ id, date, meal, dishes, version, publishedAt }: Menu): MenuMessage {
  const shown = dishes.map(({ name, ingredients }) => ({ name, ingredients: ingredients.map(madeOfMessage) }));
  return { menuId: id, date, meal: Meal[meal], dishes: shown, version, publishedAt };
}

function madeOfMessage({ name, allergens }: Ingredient): MadeOfMessage {
  return { name, allergens: allergens.map((allergen) => Allergen[allergen]) };
}

/** The same shape is announced and answered, so it is made in one place. */
export function bookingMessage(booking: Booking): BookingMessage {
  const { id, studentId, studentName, classId, className, date, meal, price, state, cutoffAt, extra, planId = '' } = booking;
  const isCut = state.status !== 'BOOKED';
  return {
    ...{ bookingId: id, studentId, studentName, classId, className, date, cutoffAt, extra, planId },
    meal: Meal[meal],
    price: { currencyCode: price.currency, minorUnits: price.minorUnits },
    status: BookingStatus[state.status],
    cutReason: isCut ? CancelReason[state.reason] : CancelReason.UNSPECIFIED,
    cutReportedAt: isCut ? state.reportedAt : undefined,
  };
}

function bookedMeal({ id, date, meal, price }: Booking): BookedMeal {
  return { bookingId: id, date, meal: Meal[meal], price: { currencyCode: price.currency, minorUnits: price.minorUnits } };
}

/** Events about a meal of the kitchen have the serving as their key, so that the book can be rebuilt in the order of its records. */
export function servingPlanned(serving: Serving): OutboxEvent {
  return announce('ServingPlanned', serving.id, { $case: 'servingPlanned', value: { serving: announcedServing(serving) } });
}

export function servingChanged(serving: Serving, change: DishChange): OutboxEvent {
  const value = { serving: announcedServing(serving), change: changeMessage(change) };
  return announce('ServingChanged', serving.id, { $case: 'servingChanged', value });
}

export function servingOpened(serving: Serving): OutboxEvent {
  return announce('ServingOpened', serving.id, { $case: 'servingOpened', value: { serving: announcedServing(serving) } });
}

export function ingredientsChecked({ id: servingId }: Serving, checks: readonly IngredientCheck[]): OutboxEvent {
  const value = { servingId, checks: checks.map(ingredientMessage) };
  return announce('IngredientsChecked', servingId, { $case: 'ingredientsChecked', value });
}

export function dishCooked(serving: Serving, check: CookingCheck): OutboxEvent {
  const value = { servingId: serving.id, dishName: dishNameOf(serving, check.dishId), check: cookingMessage(check) };
  return announce('DishCooked', serving.id, { $case: 'dishCooked', value });
}

export function dishPortioned(serving: Serving, check: PortioningCheck): OutboxEvent {
  const value = { servingId: serving.id, dishName: dishNameOf(serving, check.dishId), check: portioningMessage(check) };
  return announce('DishPortioned', serving.id, { $case: 'dishPortioned', value });
}

export function sampleTaken(serving: Serving, sample: Sample): OutboxEvent {
  const value = { dishName: dishNameOf(serving, sample.dishId), sample: sampleMessage(sample) };
  return announce('SampleTaken', serving.id, { $case: 'sampleTaken', value });
}

export function sampleDestroyed(serving: Serving, sample: Sample): OutboxEvent {
  const value = { dishName: dishNameOf(serving, sample.dishId), sample: sampleMessage(sample) };
  return announce('SampleDestroyed', serving.id, { $case: 'sampleDestroyed', value });
}

export function samplesHeld({ id: servingId }: Serving, hold: Hold): OutboxEvent {
  return announce('SamplesHeld', servingId, { $case: 'samplesHeld', value: { servingId, hold: announcedHold(hold) } });
}

export function samplesReleased({ id: servingId }: Serving, hold: Hold): OutboxEvent {
  return announce('SamplesReleased', servingId, { $case: 'samplesReleased', value: { servingId, hold: announcedHold(hold) } });
}

/** The reason why samples are held speaks of pupils' health: an authorized caller may read it, no event holds it. */
function announcedServing(serving: Serving): ServingMessage {
  return { ...servingMessage(serving), holds: serving.holds.map(announcedHold) };
}

function announcedHold(hold: Hold): SampleHold {
  return { ...holdMessage(hold), reason: '' };
}

export function servingMessage(serving: Serving): ServingMessage {
  const { id, date, meal, dishes, portions, status, plannedAt, plannedBy, holds, changes } = serving;
  const opened =
    serving.status === 'OPEN' ? { openedAt: serving.openedAt, openedBy: serving.openedBy } : { openedAt: undefined, openedBy: '' };
  return {
    ...{ servingId: id, date, meal: Meal[meal], dishes: dishes.map(dishMessage), portions, status: ServingStatus[status], ...opened },
    ...{ plannedAt, plannedBy, holds: holds.map(holdMessage), changes: changes.map(changeMessage) },
  };
}

export function dishMessage({ id: dishId, name, ingredients }: ServedDish): ServedDishMessage {
  return { dishId, name, ingredients: ingredients.map(madeOfMessage) };
}

function changeMessage({ id: changeId, added, takenOff, ...same }: DishChange): DishChangeMessage {
  return { changeId, added: added.map(dishMessage), takenOff: takenOff.map(dishMessage), ...same };
}

function holdMessage({ id: holdId, reason, heldAt, heldBy, release }: Hold): SampleHold {
  const { document = '', releasedAt = undefined, releasedBy = '' } = release ?? {};
  return { holdId, reason, heldAt, heldBy, document, releasedAt, releasedBy };
}

function entryMessage({ id: recordId, checkedBy, replaces = '', reason, recordedAt, recordedBy }: Recorded): KitchenEntry {
  return { recordId, checkedBy, replaces, reason, recordedAt, recordedBy };
}

export function ingredientMessage(check: IngredientCheck): IngredientMessage {
  const { food, category, receivedAt, quantityThousandths, unit, supplier, invoiceNo, veterinaryPaper, quarantinePaper } = check;
  const { producer, expiresOn = '', storage, sensory, quickTest, action } = check;
  const { name: supplierName, contact: supplierContact, deliverer } = supplier;
  return {
    ...{ entry: entryMessage(check), food, category: FoodCategory[category], receivedAt, quantityThousandths, unit },
    ...{ supplierName, supplierContact, deliverer, invoiceNo, veterinaryPaper, quarantinePaper, producer, expiresOn, storage },
    ...{ sensory: CheckOutcome[sensory], quickTest: CheckOutcome[quickTest ?? 'UNSPECIFIED'], action },
  };
}

export function cookingMessage(check: CookingCheck): CookingMessage {
  const { dishId, ingredientIds, portions, preparedAt, cookedAt, people, equipment, premises, sensory, action } = check;
  const looks = { people: CheckOutcome[people], equipment: CheckOutcome[equipment], premises: CheckOutcome[premises] };
  const cooked = { dishId, ingredientIds: [...ingredientIds], portions, preparedAt, cookedAt };
  return { entry: entryMessage(check), ...cooked, ...looks, sensory: CheckOutcome[sensory], action };
}

export function portioningMessage(check: PortioningCheck): PortioningMessage {
  const { dishId, portions, portionedAt, eatingAt, containers, hygiene, sensory, action } = check;
  const looks = { hygiene: CheckOutcome[hygiene], sensory: CheckOutcome[sensory] };
  return { entry: entryMessage(check), dishId, portions, portionedAt, eatingAt, containers, ...looks, action };
}

export function sampleMessage(sample: Sample): FoodSample {
  const { servingId, dishId, form, amount, container, celsiusTenths, takenAt, destroyableFrom, destroyed } = sample;
  const kept = { servingId, dishId, form: SampleForm[form], amount, container, celsiusTenths, takenAt, destroyableFrom };
  return { entry: entryMessage(sample), ...kept, destroyed: destroyed && { ...destroyed } };
}

function announce(fact: string, key: string, event: NonNullable<CanteenEvent['event']>): OutboxEvent {
  return { type: `school.canteen.v1.${fact}`, key, payload: CanteenEvent.encode({ event }).finish() };
}
