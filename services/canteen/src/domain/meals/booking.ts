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
  /** The pupil is no longer at the school on that day. */
  readonly left: Away | undefined;
  /** When the calendar announced that there is no school on that day. */
  readonly noSchoolReportedAt: Date | undefined;
};

/** Whether the meal is on, and why it is not. */
export type BookingState =
  | { readonly status: 'BOOKED' }
  | {
      readonly status: 'CANCELLED';
      readonly reason: CancelReason;
      readonly reportedAt: Date;
      /** The pupil is here after all, reported too late: no portion was cooked. */
      readonly hereSince: Date | undefined;
    }
  | { readonly status: 'CUT_LATE'; readonly reason: CancelReason; readonly reportedAt: Date };

/** A change after the cut-off of what the kitchen has to cook. */
export type LateChange = {
  readonly kind: 'CUT_HEARD_LATE' | 'CUT_LATE' | 'EXTRA' | 'RESTORED' | 'HERE_WITHOUT_PORTION' | 'DIET_CHANGED';
  readonly reportedAt: Date;
  readonly heardAt: Date;
};

/** What the kitchen has to cook for a booking now, and what it had to at the cut-off. */
export type KitchenView = {
  readonly portion: boolean;
  readonly portionAtCutoff: boolean;
  readonly dietAtCutoff: DietKind;
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
  readonly state: BookingState;
  readonly kitchen: KitchenView;
};

type Cut = { readonly reason: CancelReason; readonly reportedAt: Date; readonly hereSince?: Date | undefined };

/**
 * The state of a booking: a pure function of a set of facts, so that any order, repetition and delay of them ends alike. The cut-off is
 * compared with when the school was told, never with when an event arrived: a backlog must not turn a refundable meal into a lost one. A
 * cut that was reported in time takes the meal off; one that was reported late leaves the portion on the bill.
 */
export function stateOf(facts: Facts, attendance: readonly AttendanceFact[]): BookingState {
  const { cutoffAt, noSchoolReportedAt } = facts;
  // The school's own doing, so it is never at the family's cost.
  if (noSchoolReportedAt) return { status: 'CANCELLED', reason: 'NO_SCHOOL', reportedAt: noSchoolReportedAt, hereSince: undefined };
  const cuts = cutsOf(facts, attendance).sort((a, b) => a.reportedAt.getTime() - b.reportedAt.getTime());
  const [first] = cuts;
  if (!first) return { status: 'BOOKED' };
  const { reason, reportedAt, hereSince } = first;
  if (reportedAt < cutoffAt) return { status: 'CANCELLED', reason, reportedAt, hereSince };
  return { status: 'CUT_LATE', reason, reportedAt };
}

/** In a fixed order, so that of two reports of the same instant the same one is named each time. */
function cutsOf(facts: Facts, attendance: readonly AttendanceFact[]): Cut[] {
  const cuts: Cut[] = [];
  const requested = requestedBy(facts.acts);
  if (requested.cut) cuts.push(requested.cut);
  cuts.push(...cutBy('ABSENT', awayAsTo(attendance, facts), requested.restoredAt));
  cuts.push(...cutBy('LEFT', facts.left, requested.restoredAt));
  return cuts;
}

/** Restoring a meal gives a portion in spite of all reports until then; a later report of an absence finds it cooked. */
function cutBy(reason: CancelReason, away: Away | undefined, restoredAt: Date | undefined): Cut[] {
  if (!away) return [];
  const { reportedAt, since, hereSince } = away;
  if (restoredAt === undefined || restoredAt < reportedAt) return [{ reason, reportedAt, hereSince }];
  return restoredAt < since ? [{ reason, reportedAt: since }] : [];
}

/** The cut that people requested and that still counts, and when the office last restored the meal. A guardian cannot undo an absence. */
function requestedBy(acts: readonly Act[]): { readonly cut: Cut | undefined; readonly restoredAt: Date | undefined } {
  let cut: Cut | undefined;
  let restoredAt: Date | undefined;
  for (const act of acts) {
    if (act.does === 'CANCEL') {
      // Of two the one that was reported first counts: the office may write down later that a mother had called in time.
      if (!cut || act.reportedAt < cut.reportedAt) cut = { reason: act.reason, reportedAt: act.reportedAt };
    } else {
      cut = undefined;
      if (act.reason === 'OFFICE') restoredAt = act.at;
    }
  }
  return { cut, restoredAt };
}
