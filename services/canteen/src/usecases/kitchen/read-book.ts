import { addDays, err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { KitchenRecord } from '../../domain/kitchen/food-check-order.ts';
import type { Meal } from '../../domain/meals/meal.ts';
import type { CanteenTx } from '../../tx.ts';

export interface BookSpan {
  readonly from: SchoolDate;
  readonly until: SchoolDate;
  readonly meal: Meal | undefined;
}

/** `school` is empty until registry has announced the name. */
export type BookFound = { readonly school: string; readonly records: readonly KitchenRecord[] };

export type BookRefused =
  | { readonly code: 'BOOK_ENDS_TOO_EARLY'; readonly from: SchoolDate }
  | { readonly code: 'BOOK_SPAN_TOO_LONG'; readonly mostDays: number }
  | { readonly code: 'BOOK_EMPTY'; readonly from: SchoolDate; readonly until: SchoolDate };

const mostDays = 31;

/** rpc PrintBook, before it prints: every meal of a span with its records. */
export async function readBook(tx: CanteenTx, span: BookSpan): Promise<Result<BookFound, BookRefused>> {
  const { from, until } = span;
  if (until < from) return err({ code: 'BOOK_ENDS_TOO_EARLY', from });
  if (until >= addDays(from, mostDays)) return err({ code: 'BOOK_SPAN_TOO_LONG', mostDays });
  const [school = '', servings] = await Promise.all([tx.schools.name(), tx.servings.between(span)]);
  if (servings.length === 0) return err({ code: 'BOOK_EMPTY', from, until });
  return ok({ school, records: await tx.foodRecords.gather(servings) });
}
