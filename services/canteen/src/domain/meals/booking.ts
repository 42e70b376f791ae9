import type { Money, SchoolDate } from '@schoolbell/kernel';
import { type AttendanceFact, awayAsTo, type MealRule } from './attendance.ts';
import type { Away } from './away.ts';
import type { Diet, DietKind } from './diet.ts';
import type { Meal } from './meal.ts';

export type CancelReason = 'ABSENT' | 'GUARDIAN' | 'OFFICE' | 'LEFT' | 'NO_SCHOOL' | 'PLAN_ENDED';
export type RestoreReason = 'PRESENT' | 'GUARDIAN' | 'OFFICE' | 'SCHOOL_DAY' | 'ENROLLED';

/** One act of a person or of a plan's end on a booking; acts are kept and never changed. */
export type Act =
  | {
      readonly id: string;
      readonly does: 'CANCEL';
      readonly reason: 'GUARDIAN' | 'OFFICE' | 'PLAN_ENDED';
      readonly at: Date;
      /** When the school was told; cut-offs compare with this. */
      readonly reportedAt: Date;
      readonly by: string;
      readonly note: string;
    }
  | {
      readonly id: string;
      readonly does: 'RESTORE';
      /** Only the office's act gives a portion in spite of an absence. */
      readonly reason: 'GUARDIAN' | 'OFFICE' | 'PLAN';
      readonly at: Date;
      readonly by: string;
      readonly note: string;
    };

/** Everything that bears on whether a booked meal is eaten. */
export type Facts = MealRule & {
  readonly acts: readonly Act[];
  /** The pupil is at the school no more on that day, and when the school was told. */
  readonly left: Away | undefined;
  /** When the calendar said that there is no school on that day. */
  readonly noSchoolToldAt: Date | undefined;
};

/** Where a booking stands. */
export type Standing =
  | { readonly status: 'BOOKED' }
  | {
      readonly status: 'CANCELLED';
      readonly reason: CancelReason;
      readonly reportedAt: Date;
      /** The pupil is here after all, said too late: no portion was cooked. */
      readonly hereSince: Date | undefined;
    }
  | { readonly status: 'CUT_LATE'; readonly reason: CancelReason; readonly reportedAt: Date };

/** A change of what the kitchen was told, after the cut-off. */
export type LateChange = {
  readonly kind: 'CUT_HEARD_LATE' | 'CUT_LATE' | 'EXTRA' | 'RESTORED' | 'HERE_WITHOUT_PORTION' | 'DIET_CHANGED';
  readonly reportedAt: Date;
  readonly heardAt: Date;
};

/** What the kitchen has to cook for a booking now, and what it was told by the cut-off. */
export type KitchenView = {
  readonly portion: boolean;
  readonly toldPortion: boolean;
  readonly toldDiet: DietKind;
  readonly lateChanges: readonly LateChange[];
};

/** One meal of one pupil on one day. */
export type Booking = Facts & {
  readonly id: string;
  readonly studentId: string;
  readonly studentName: string;
  readonly classId: string;
  readonly className: string;
  readonly date: SchoolDate;
  readonly meal: Meal;
  readonly price: Money;
  readonly diet: Diet;
  readonly planId: string | undefined;
  /** Booked after the cut-off. */
  readonly extra: boolean;
  readonly bookedAt: Date;
  readonly standing: Standing;
  readonly kitchen: KitchenView;
};

type Cut = { readonly reason: CancelReason; readonly told: Date; readonly hereSince?: Date | undefined };

/**
 * Where a booking stands: a pure function of a set of facts, so that any order, repetition and delay of them ends alike. Compared is when
 * the school was told, never when an event arrived: a backlog must not turn a refundable meal into a lost one. A cut that was told in
 * time takes the meal off; one that was told late leaves the portion on the bill.
 */
export function standingOf(facts: Facts, attendance: readonly AttendanceFact[]): Standing {
  const { cutoffAt, noSchoolToldAt } = facts;
  // The school's own doing, so it is never at the family's cost.
  if (noSchoolToldAt) return { status: 'CANCELLED', reason: 'NO_SCHOOL', reportedAt: noSchoolToldAt, hereSince: undefined };
  const cuts = cutsOf(facts, attendance).sort((a, b) => a.told.getTime() - b.told.getTime());
  const [first] = cuts;
  if (!first) return { status: 'BOOKED' };
  const { reason, told, hereSince } = first;
  if (told < cutoffAt) return { status: 'CANCELLED', reason, reportedAt: told, hereSince };
  return { status: 'CUT_LATE', reason, reportedAt: told };
}

/** In a fixed order, so that of two that were told at the same instant the same one is named each time. */
function cutsOf(facts: Facts, attendance: readonly AttendanceFact[]): Cut[] {
  const cuts: Cut[] = [];
  const asked = askedOf(facts.acts);
  if (asked.cut) cuts.push(asked.cut);
  cuts.push(...cutBy('ABSENT', awayAsTo(attendance, facts), asked.restoredAt));
  cuts.push(...cutBy('LEFT', facts.left, asked.restoredAt));
  return cuts;
}

/** Who restores a meal gives a portion in spite of all that was told until then; an absence that is told after it finds it cooked. */
function cutBy(reason: CancelReason, away: Away | undefined, restoredAt: Date | undefined): Cut[] {
  if (!away) return [];
  const { told, since, hereSince } = away;
  if (restoredAt === undefined || restoredAt < told) return [{ reason, told, hereSince }];
  return restoredAt < since ? [{ reason, told: since }] : [];
}

/** The cut that was asked for last and stands, and when the office last restored the meal. A guardian's wish does not undo an absence. */
function askedOf(acts: readonly Act[]): { readonly cut: Cut | undefined; readonly restoredAt: Date | undefined } {
  let cut: Cut | undefined;
  let restoredAt: Date | undefined;
  for (const act of acts) {
    if (act.does === 'CANCEL') {
      // Of two the one that was told first counts: the office may write down later that a mother had called in time.
      if (!cut || act.reportedAt < cut.told) cut = { reason: act.reason, told: act.reportedAt };
    } else {
      cut = undefined;
      if (act.reason === 'OFFICE') restoredAt = act.at;
    }
  }
  return { cut, restoredAt };
}
