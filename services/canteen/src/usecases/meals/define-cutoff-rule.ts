import { type Result, schoolDateOf } from '@schoolbell/kernel';
import { later } from '../../domain/clock-time.ts';
import { type DatedRefused, type Defined, define } from '../../domain/dated.ts';
import { type CutoffRule, ruleContent } from '../../domain/meals/cutoff.ts';
import { startRecalculation } from '../../domain/meals/recalculation.ts';
import type { CanteenTx } from '../../tx.ts';

/**
 * rpc DefineCutoffRule: adds a rule. Earlier rules stay on record; this one replaces them from its first day on, except where one that
 * starts later applies. The clock moves the cut-off of booked meals whose old and new cut-off are both to come.
 */
export async function defineCutoffRule(
  tx: CanteenTx,
  { rule, by }: { readonly rule: CutoffRule; readonly by: string },
): Promise<Result<Defined<CutoffRule>, DatedRefused>> {
  const earlier = await tx.rules.find(rule.id);
  const defined = define(rule, earlier, { others: await tx.rules.ofMeals([rule.meal]), contentOf: ruleContent });
  if (!defined.ok || earlier) return defined;
  const { meal, effectiveFrom, effectiveUntil: lastDay } = rule;
  const today = schoolDateOf(tx.now);
  tx.rules.insert(defined.value, { at: tx.now, by });
  tx.recalculations.insert(
    startRecalculation({ id: tx.newId(), why: 'CUTOFF', meal, firstDay: later(effectiveFrom, today), lastDay }, tx.now),
  );
  tx.plans.lookAgain(tx.now, { fromTheBeginning: false });
  return defined;
}
