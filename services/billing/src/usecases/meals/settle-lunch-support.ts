import { plus, schoolDateOf, zero } from '@schoolbell/kernel';
import { creditEntry } from '../../domain/meals/meal-credit.ts';
import type { CreditChange } from '../../domain/meals/portion.ts';
import { settleSupport } from '../../domain/meals/support.ts';
import { creditChanged } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

/** Brings the public support of lunches to what is due, by the difference, in at most `limit` months of pupils. Answers whether there may be more. */
export async function settleLunchSupport(tx: BillingTx, limit: number): Promise<boolean> {
  const months = await tx.mealMonths.unchecked(limit);
  const ids = [...new Set(months.map(({ studentId }) => studentId))];
  const rights = Map.groupBy(await tx.supports.ofStudents(ids), ({ studentId }) => studentId);
  const today = schoolDateOf(tx.now);
  const changes = new Map<string, CreditChange[]>();
  for (const month of months) {
    const settled = month.portions.map((portion) => settleSupport(portion, rights.get(month.studentId) ?? [], today));
    tx.mealMonths.save({ ...month, portions: settled.map(({ portion }) => portion), recheck: false });
    const moved = settled.flatMap((each) => each.changes);
    if (moved.length > 0) changes.set(month.studentId, [...(changes.get(month.studentId) ?? []), ...moved]);
  }
  await book(tx, changes);
  return months.length === limit;
}

async function book(tx: BillingTx, changes: ReadonlyMap<string, readonly CreditChange[]>): Promise<void> {
  const ids = [...changes.keys()];
  if (ids.length === 0) return;
  const names = new Map((await tx.students.findAll(ids)).map(({ id, name }) => [id, name]));
  const balances = new Map(await tx.ledger.credits(ids));
  for (const [id, moved] of changes) {
    tx.ledger.append(moved.map((change) => creditEntry(id, change, { now: tx.now, entryId: tx.newId(), causationId: change.bookingId })));
    let balance = balances.get(id) ?? zero;
    for (const change of moved) {
      balance = plus(balance, change.amount);
      tx.emit(creditChanged({ id, name: names.get(id) ?? '' }, change, balance));
    }
  }
}
