import type { Result } from '@schoolbell/kernel';
import { type CutoffRule, ruleContent } from '../../domain/cutoff.ts';
import { type DatedRefused, type LaidDown, layDown } from '../../domain/dated.ts';
import type { CanteenTx } from '../../tx.ts';

/** rpc DefineCutoffRule: one more rule; what was laid down before is kept, and loses the days that this one covers. */
export async function defineCutoffRule(
  tx: CanteenTx,
  { rule, by }: { readonly rule: CutoffRule; readonly by: string },
): Promise<Result<LaidDown<CutoffRule>, DatedRefused>> {
  const earlier = await tx.rules.find(rule.id);
  const laid = layDown(rule, earlier, { others: await tx.rules.ofMeals([rule.meal]), contentOf: ruleContent });
  if (!laid.ok || earlier) return laid;
  tx.rules.insert(laid.value, { at: tx.now, by });
  return laid;
}
