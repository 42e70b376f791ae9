import { type Result, schoolDateOf } from '@schoolbell/kernel';
import { later } from '../../domain/clock-time.ts';
import { type DatedRefused, type LaidDown, layDown } from '../../domain/dated.ts';
import { type CutoffRule, ruleContent } from '../../domain/meals/cutoff.ts';
import { startWalk } from '../../domain/meals/walk.ts';
import type { CanteenTx } from '../../tx.ts';

/**
 * rpc DefineCutoffRule: one more rule; what was laid down before is kept, and loses the days that this one covers unless it begins later. Booked meals follow by
 * the clock, where their old and their new cut-off are to come.
 */
export async function defineCutoffRule(
  tx: CanteenTx,
  { rule, by }: { readonly rule: CutoffRule; readonly by: string },
): Promise<Result<LaidDown<CutoffRule>, DatedRefused>> {
  const earlier = await tx.rules.find(rule.id);
  const laid = layDown(rule, earlier, { others: await tx.rules.ofMeals([rule.meal]), contentOf: ruleContent });
  if (!laid.ok || earlier) return laid;
  const { meal, effectiveFrom, effectiveUntil: lastDay } = rule;
  const today = schoolDateOf(tx.now);
  tx.rules.insert(laid.value, { at: tx.now, by });
  tx.walks.insert(startWalk({ id: tx.newId(), why: 'CUTOFF', meal, firstDay: later(effectiveFrom, today), lastDay }, tx.now));
  tx.plans.lookAgain(tx.now, { fromTheBeginning: false });
  return laid;
}
