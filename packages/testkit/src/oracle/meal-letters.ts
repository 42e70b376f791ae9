import { CreditReason } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { type Booking, BookingStatus, CancelReason } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { atMost, type Broken, type Evidence } from './evidence.ts';
import type { AbsenceAlert, Alert, Delivery } from './rows.ts';

type Notified = Pick<Required<Evidence>, 'notification'> & Omit<Evidence, 'notification'>;

/** What was said of a meal that guardians may hear: that it was credited or cut too late, or that this holds no more. */
export interface MealSaid {
  readonly eventId: string;
  readonly studentId: string;
  readonly at: Date;
  readonly family: 'CREDIT' | 'CUT_LATE';
  /** It takes back what the other kind of its family said. */
  readonly ends: boolean;
  readonly bookingId: string;
  readonly date: string;
  readonly version: number;
  /** Who leaves hears of the sum that is paid back, and of no meal. */
  readonly untold: boolean;
}

export function mealsSaid({ billing, canteen }: Pick<Evidence, 'billing' | 'canteen'>): MealSaid[] {
  const money = (billing?.told ?? []).flatMap(({ _id: eventId, at, version, event }): MealSaid[] => {
    if (event?.$case !== 'accountCredited' && event?.$case !== 'creditReversed') return [];
    const { meal, studentId, reason } = event.value;
    if (!meal || reason !== CreditReason.MEAL_CANCELLED) return [];
    const { bookingId, date, cutReason } = meal;
    const ends = event.$case === 'creditReversed';
    return [{ eventId, studentId, at, version, family: 'CREDIT', ends, bookingId, date, untold: cutReason === 'LEFT' }];
  });
  const cuts = (canteen?.told ?? []).flatMap(({ _id: eventId, at, version, event }): MealSaid[] => {
    const said = (booking: Booking | undefined, ends: boolean, untold: boolean): MealSaid[] => {
      if (!booking) return [];
      const { studentId, bookingId, date } = booking;
      return [{ eventId, studentId, at, version, family: 'CUT_LATE', ends, bookingId, date, untold }];
    };
    switch (event?.$case) {
      case 'mealCutLate':
        return said(event.value.booking, false, event.value.reason === CancelReason.LEFT);
      case 'mealCancelled':
        return said(event.value.booking, true, false);
      case 'mealRestored':
        return event.value.before === BookingStatus.CUT_LATE ? said(event.value.booking, true, false) : [];
      default:
        return [];
    }
  });
  return [...money, ...cuts];
}

export interface MealLetters {
  /** The event by which the letters of this alert are known: its own, or that of the alert that tells it. */
  tellerOf(alert: Alert): string;
  /** Whether nobody need have been told of this meal, or not yet. */
  isExcused(eventId: string, alert: Alert): boolean;
}

export function mealLettersOf(evidence: Notified): MealLetters {
  const said = mealsSaid(evidence);
  const byEvent = new Map(said.map((each) => [each.eventId, each]));
  const family = ({ bookingId, family: of }: MealSaid) => `${bookingId} ${of}`;
  const families = Map.groupBy(said, family);
  const alertOf = new Map(evidence.notification.alerts.map((alert) => [alert._id, alert]));
  const halves = new Map(evidence.notification.absences.map((alert) => [alert._id, alert]));
  const dayOf = ({ studentId, date }: MealSaid): AbsenceAlert[] =>
    ['MORNING', 'AFTERNOON'].flatMap((half) => halves.get(`${studentId}:${date}:${half}`) ?? []);
  return {
    tellerOf: ({ _id, toldWith = _id }) => toldWith,
    isExcused: (eventId, { status, heardAt }) => {
      const meal = byEvent.get(eventId);
      if (!meal) return false;
      const others = (families.get(family(meal)) ?? []).filter((each) => each.ends !== meal.ends);
      if (status === 'WAITING') return isHeld(dayOf(meal), heardAt);
      if (status !== 'WITHDRAWN') return false;
      // What a later word undid before anybody heard it, and what undoes it.
      const untold = ({ eventId: other, untold: silent, version }: MealSaid) =>
        silent || version > meal.version || !isTold(alertOf.get(other));
      if (meal.ends ? others.some(untold) : others.length > 0) return true;
      return !meal.ends && dayOf(meal).some(isTakenBack);
    },
  };
}

