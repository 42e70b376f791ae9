import { err, isUuid, ok, plus, type Result, schoolDateOf, zero } from '@schoolbell/kernel';
import { monthOf } from '../../domain/meals/meal.ts';
import { creditEntry } from '../../domain/meals/meal-credit.ts';
import { type CreditChange, hear, type MealFact, type MealMonth, settleCredit } from '../../domain/meals/portion.ts';
import { creditChanged } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

/** What one event of canteen says about a pupil's meals. */
export interface MealNews {
  readonly studentId: string;
  /** Empty where the event names nobody. */
  readonly studentName: string;
  readonly facts: readonly MealFact[];
  readonly eventId: string;
  readonly occurredAt: Date;
}

export type MealNewsRefused = { readonly code: 'STUDENT_ID_MALFORMED' };

/**
 * Takes over where meals stand and what they cost, and brings the pupil's credit to what is due by the difference: a repeat, an older
 * fact or one that comes hours late books only what is still missing.
 */
export async function hearMealFacts(tx: BillingTx, news: MealNews): Promise<Result<void, MealNewsRefused>> {
  const { studentId, facts } = news;
  if (!isUuid(studentId)) return err({ code: 'STUDENT_ID_MALFORMED' });
  const byMonth = Map.groupBy(facts, ({ date }) => monthOf(date));
  const known = await tx.mealMonths.find([...byMonth.keys()].map((month) => ({ studentId, month })));
  const changes: CreditChange[] = [];
  for (const [month, said] of byMonth) {
    const before = known.find((each) => each.month === month) ?? { studentId, month, portions: [], recheck: false };
    const heard = hearMonth(before, said, tx.now);
    if (heard.month === before) continue;
    tx.mealMonths.save(heard.month);
    changes.push(...heard.changes);
  }
  if (changes.length > 0) await book(tx, news, changes);
  return ok(undefined);
}

function hearMonth(before: MealMonth, facts: readonly MealFact[], now: Date): { month: MealMonth; changes: readonly CreditChange[] } {
  const portions = new Map(before.portions.map((portion) => [portion.bookingId, portion]));
  const changes: CreditChange[] = [];
  const today = schoolDateOf(now);
  let { recheck } = before;
  let news = false;
  for (const fact of facts) {
    const known = portions.get(fact.bookingId);
    const heard = hear(known, fact);
    if (heard === known) continue;
    const settled = settleCredit(heard, known);
    portions.set(fact.bookingId, settled.portion);
    changes.push(...settled.changes);
    recheck ||= heard.meal === 'LUNCH' && heard.date < today;
    news = true;
  }
  return { month: news ? { ...before, portions: [...portions.values()], recheck } : before, changes };
}

async function book(tx: BillingTx, news: MealNews, changes: readonly CreditChange[]): Promise<void> {
  const { studentId: id, eventId: causationId, occurredAt: effectiveAt } = news;
  const name = news.studentName || ((await tx.students.find(id))?.name ?? '');
  let balance = (await tx.ledger.credits([id])).get(id) ?? zero;
  tx.ledger.append(changes.map((change) => creditEntry(id, change, { now: tx.now, entryId: tx.newId(), causationId, effectiveAt })));
  for (const change of changes) {
    balance = plus(balance, change.amount);
    tx.emit(creditChanged({ id, name }, change, balance));
  }
}
