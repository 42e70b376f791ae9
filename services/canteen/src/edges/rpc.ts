import { access } from '@schoolbell/contracts';
import { CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import { ok, schoolDateOf } from '@schoolbell/kernel';
import { type Handlers, type RpcService, rpcService } from '@schoolbell/service-kit';
import { bookingMessage } from '../events.ts';
import { bookMeals } from '../usecases/booking/book-meals.ts';
import { getKitchenCount } from '../usecases/count/get-kitchen-count.ts';
import { defineCutoffRule } from '../usecases/cutoff/define-cutoff-rule.ts';
import { defineMealPrice } from '../usecases/price/define-meal-price.ts';
import { actingRoles, actorOf, answer, type CanteenDeps, scopeOf, withInput } from './calls.ts';
import { countInput, orderInput, priceInput, ruleInput } from './input.ts';
import { kitchenHandlers } from './kitchen-rpc.ts';
import { countMessage, priceMessage, ruleMessage } from './messages.ts';
import { read as readInput } from './scalars.ts';

type CanteenHandlers = Handlers<typeof CanteenServiceService>;

/** The gRPC face of canteen: each RPC reads its request, runs one use case and tells its result. */
export function canteenRpc(deps: CanteenDeps): RpcService {
  return rpcService(CanteenServiceService, access, { ...settingHandlers(deps), ...mealHandlers(deps), ...kitchenHandlers(deps) });
}

function settingHandlers({ transact }: CanteenDeps): Pick<CanteenHandlers, 'defineMealPrice' | 'defineCutoffRule'> {
  return {
    defineMealPrice: (request, call) =>
      withInput(readInput(priceInput, request), async ({ price }) => {
        const defined = await transact(scopeOf(call), (tx) => defineMealPrice(tx, { price, by: call.caller.subject }));
        return answer(defined, (laid) => ({ price: priceMessage(laid) }));
      }),
    defineCutoffRule: (request, call) =>
      withInput(readInput(ruleInput, request), async ({ rule }) => {
        const defined = await transact(scopeOf(call), (tx) => defineCutoffRule(tx, { rule, by: call.caller.subject }));
        return answer(defined, (laid) => ({ rule: ruleMessage(laid) }));
      }),
  };
}

function mealHandlers({ transact, read, now }: CanteenDeps): Pick<CanteenHandlers, 'bookMeals' | 'getKitchenCount'> {
  return {
    bookMeals: (request, call) =>
      withInput(readInput(orderInput, request), async ({ orderId: id, ...same }) => {
        const booked = await transact(scopeOf(call), (tx) => bookMeals(tx, { order: { id, ...same }, actor: actorOf('BookMeals', call) }));
        return answer(booked, (bookings) => ({ bookings: bookings.map(bookingMessage) }));
      }),
    getKitchenCount: (request, call) =>
      withInput(readInput(countInput, request), async ({ date = schoolDateOf(now()), meal }) => {
        const withPupils = actingRoles('GetKitchenCount', call).some((role) => role !== 'teacher');
        return ok(countMessage(await read(scopeOf(call), (tx) => getKitchenCount(tx, { date, meal, withPupils }))));
      }),
  };
}
