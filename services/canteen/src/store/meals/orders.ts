import { collection, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { Meal } from '../../domain/meals/meal.ts';
import type { Order } from '../../domain/meals/order.ts';

const { day, id, instant, list, maybe, or, part, text, textOf } = stored;

const order = {
  ...{ id, does: textOf<Order['does']>(), studentIds: list(text), meals: list(part({ date: day, meal: textOf<Meal>() })) },
  ...{ note: or(text, ''), reportedAt: maybe(instant), bookingIds: list(text) },
};

export const orders = collection('orders', order, { beside: { at: instant, by: text } });

/** An order with the bookings that it named, new ones and others. */
export type KeptOrder = Order & { readonly bookingIds: readonly string[] };

/** Orders by the ids of their callers, so that a repeat gets the first answer. */
export function orderStore(session: Session) {
  const rows = rowsOf(session, orders);
  return {
    find: (id: string): Promise<KeptOrder | undefined> => rows.one({ _id: id }),
    insert: (kept: KeptOrder, done: { readonly at: Date; readonly by: string }) => rows.insert(kept, done),
  };
}