const patienceMs = 360_000;

/** As long as the absence is held, and for some minutes after it was corrected: the meal may come back. */
function isHeld(day: readonly AbsenceAlert[], heardAt: Date | undefined): boolean {
  if (day.some(({ status }) => status === 'HELD')) return true;
  return day.some(isTakenBack) && heardAt !== undefined && Date.now() - heardAt.getTime() < patienceMs;
}

function isTakenBack({ status, because }: AbsenceAlert): boolean {
  return status === 'RETRACTED' || because === 'HELD_BACK' || because === 'CORRECTED';
}

function isTold(alert: Alert | undefined): boolean {
  return alert?.status === 'TOLD' || alert?.status === 'COMPOSED';
}

/** I6: an alert that is told by the letters of another has none of its own, and that one tells the same pupil's meals in the same way. */
export function toldTogether({ alerts }: Notified['notification']): Broken {
  const alertOf = new Map(alerts.map((alert) => [alert._id, alert]));
  const broken: Broken = [];
  for (const { _id, kind, studentId, deliveries = 0, toldWith } of alerts) {
    if (toldWith === undefined) continue;
    const teller = alertOf.get(toldWith);
    if (!teller || !isTold(teller) || teller.toldWith !== undefined)
      broken.push(`I6: alert ${_id} is told with ${toldWith}, which tells nothing`);
    else if (teller.kind !== kind || teller.studentId !== studentId)
      broken.push(`I6: alert ${_id} is told with ${toldWith}, which tells something else`);
    if (Number(deliveries) > 0) broken.push(`I6: alert ${_id} is told with another and has ${deliveries} deliveries`);
  }
  return atMost(broken);
}

/** I6: whoever was told that a meal was cut too late, and it was not after all, was told so; nobody was of one that was. */
export function lateCutsAreTakenBack(evidence: Notified, hears: (studentId: string, at: Date) => ReadonlySet<string>): Broken {
  const { alerts, deliveries } = evidence.notification;
  const alertOf = new Map(alerts.map((alert) => [alert._id, alert]));
  const lettersOf = Map.groupBy(deliveries, ({ eventId }) => eventId);
  const retractionsOf = Map.groupBy(
    deliveries.filter(({ kind }) => kind === 'MEAL_CUT_LATE_ENDED'),
    ({ retracts = '' }) => retracts,
  );
  const lateCuts = Map.groupBy(
    mealsSaid(evidence).filter(({ family }) => family === 'CUT_LATE'),
    ({ bookingId }) => bookingId,
  );
  const endedBy = new Map<string, number>();
  const broken: Broken = [];
  for (const sayings of lateCuts.values()) {
    const inOrder = sayings.toSorted((a, b) => a.version - b.version);
    for (const [place, { eventId, ends, bookingId }] of inOrder.entries()) {
      const alert = alertOf.get(eventId);
      const end = inOrder.slice(place + 1).find((each) => each.ends);
      if (ends || !alert || !isTold(alert) || !end) continue;
      const letters = lettersOf.get(alert.toldWith ?? eventId) ?? [];
      const hearing = hears(end.studentId, end.at);
      for (const letter of letters) {
        endedBy.set(letter._id, (endedBy.get(letter._id) ?? 0) + 1);
        if (arrived(letter) && hearing.has(letter.guardianId) && !retractionsOf.has(letter._id))
          broken.push(`I6: guardian ${letter.guardianId} was told that meal ${bookingId} was cut too late, and has no correction`);
      }
    }
  }
  for (const [letterId, retractions] of retractionsOf) {
    const most = endedBy.get(letterId) ?? 0;
    const [first] = retractions;
    if (first && retractions.length > most)
      broken.push(`I6: guardian ${first.guardianId} has ${retractions.length} corrections of a letter of which ${most} late cuts ended`);
  }
  return atMost(broken);
}

function arrived({ status, unknowns = 0 }: Delivery): boolean {
  return status === 'SENT' || Number(unknowns) > 0;
}
