import { err, type Result } from '@schoolbell/kernel';
import { inForce } from '../../domain/dated.ts';
import { type NoSchool, sessionsOn } from '../../domain/meals/calendar.ts';
import { type Menu, type MenuRefused, type MenuWish, publish } from '../../domain/meals/menu.ts';
import type { NoTerms } from '../../domain/terms.ts';
import { menuPublished } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export type PublishRefused = MenuRefused | NoSchool | NoTerms;

/** rpc PublishMenu: the next version of a menu; a day without school or price has none. */
export async function publishMenu(
  tx: CanteenTx,
  { menu, by }: { readonly menu: MenuWish; readonly by: string },
): Promise<Result<Menu, PublishRefused>> {
  const { id, date, meal } = menu;
  const earlier = await tx.menus.find(id);
  const published = publish(menu, { earlier, newest: await tx.menus.newest(menu), now: tx.now });
  if (!published.ok || earlier) return published;
  const sessions = sessionsOn(await tx.years.all(), date);
  if (!sessions.ok) return sessions;
  if (!inForce(await tx.prices.ofMeals([meal]), menu)) return err({ code: 'PRICE_MISSING', date, meal });
  tx.menus.publish(published.value, by);
  tx.emit(menuPublished(published.value, tx.schoolId));
  return published;
}
