import type { CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import { ok, schoolDateOf } from '@schoolbell/kernel';
import type { Handlers } from '@schoolbell/service-kit';
import { menuMessage } from '../events.ts';
import { defineCutoffRule } from '../usecases/meals/define-cutoff-rule.ts';
import { defineMealPlans } from '../usecases/meals/define-meal-plans.ts';
import { defineMealPrice } from '../usecases/meals/define-meal-price.ts';
import { endMealPlan } from '../usecases/meals/end-meal-plan.ts';
import { getMenu } from '../usecases/meals/get-menu.ts';
import { listCutoffRules } from '../usecases/meals/list-cutoff-rules.ts';
import { listDiets } from '../usecases/meals/list-diets.ts';
import { listMealPlans } from '../usecases/meals/list-meal-plans.ts';
import { listMealPrices } from '../usecases/meals/list-meal-prices.ts';
import { listMenus } from '../usecases/meals/list-menus.ts';
import { publishMenu } from '../usecases/meals/publish-menu.ts';
import { setDiet } from '../usecases/meals/set-diet.ts';
import { actorOf, answer, type CanteenDeps, scopeOf, withInput } from './calls.ts';
import {
  countInput,
  dietInput,
  endPlanInput,
  mealInput,
  menuInput,
  menusInput,
  plansInput,
  priceInput,
  pupilInput,
  ruleInput,
} from './input.ts';
import { dietMessage, planMessage, priceMessage, ruleMessage } from './messages.ts';
import { read as readInput, toToken } from './scalars.ts';

type CanteenHandlers = Handlers<typeof CanteenServiceService>;
type Setting = 'defineMealPrice' | 'listMealPrices' | 'defineCutoffRule' | 'listCutoffRules';

export function settingHandlers({ transact, read, wake }: CanteenDeps): Pick<CanteenHandlers, Setting> {
  return {
    defineMealPrice: (request, call) =>
      withInput(readInput(priceInput, request), async ({ price }) => {
        const defined = await transact(scopeOf(call), (tx) => defineMealPrice(tx, { price, by: call.caller.subject }));
        if (defined.ok) wake('walks');
        return answer(defined, (laid) => ({ price: priceMessage(laid) }));
      }),
    listMealPrices: (request, call) =>
      withInput(readInput(mealInput, request), async ({ meal }) => {
        const prices = await read(scopeOf(call), (tx) => listMealPrices(tx, meal));
        return ok({ prices: prices.map(priceMessage) });
      }),
    defineCutoffRule: (request, call) =>
      withInput(readInput(ruleInput, request), async ({ rule }) => {
        const defined = await transact(scopeOf(call), (tx) => defineCutoffRule(tx, { rule, by: call.caller.subject }));
        if (defined.ok) wake('walks');
        return answer(defined, (laid) => ({ rule: ruleMessage(laid) }));
      }),
    listCutoffRules: (request, call) =>
      withInput(readInput(mealInput, request), async ({ meal }) => {
        const rules = await read(scopeOf(call), (tx) => listCutoffRules(tx, meal));
        return ok({ rules: rules.map(ruleMessage) });
      }),
  };
}

type MenuOrDiet = 'publishMenu' | 'getMenu' | 'listMenus' | 'setDiet' | 'listDiets';

export function menuHandlers({ transact, read, now }: CanteenDeps): Pick<CanteenHandlers, MenuOrDiet> {
  return {
    publishMenu: (request, call) =>
      withInput(readInput(menuInput, request), async ({ menu }) => {
        const wanted = { menu, by: call.caller.subject, schoolId: call.schoolId };
        const published = await transact(scopeOf(call), (tx) => publishMenu(tx, wanted));
        return answer(published, (stored) => ({ menu: menuMessage(stored) }));
      }),
    getMenu: (request, call) =>
      withInput(readInput(countInput, request), async ({ date = schoolDateOf(now()), meal }) => {
        const found = await read(scopeOf(call), (tx) => getMenu(tx, { date, meal }));
        return answer(found, (menu) => ({ menu: menuMessage(menu) }));
      }),
    listMenus: (request, call) =>
      withInput(readInput(menusInput, request), async (question) => {
        const { rows, next } = await read(scopeOf(call), (tx) => listMenus(tx, question));
        return ok({ menus: rows.map(menuMessage), page: { nextToken: toToken(next) } });
      }),
    setDiet: (request, call) =>
      withInput(readInput(dietInput, request), async (wanted) => {
        const set = await transact(scopeOf(call), (tx) => setDiet(tx, { wanted, by: call.caller.subject }));
        return answer(set, (stored) => ({ diet: dietMessage(stored) }));
      }),
    listDiets: (request, call) =>
      withInput(readInput(pupilInput, request), async ({ studentId }) => {
        const found = await read(scopeOf(call), (tx) => listDiets(tx, { studentId, actor: actorOf('ListDiets', call) }));
        return answer(found, (diets) => ({ diets: diets.map(dietMessage) }));
      }),
  };
}

export function planHandlers({
  transact,
  read,
  wake,
}: CanteenDeps): Pick<CanteenHandlers, 'defineMealPlans' | 'endMealPlan' | 'listMealPlans'> {
  return {
    defineMealPlans: (request, call) =>
      withInput(readInput(plansInput, request), async ({ orderId: id, studentIds, classId, ...wish }) => {
        const whom = classId === '' ? { studentIds } : { classId };
        const order = { wish: { id, ...wish }, whom, actor: actorOf('DefineMealPlans', call) };
        const defined = await transact(scopeOf(call), (tx) => defineMealPlans(tx, order));
        if (defined.ok) wake('meal-plans');
        return answer(defined, (plans) => ({ plans: plans.map(planMessage) }));
      }),
    endMealPlan: (request, call) =>
      withInput(readInput(endPlanInput, request), async ({ planId, lastDay }) => {
        const ended = await transact(scopeOf(call), (tx) => endMealPlan(tx, { planId, lastDay, actor: actorOf('EndMealPlan', call) }));
        if (ended.ok) wake('meal-plans');
        return answer(ended, (plan) => ({ plan: planMessage(plan) }));
      }),
    listMealPlans: (request, call) =>
      withInput(readInput(pupilInput, request), async ({ studentId }) => {
        const found = await read(scopeOf(call), (tx) => listMealPlans(tx, { studentId, actor: actorOf('ListMealPlans', call) }));
        return answer(found, (plans) => ({ plans: plans.map(planMessage) }));
      }),
  };
}
