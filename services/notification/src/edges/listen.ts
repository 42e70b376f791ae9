import { topics } from '@schoolbell/contracts';
import { AttendanceEvent } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import { BillingEvent } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { BookingStatus } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { err, ok, parseSchoolDate, type Result, type SchoolDate, unreachable } from '@schoolbell/kernel';
import { type EventMeta, type Listener, listener, traceparent } from '@schoolbell/service-kit';
import type { Mark } from '../domain/absences/mark.ts';
import type { Origin } from '../domain/alerts/alert.ts';
import type { Fact, MealFact } from '../domain/alerts/fact.ts';
import type { HeardMeal } from '../domain/meals/meal-alert.ts';
import { isMealFact, mealKey } from '../domain/meals/meals.ts';
import type { NotificationTx } from '../tx.ts';
import { followMark } from '../usecases/absences/follow-mark.ts';
import { readMarksAhead } from '../usecases/absences/read-marks-ahead.ts';
import { alertGuardians } from '../usecases/alerts/alert-guardians.ts';
import { readAlertsAhead } from '../usecases/alerts/read-alerts-ahead.ts';
import { endLateCut, keepMeal } from '../usecases/meals/keep-meal.ts';
import { readMealsAhead } from '../usecases/meals/read-meals-ahead.ts';
import { followClassTeacher } from '../usecases/roster/follow-class-teacher.ts';
import { followGuardian } from '../usecases/roster/follow-guardian.ts';
import { followSchool } from '../usecases/roster/follow-school.ts';
import { followStudent } from '../usecases/roster/follow-student.ts';
import {
  creditFact,
  cutLateFact,
  isMealMoney,
  lateCutEndedFact,
  mealOfBooking,
  paidFact,
  partPaymentFact,
  refundPaidFact,
  refundRequestedFact,
  reversalFact,
} from './facts.ts';
import type { EventIncomplete, Read } from './incomplete.ts';
import { expectedFrom, markFrom } from './marks.ts';
import { classTeacherFrom, guardianFacts, schoolFrom, studentFrom } from './roster.ts';

type Handled = Result<unknown, EventIncomplete>;

