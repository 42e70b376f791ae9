import { err, isUuid, ok, plus, type Result, schoolDateOf, zero } from '@schoolbell/kernel';
import { monthOf } from '../../domain/meals/meal.ts';
import { creditEntry } from '../../domain/meals/meal-credit.ts';
import { type CreditChange, type MealFact, type MealMonth, settleCredit, withFact } from '../../domain/meals/portion.ts';
import { creditChanged } from '../../events.ts';
import type { BillingTx } from '../../tx.ts';

/** What one event of canteen reports about a pupil's meals. */
export interface MealEvent {
  readonly studentId: string;
  /** Empty where the event names nobody. */
  readonly studentName: string;
  readonly facts: readonly MealFact[];
  readonly eventId: string;
  readonly occurredAt: Date;
}

export type MealEventRefused = { readonly code: 'STUDENT_ID_MALFORMED' };

/**
 * Takes over the status and the price of meals, and brings the pupil's credit to what is due by the difference: a repeat, an older fact
 * or one that comes hours late books only what is still missing.
 */
export async function receiveMealFacts(tx: BillingTx, event: MealEvent): Promise<Result<void, MealEventRefused>> {
  const { studentId, facts } = event;
  if (!isUuid(studentId)) return err({ code: 'STUDENT_ID_MALFORMED' });
  const byMonth = Map.groupBy(facts, ({ date }) => monthOf(date));
  const stored = await tx.mealMonths.find([...byMonth.keys()].map((month) => ({ studentId, month })));
  const changes: CreditChange[] = [];
  for (const [month, ofMonth] of byMonth) {
    const before = stored.find((each) => each.month === month) ?? { studentId, month, portions: [], recheck: false };
    const after = withFacts(before, ofMonth, tx.now);
    if (after.month === before) continue;
    tx.mealMonths.save(after.month);
    changes.push(...after.changes);
  }
  if (changes.length > 0) await book(tx, event, changes);
  return ok(undefined);
}

function withFacts(before: MealMonth, facts: readonly MealFact[], now: Date): { month: MealMonth; changes: readonly CreditChange[] } {
  const portions = new Map(before.portions.map((portion) => [portion.bookingId, portion]));
  const changes: CreditChange[] = [];
  const today = schoolDateOf(now);
  let { recheck } = before;
  let changed = false;
  for (const fact of facts) {
    const earlier = portions.get(fact.bookingId);
    const portion = withFact(earlier, fact);
    if (portion === earlier) continue;
    const settled = settleCredit(portion, earlier);
    portions.set(fact.bookingId, settled.portion);
    changes.push(...settled.changes);
    recheck ||= portion.meal === 'LUNCH' && portion.date < today;
    changed = true;
  }
  return { month: changed ? { ...before, portions: [...portions.values()], recheck } : before, changes };
}

async function book(tx: BillingTx, event: MealEvent, changes: readonly CreditChange[]): Promise<void> {
  const { studentId: id, eventId: causationId, occurredAt: effectiveAt } = event;
  const name = event.studentName || ((await tx.students.find(id))?.name ?? '');
  let balance = (await tx.ledger.credits([id])).get(id) ?? zero;
  tx.ledger.append(changes.map((change) => creditEntry(id, change, { now: tx.now, entryId: tx.newId(), causationId, effectiveAt })));
  for (const change of changes) {
    balance = plus(balance, change.amount);
    tx.emit(creditChanged({ id, name }, change, balance));
  }
}
