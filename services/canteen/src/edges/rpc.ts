import { access } from '@schoolbell/contracts';
import { CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import { ok, schoolDateOf } from '@schoolbell/kernel';
import { type Handlers, type RpcService, rpcService } from '@schoolbell/service-kit';
import { bookingMessage } from '../events.ts';
import { getKitchenCount } from '../usecases/kitchen/get-kitchen-count.ts';
import { bookMeals } from '../usecases/meals/book-meals.ts';
import { changeMeals } from '../usecases/meals/change-meals.ts';
import { listBookings } from '../usecases/meals/list-bookings.ts';
import { actingRoles, actorOf, answer, type CanteenDeps, scopeOf, withInput } from './calls.ts';
import { bookInput, bookingsInput, cancelInput, countInput, restoreInput } from './input.ts';
import { kitchenHandlers } from './kitchen-rpc.ts';
import { countMessage } from './messages.ts';
import { read as readInput, toToken } from './scalars.ts';
import { menuHandlers, planHandlers, settingHandlers } from './setting-rpc.ts';

type CanteenHandlers = Handlers<typeof CanteenServiceService>;

/** The gRPC face of canteen: each RPC reads its request, runs one use case and tells its result. */
export function canteenRpc(deps: CanteenDeps): RpcService {
  const settings = { ...settingHandlers(deps), ...menuHandlers(deps), ...planHandlers(deps) };
  return rpcService(CanteenServiceService, access, {
    ...settings,
    ...mealHandlers(deps),
    ...lookingHandlers(deps),
    ...kitchenHandlers(deps),
  });
}

function mealHandlers({ transact }: CanteenDeps): Pick<CanteenHandlers, 'bookMeals' | 'cancelMeals' | 'restoreMeals'> {
  return {
    bookMeals: (request, call) =>
      withInput(readInput(bookInput, request), async ({ orderId: id, ...same }) => {
        const order = { id, does: 'BOOK', ...same, note: '', reportedAt: undefined } as const;
        const booked = await transact(scopeOf(call), (tx) => bookMeals(tx, { order, actor: actorOf('BookMeals', call) }));
        return answer(booked, (bookings) => ({ bookings: bookings.map(bookingMessage) }));
      }),
    cancelMeals: (request, call) =>
      withInput(readInput(cancelInput, request), async ({ orderId: id, reason: note, reportedAt, ...same }) => {
        const order = { id, does: 'CANCEL', ...same, note, reportedAt } as const;
        const changed = await transact(scopeOf(call), (tx) => changeMeals(tx, { order, actor: actorOf('CancelMeals', call) }));
        return answer(changed, (bookings) => ({ bookings: bookings.map(bookingMessage) }));
      }),
    restoreMeals: (request, call) =>
      withInput(readInput(restoreInput, request), async ({ orderId: id, reason: note, ...same }) => {
        const order = { id, does: 'RESTORE', ...same, note, reportedAt: undefined } as const;
        const changed = await transact(scopeOf(call), (tx) => changeMeals(tx, { order, actor: actorOf('RestoreMeals', call) }));
        return answer(changed, (bookings) => ({ bookings: bookings.map(bookingMessage) }));
      }),
  };
}

function lookingHandlers({ read, now }: CanteenDeps): Pick<CanteenHandlers, 'getKitchenCount' | 'listBookings'> {
  return {
    getKitchenCount: (request, call) =>
      withInput(readInput(countInput, request), async ({ date = schoolDateOf(now()), meal }) => {
        const withPupils = actingRoles('GetKitchenCount', call).some((role) => role !== 'teacher');
        return ok(countMessage(await read(scopeOf(call), (tx) => getKitchenCount(tx, { date, meal, withPupils }))));
      }),
    listBookings: (request, call) =>
      withInput(readInput(bookingsInput, request), async ({ studentId, month, date, page }) => {
        const actor = actorOf('ListBookings', call);
        const what = studentId === '' ? { studentId: undefined, date } : { studentId, month: month === '' ? undefined : month };
        const found = await read(scopeOf(call), (tx) => listBookings(tx, { ...what, page, actor }));
        return answer(found, ({ rows, next }) => ({ bookings: rows.map(bookingMessage), page: { nextToken: toToken(next) } }));
      }),
  };
}
