import { CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import { addDays, ok } from '@schoolbell/kernel';
import { type EdgeCall, edge, found } from '@schoolbell/service-kit';
import type { Serving } from '../domain/kitchen/serving.ts';
import type { Booking } from '../domain/meals/booking.ts';
import type { Actor } from '../domain/rights.ts';
import {
  bookingMessage,
  cookingMessage,
  ingredientMessage,
  menuMessage,
  portioningMessage,
  sampleMessage,
  servingMessage,
} from '../events.ts';
import type { CanteenTx } from '../tx.ts';
import { changeDishes } from '../usecases/kitchen/change-dishes.ts';
import { checkCooking } from '../usecases/kitchen/check-cooking.ts';
import { checkIngredients } from '../usecases/kitchen/check-ingredients.ts';
import { checkPortioning } from '../usecases/kitchen/check-portioning.ts';
import { destroySample } from '../usecases/kitchen/destroy-sample.ts';
import { getKitchenCount } from '../usecases/kitchen/get-kitchen-count.ts';
import { getServing } from '../usecases/kitchen/get-serving.ts';
import { holdSamples } from '../usecases/kitchen/hold-samples.ts';
import { openServing } from '../usecases/kitchen/open-serving.ts';
import { planServing } from '../usecases/kitchen/plan-serving.ts';
import { releaseSamples } from '../usecases/kitchen/release-samples.ts';
import { takeSample } from '../usecases/kitchen/take-sample.ts';
import { bookMeals } from '../usecases/meals/book-meals.ts';
import { changeMeals } from '../usecases/meals/change-meals.ts';
import { defineCutoffRule } from '../usecases/meals/define-cutoff-rule.ts';
import { defineMealPlans } from '../usecases/meals/define-meal-plans.ts';
import { defineMealPrice } from '../usecases/meals/define-meal-price.ts';
import { endMealPlan } from '../usecases/meals/end-meal-plan.ts';
import { listBookings } from '../usecases/meals/list-bookings.ts';
import { listDiets } from '../usecases/meals/list-diets.ts';
import { listMealPlans } from '../usecases/meals/list-meal-plans.ts';
import { publishMenu } from '../usecases/meals/publish-menu.ts';
import { setDiet } from '../usecases/meals/set-diet.ts';
import { printBook } from './kitchen/books/book-printing.ts';
import * as kitchen from './kitchen/input.ts';
import { countMessage, listedMessage, servingFoundMessage } from './kitchen/messages.ts';
import * as meals from './meals/input.ts';
import { dietMessage, planMessage, priceMessage, ruleMessage } from './meals/messages.ts';
import { refused } from './refusals.ts';

const { command, query, list, rpc } = edge<CanteenTx>();

/** school.canteen.v1.CanteenService */
export const canteenRpc = rpc(CanteenServiceService, refused, {
  defineMealPrice: command(meals.priceInput, signed(defineMealPrice), (price) => ({ price: priceMessage(price) }), {
    wakes: 'recalculations',
  }),
  listMealPrices: query(
    meals.mealInput,
    async (tx, { meal }) => ok(await tx.prices.ofMeals([meal])),
    (prices) => ({ prices: prices.map(priceMessage) }),
  ),
  defineCutoffRule: command(meals.ruleInput, signed(defineCutoffRule), (rule) => ({ rule: ruleMessage(rule) }), {
    wakes: 'recalculations',
  }),
  listCutoffRules: query(
    meals.mealInput,
    async (tx, { meal }) => ok(await tx.rules.ofMeals([meal])),
    (rules) => ({ rules: rules.map(ruleMessage) }),
  ),
  publishMenu: command(meals.menuInput, signed(publishMenu), (menu) => ({ menu: menuMessage(menu) })),
  getMenu: query(
    meals.mealOfDayInput,
    (tx, { date: day, meal }, { today }) => {
      const date = day ?? today;
      return found(tx.menus.newest({ date, meal }), { code: 'MENU_NOT_FOUND', date, meal });
    },
    (menu) => ({ menu: menuMessage(menu) }),
  ),
  listMenus: list(
    meals.menusInput,
    (tx, { firstDay, lastDay, page }, { today }) => tx.menus.list(firstDay ?? today, lastDay ?? addDays(firstDay ?? today, 6), page),
    (rows) => ({ menus: rows.map(menuMessage) }),
  ),
  setDiet: command(meals.dietInput, signed(setDiet), (diet) => ({ diet: dietMessage(diet) })),
  listDiets: query(meals.pupilInput, asActor(listDiets), (diets) => ({ diets: diets.map(dietMessage) })),

  defineMealPlans: command(meals.plansInput, asActor(defineMealPlans), (plans) => ({ plans: plans.map(planMessage) }), {
    wakes: 'meal-plans',
  }),
  endMealPlan: command(meals.endPlanInput, asActor(endMealPlan), (plan) => ({ plan: planMessage(plan) }), { wakes: 'meal-plans' }),
  listMealPlans: query(meals.pupilInput, asActor(listMealPlans), (plans) => ({ plans: plans.map(planMessage) })),
  bookMeals: command(meals.bookInput, asActor(bookMeals), bookingsMessage),
  cancelMeals: command(meals.cancelInput, asActor(changeMeals), bookingsMessage),
  restoreMeals: command(meals.restoreInput, asActor(changeMeals), bookingsMessage),
  listBookings: list(meals.bookingsInput, asActor(listBookings), bookingsMessage),

  getKitchenCount: query(
    meals.mealOfDayInput,
    async (tx, { date, meal }, { today, acting }) =>
      ok(await getKitchenCount(tx, { date: date ?? today, meal, withPupils: acting.some((role) => role !== 'teacher') })),
    countMessage,
  ),
  planServing: command(kitchen.planInput, signed(planServing), inServing),
  changeDishes: command(kitchen.changeInput, signed(changeDishes), inServing),
  openServing: command(kitchen.openInput, signed(openServing), inServing),
  getServing: query(kitchen.servingInput, getServing, servingFoundMessage),
  checkIngredients: command(kitchen.ingredientsInput, signed(checkIngredients), (checks) => ({ checks: checks.map(ingredientMessage) })),
  checkCooking: command(kitchen.cookingInput, signed(checkCooking), (check) => ({ check: cookingMessage(check) })),
  checkPortioning: command(kitchen.portioningInput, signed(checkPortioning), (check) => ({ check: portioningMessage(check) })),
  takeSample: command(kitchen.sampleInput, signed(takeSample), (sample) => ({ sample: sampleMessage(sample) })),
  destroySample: command(kitchen.destructionInput, signed(destroySample), (sample) => ({ sample: sampleMessage(sample) })),
  listSamples: list(
    kitchen.samplesInput,
    (tx, { due, page }) => tx.foodRecords.samples({ dueAt: due ? tx.now : undefined, ...page }),
    (rows) => ({ samples: rows.map(listedMessage) }),
  ),
  holdSamples: command(kitchen.holdInput, signed(holdSamples), inServing),
  releaseSamples: command(kitchen.releaseInput, signed(releaseSamples), inServing),
  printBook,
});

function bookingsMessage(bookings: readonly Booking[]) {
  return { bookings: bookings.map(bookingMessage) };
}

function inServing(serving: Serving) {
  return { serving: servingMessage(serving) };
}

/** A use case that asks who acts, and for whom. A caller who may make this call by another role than parent acts for the office. */
function asActor<I extends { readonly actor: Actor }, R>(useCase: (tx: CanteenTx, input: I) => Promise<R>) {
  return (tx: CanteenTx, input: Omit<I, 'actor'>, { caller: { subject }, acting }: EdgeCall) => {
    const actor: Actor = { subject, scope: acting.some((role) => role !== 'parent') ? 'SCHOOL' : 'CHILDREN' };
    return useCase(tx, { ...input, actor } as I);
  };
}

/** A use case that stores who called. */
function signed<I extends { readonly by: string }, R>(useCase: (tx: CanteenTx, input: I) => Promise<R>) {
  return (tx: CanteenTx, input: Omit<I, 'by'>, { caller }: EdgeCall) => useCase(tx, { ...input, by: caller.subject } as I);
}