async function onRegistryEvent(tx: NotificationTx, { event }: RegistryEvent, { version, occurredAt }: EventMeta): Promise<Handled> {
  switch (event?.$case) {
    case 'schoolRegistered':
      return onto(schoolFrom(event.value), (school) => followSchool(tx, { school, version }));
    case 'studentEnrolled':
    case 'studentChanged':
    case 'studentLeft':
      return onto(studentFrom(event.value), (student) => followStudent(tx, { student, version }));
    case 'guardianChanged':
      return onto(guardianFacts(event.value), (guardian) =>
        followGuardian(tx, { guardian: { ...guardian, changedAt: occurredAt }, version }),
      );
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

async function onAttendanceEvent(tx: NotificationTx, { event }: AttendanceEvent, meta: EventMeta): Promise<Handled> {
  const { version, occurredAt } = meta;
  const follow = (read: Read<Mark>) => onto(read, (mark) => followMark(tx, { mark, version, origin: originOf(meta, mark.studentId) }));
  switch (event?.$case) {
    case 'studentMarkedAbsent':
    case 'studentMarkedLate':
    case 'studentMarkedPresent':
      return follow(markFrom(event.value.mark));
    case 'studentExpectedAgain':
      return follow(expectedFrom(event.value, occurredAt));
    case 'classTeacherAssigned':
      return onto(classTeacherFrom(event.value), (assignment) => followClassTeacher(tx, { assignment, version }));
    case 'schoolYearDefined': // Attendance takes no mark on a day without school.
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

async function onCanteenEvent(tx: NotificationTx, { event }: CanteenEvent, meta: EventMeta): Promise<Handled> {
  switch (event?.$case) {
    case 'mealCutLate':
      return onto(cutLateFact(event.value), (fact) => keep(tx, event.value.booking, fact, meta));
    case 'mealCancelled': // Billing's AccountCredited tells it, with the money.
      return onto(lateCutEndedFact(event.value.booking, 'CANCELLED'), (fact) => endLateCut(tx, heardMeal(event.value.booking, fact, meta)));
    case 'mealRestored': // So does CreditReversed, where money goes back.
      if (event.value.before !== BookingStatus.CUT_LATE) return ok('told by another event');
      return onto(lateCutEndedFact(event.value.booking, 'BOOKED'), (fact) => keep(tx, event.value.booking, fact, meta));
    case 'mealsBooked':
    case 'mealsRepriced': // Announced by the school with its citation; the bill shows the difference.
    case 'menuPublished': // To be looked up, not sent to everybody.
    case 'servingPlanned': // The kitchen's own books.
    case 'servingChanged':
    case 'ingredientsChecked':
    case 'dishCooked':
    case 'dishPortioned':
    case 'sampleTaken':
    case 'sampleDestroyed':
    case 'samplesHeld':
    case 'samplesReleased':
    case 'servingOpened':
      return ok('not for guardians');
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

async function keep(tx: NotificationTx, pupil: Pupil, fact: MealFact | undefined, meta: EventMeta): Promise<Handled> {
  return fact ? keepMeal(tx, heardMeal(pupil, fact, meta)) : ok('not told singly');
}

type Pupil = { readonly studentId: string } | undefined;

function heardMeal(pupil: Pupil, fact: MealFact, meta: EventMeta): HeardMeal {
  return { origin: originOf(meta, pupil?.studentId ?? ''), fact, version: meta.version };
}

async function onBillingEvent(tx: NotificationTx, { event }: BillingEvent, meta: EventMeta): Promise<Handled> {
  const tell = (read: Read<Fact | undefined>, { studentId }: { studentId: string }) =>
    onto(read, async (fact): Promise<Handled> => {
      if (!fact) return ok('not told singly');
      return isMealFact(fact) ? keep(tx, { studentId }, fact, meta) : alertGuardians(tx, { origin: originOf(meta, studentId), fact });
    });
  switch (event?.$case) {
    case 'invoicePaid':
      return tell(paidFact(event.value), event.value);
    case 'paymentReceived':
      // With nothing outstanding InvoicePaid tells it, or AccountCredited where the invoice was paid before.
      if ((event.value.outstanding?.minorUnits ?? 0n) <= 0n) return ok('told by another event');
      return tell(partPaymentFact(event.value), event.value);
    case 'accountCredited':
      return tell(creditFact(event.value), event.value);
    case 'creditReversed':
      return tell(reversalFact(event.value), event.value);
    case 'refundRequested':
      return tell(refundRequestedFact(event.value), event.value);
    case 'refundPaid':
      return tell(refundPaidFact(event.value), event.value);
    case 'invoiceIssued': // The school announces a collection round itself.
    case 'invoiceVoided': // Nobody was told of the invoice.
    case 'paymentSuspended': // For the accountant, whose work list it is on.
    case 'suspenseResolved':
      return ok('not for guardians');
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

/** The pupil of whom an event of billing may tell, and whether it waits first. */
function toldBy({ event }: BillingEvent): { studentId: string; waits: boolean }[] {
  switch (event?.$case) {
    case 'invoicePaid':
    case 'paymentReceived':
    case 'refundRequested':
    case 'refundPaid':
      return [{ studentId: event.value.studentId, waits: false }];
    case 'accountCredited':
    case 'creditReversed':
      return [{ studentId: event.value.studentId, waits: isMealMoney(event.value) }];
    default:
      return [];
  }
}

/** The meal that an event of canteen cuts, or is on again. */
function cutBy({ event }: CanteenEvent): { meal: string; first: boolean }[] {
  if (event?.$case !== 'mealCutLate' && event?.$case !== 'mealCancelled' && event?.$case !== 'mealRestored') return [];
  const { booking } = event.value;
  const meal = booking && mealOfBooking(booking);
  return booking && meal ? [{ meal: mealKey(booking.studentId, meal), first: event.$case === 'mealCancelled' }] : [];
}

/** The pupil and day that an event of attendance marks. */
function markedBy({ event }: AttendanceEvent): { studentId: string; date: SchoolDate }[] {
  const marked = event && 'mark' in event.value ? event.value.mark : event?.$case === 'studentExpectedAgain' ? event.value : undefined;
  const date = marked && parseSchoolDate(marked.date);
  return marked && date ? [{ studentId: marked.studentId, date }] : [];
}

/** Which topics, by which groups. */
export const listeners: readonly Listener<NotificationTx>[] = [
  listener({
    topic: topics.registry,
    group: 'notification.registry',
    decode: (body: Uint8Array) => RegistryEvent.decode(body),
    handle: onRegistryEvent,
  }),
  listener({
    topic: topics.billing,
    group: 'notification.billing',
    decode: (body: Uint8Array) => BillingEvent.decode(body),
    handle: onBillingEvent,
    wakes: ['deliveries'],
    readAhead: (tx, ahead) =>
      readAlertsAhead(
        tx,
        ahead.flatMap(({ event, meta }) => toldBy(event).map((told) => ({ ...told, eventId: meta.id }))),
      ),
  }),
  listener({
    topic: topics.attendance,
    group: 'notification.attendance',
    decode: (body: Uint8Array) => AttendanceEvent.decode(body),
    handle: onAttendanceEvent,
    // After a backlog a mark is due when it is heard, and what it takes back is so at once.
    wakes: ['due absences', 'deliveries'],
    readAhead: (tx, ahead) =>
      readMarksAhead(
        tx,
        ahead.flatMap(({ event }) => markedBy(event)),
      ),
  }),
  listener({
    topic: topics.canteen,
    group: 'notification.canteen',
    decode: (body: Uint8Array) => CanteenEvent.decode(body),
    handle: onCanteenEvent,
    // Nothing of a meal is told before seconds have gone by: there is nobody to wake.
    readAhead: (tx, ahead) =>
      readMealsAhead(
        tx,
        ahead.flatMap(({ event, meta }) => cutBy(event).map((cut) => ({ ...cut, eventId: meta.id }))),
      ),
  }),
];

async function onto<T>(read: Result<T, EventIncomplete>, work: (value: T) => Promise<Handled>): Promise<Handled> {
  return read.ok ? work(read.value) : err(read.refusal);
}

function originOf({ id, occurredAt, announcedAt, traceparent: before }: EventMeta, studentId: string): Origin {
  const trace = traceparent() ?? before;
  const origin = { eventId: id, studentId, occurredAt, announcedAt };
  return trace === undefined ? origin : { ...origin, traceparent: trace };
}
