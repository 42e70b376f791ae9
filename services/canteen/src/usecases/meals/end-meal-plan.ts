import { addDays, err, ok, type Result, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { Act } from '../../domain/meals/booking.ts';
import { reassess } from '../../domain/meals/change.ts';
import { endPlan, type MealPlan } from '../../domain/meals/plan.ts';
import { type Actor, mayActFor, type NotYours } from '../../domain/rights.ts';
import { statusChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export type EndPlanRefused = NotYours | { readonly code: 'PLAN_NOT_FOUND'; readonly planId: string };

/** rpc EndMealPlan: cancels meals of the plan after its last day, except those whose cut-off is past: the kitchen cooks their portions. */
export async function endMealPlan(
  tx: CanteenTx,
  { planId, lastDay, actor }: { readonly planId: string; readonly lastDay: SchoolDate; readonly actor: Actor },
): Promise<Result<MealPlan, EndPlanRefused>> {
  const plan = await tx.plans.find(planId);
  if (!plan) return err({ code: 'PLAN_NOT_FOUND', planId });
  const allowed = mayActFor(await tx.authority.of(actor), [plan.studentId], schoolDateOf(tx.now));
  if (!allowed.ok) return allowed;
  if (plan.lastDay === lastDay) return ok(plan);
  const ended = endPlan(plan, lastDay, tx.now);

  tx.lockRows.lock(plan.studentId);
  tx.plans.save(ended);
  const cause = { reason: 'OFFICE', reportedAt: tx.now } as const;
  for (const booking of await tx.bookings.between([plan.studentId], { firstDay: addDays(lastDay, 1), lastDay: undefined })) {
    if (booking.planId !== planId || booking.cutoffAt <= tx.now) continue;
    const act: Act = { id: tx.newId(), does: 'CANCEL', reason: 'PLAN_ENDED', at: tx.now, reportedAt: tx.now, by: actor.subject, note: '' };
    const attendance = (await tx.attendance.open(booking.studentId, booking.date)).facts;
    const change = reassess(booking, { acts: [...booking.acts, act] }, { attendance, cause, now: tx.now });
    if (!change) continue;
    tx.bookings.save(change.after);
    for (const event of statusChanged(change)) tx.emit(event);
  }
  return ok(ended);
}
