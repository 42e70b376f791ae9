import { isPositive, type Money } from '@schoolbell/kernel';
import { collection, index, type Page, type PageRequest, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { ResolvedItem, SuspenseItem, SuspenseReason } from '../../domain/payments/suspense.ts';

const { dong, id, instant, maybe, oneOf, states, text } = stored;

const reason = oneOf<SuspenseReason>('UNKNOWN_ORDER', 'AMOUNT_DIFFERS', 'HELD_BY_GATEWAY', 'OUTCOME_UNKNOWN', 'TRANSACTION_DIFFERS');
const item = {
  ...{ id, reason, gateway: text, gatewayTransaction: text, orderRef: text, amount: dong, namedAmount: maybe(dong) },
  ...{ paidAt: maybe(instant), receiptId: maybe(text), since: instant },
  status: states({ WAITING: {}, RESOLVED: { resolvedAt: instant, resolution: text, resolvedBy: text, invoiceId: maybe(text) } }),
};

export const suspenseItems = collection('suspense', item, {
  indexes: [
    // A notice that comes ten times is one item.
    unique({ schoolId: 1, orderRef: 1, gateway: 1, gatewayTransaction: 1, reason: 1 }),
    index({ schoolId: 1, status: 1, _id: 1 }),
  ],
});

type Subject = Pick<SuspenseItem, 'orderRef' | 'gateway' | 'gatewayTransaction'>;

/** The work list. Ids rise with time, so their order is oldest first. */
export function suspenseStore(session: Session) {
  const rows = rowsOf(session, suspenseItems);
  const one = async (filter: { readonly _id: string } | (Subject & { readonly reason: SuspenseReason })) => {
    const found = await rows.one(filter);
    return found && withNamed(found);
  };
  return {
    find: (id: string): Promise<SuspenseItem | undefined> => one({ _id: id }),
    /** The item about the same money for the same reason: there is at most one. */
    sameAs: ({ orderRef, gateway, gatewayTransaction }: Subject, reason: SuspenseReason): Promise<SuspenseItem | undefined> =>
      one({ orderRef, gateway, gatewayTransaction, reason }),
    /** Open questions about what became of these orders. */
    async doubtsAbout(orderRefs: readonly string[]): Promise<SuspenseItem[]> {
      const reason = { $in: ['HELD_BY_GATEWAY' as const, 'OUTCOME_UNKNOWN' as const] };
      return (await rows.all({ orderRef: { $in: [...orderRefs] }, status: 'WAITING', reason })).map(withNamed);
    },
    async list({ includeResolved, ...page }: PageRequest & { readonly includeResolved: boolean }): Promise<Page<SuspenseItem>> {
      const status = includeResolved ? { $in: ['WAITING' as const, 'RESOLVED' as const] } : ('WAITING' as const);
      const found = await rows.page({ status }, page);
      return { ...found, rows: found.rows.map(withNamed) };
    },
    insert: (item: SuspenseItem) => rows.insert(item),
    /** A question whose money came after all. */
    gotMoney: (item: SuspenseItem) => rows.replace(item, { receiptId: { $exists: false } }),
    resolved: (item: ResolvedItem, { status }: SuspenseItem) => rows.replace(item, { status }),
  };
}

/** An item of before the named amount was kept still tells it where its money was booked: all of it was. */
function withNamed<I extends { readonly amount: Money; readonly namedAmount: Money | undefined }>(item: I): I {
  const named = item.namedAmount ?? item.amount;
  return { ...item, namedAmount: isPositive(named) ? named : undefined };
}
