import { collection, lockRows, type Page, type PageRequest, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { FeeItem } from '../../domain/invoices/fees.ts';

const { day, dong, id, maybe, text } = stored;

const feeItem = {
  ...{ id, code: text, name: text, unitPrice: dong, unit: text },
  ...{ effectiveFrom: day, effectiveUntil: maybe(day), citation: text },
};

export const feeItems = collection('fee_items', feeItem, {
  // "BAN_TRU 2026-09-01 <id>": the order of the list.
  beside: { place: text },
  indexes: [unique({ schoolId: 1, place: 1 })],
});

/** By school and code: of two who define items of a fee at the same time, one runs again and finds what the other defined. */
export const feeCodes = lockRows('fee_codes', 'changes');

export function feeItemStore(session: Session) {
  const rows = rowsOf(session, feeItems);
  const lock = (code: string): void => feeCodes.take(session, `${session.schoolId}/${code}`);
  return {
    find: (id: string): Promise<FeeItem | undefined> => rows.one({ _id: id }),
    findAll: (ids: readonly string[]): Promise<FeeItem[]> => rows.all({ _id: { $in: [...ids] } }),
    /** Every item of a fee, whenever it holds. A place begins with the code and a space, and "!" comes right behind the space. */
    ofCode: (code: string): Promise<FeeItem[]> => rows.all({ place: { $gte: `${code} `, $lt: `${code}!` } }),
    list: (page: PageRequest): Promise<Page<FeeItem>> => rows.page({}, page, 'place'),
    insert(item: FeeItem): void {
      lock(item.code);
      rows.insert(item, { place: placeOf(item) });
    },
    /** All but the last day of a fee item stays as it was. */
    save(item: FeeItem): void {
      lock(item.code);
      rows.replace(item, { place: placeOf(item) }, { place: placeOf(item) });
    },
  };
}

function placeOf({ code, effectiveFrom, id }: FeeItem): string {
  return `${code} ${effectiveFrom} ${id}`;
}
