import { addDays, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { Menu } from '../../domain/meals/menu.ts';
import type { CanteenTx, Page } from '../../tx.ts';

export interface MenuQuestion {
  readonly firstDay: SchoolDate | undefined;
  readonly lastDay: SchoolDate | undefined;
  readonly page: { readonly after: string; readonly size: number };
}

/** rpc ListMenus: the week from today on where no days are named. */
export function listMenus(tx: CanteenTx, { firstDay, lastDay, page }: MenuQuestion): Promise<Page<Menu>> {
  const first = firstDay ?? schoolDateOf(tx.now);
  return tx.menus.list(first, lastDay ?? addDays(first, 6), page);
}
