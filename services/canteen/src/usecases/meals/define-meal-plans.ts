import { err, ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import { later } from '../../domain/clock-time.ts';
import { definePlan, type MealPlan, type PlanRefused, type PlanWish, sameWish } from '../../domain/meals/plan.ts';
import { type Actor, mayActFor, type NotYours } from '../../domain/rights.ts';
import { atSchool, type PupilRefused } from '../../domain/roster/pupil.ts';
import type { CanteenTx } from '../../tx.ts';

export interface PlanOrder {
  readonly wish: PlanWish;
  /** Pupils by id, or everybody who is in a class now. */
  readonly whom: { readonly studentIds: readonly string[] } | { readonly classId: string };
  readonly actor: Actor;
}

export type DefinePlansRefused =
  | PlanRefused
  | PupilRefused
  | NotYours
  | { readonly code: 'CLASS_UNKNOWN'; readonly classId: string }
  | { readonly code: 'TOO_MANY_PUPILS'; readonly most: number };

const mostPupils = 200;

/** rpc DefineMealPlans: stores the plans; the clock books their meals. */
export async function defineMealPlans(tx: CanteenTx, { wish, whom, actor }: PlanOrder): Promise<Result<MealPlan[], DefinePlansRefused>> {
  const today = schoolDateOf(tx.now);
  const studentIds = 'classId' in whom ? await membersOf(tx, whom.classId, today) : [...new Set(whom.studentIds)];
  const allowed = mayActFor(await tx.authority.of(actor), studentIds, today);
  if (!allowed.ok) return allowed;
  const earlier = await tx.plans.ofWish(wish.id);
  if (earlier[0]) return sameWish(earlier[0], wish) && covers(earlier, whom) ? ok(earlier) : err({ code: 'ID_REUSED', id: wish.id });
  if ('classId' in whom && studentIds.length === 0) return err({ code: 'CLASS_UNKNOWN', classId: whom.classId });
  if (studentIds.length > mostPupils) return err({ code: 'TOO_MANY_PUPILS', most: mostPupils });

  const pupils = new Map((await tx.students.findAll(studentIds)).map((pupil) => [pupil.id, pupil]));
  const others = Map.groupBy(await tx.plans.ofPupils(studentIds), ({ studentId }) => studentId);
  const by = { subject: actor.subject, asParent: actor.scope === 'CHILDREN' };
  const plans: MealPlan[] = [];
  for (const studentId of studentIds.toSorted()) {
    const pupil = atSchool(pupils.get(studentId), studentId, later(wish.firstDay, today));
    if (!pupil.ok) return pupil;
    const plan = definePlan(wish, { pupil: pupil.value, others: others.get(studentId) ?? [], by, now: tx.now });
    if (!plan.ok) return plan;
    plans.push(plan.value);
  }
  for (const plan of plans) tx.plans.insert(plan, tx.now);
  // Two plans of one pupil that are defined in the same instant do not see each other; they meet at the lock row.
  for (const { studentId } of plans) tx.lockRows.lock(studentId);
  return ok(plans);
}

async function membersOf(tx: CanteenTx, classId: string, today: string): Promise<string[]> {
  return (await tx.students.ofClass(classId)).filter(({ leftOn }) => leftOn === undefined || leftOn >= today).map(({ id }) => id);
}

/** The members of a class may have changed since; pupils that were named must be the same. */
function covers(plans: readonly MealPlan[], whom: PlanOrder['whom']): boolean {
  if ('classId' in whom) return true;
  return plans.map(({ studentId }) => studentId).join() === [...new Set(whom.studentIds)].sort().join();
}
