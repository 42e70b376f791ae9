import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { Meal, MealOfDay } from '../../domain/meals/meal.ts';
import type { Menu } from '../../domain/meals/menu.ts';
import type { CanteenTx } from '../../tx.ts';

export type MenuUnknown = { readonly code: 'MENU_NOT_FOUND'; readonly date: SchoolDate; readonly meal: Meal };

/** rpc GetMenu */
export async function getMenu(tx: CanteenTx, { date, meal }: MealOfDay): Promise<Result<Menu, MenuUnknown>> {
  const menu = await tx.menus.newest({ date, meal });
  return menu ? ok(menu) : err({ code: 'MENU_NOT_FOUND', date, meal });
}
