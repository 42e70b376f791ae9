import { topics } from '@schoolbell/contracts';
import { AttendanceEvent } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import { BillingEvent } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { err, ok, parseSchoolDate, type Result, type SchoolDate, unreachable } from '@schoolbell/kernel';
import { type EventMeta, type Listener, listener, traceparent } from '@schoolbell/service-kit';
import type { Origin } from '../domain/alert.ts';
import type { Fact } from '../domain/fact.ts';
import type { Mark } from '../domain/mark.ts';
import type { NotificationTx } from '../tx.ts';
import { followMark } from '../usecases/absence/follow-mark.ts';
import { readMarksAhead } from '../usecases/absence/read-marks-ahead.ts';
import { alertGuardians } from '../usecases/alert/alert-guardians.ts';
import { readAlertsAhead } from '../usecases/alert/read-alerts-ahead.ts';
import { followClassTeacher } from '../usecases/roster/follow-class-teacher.ts';
import { followGuardian } from '../usecases/roster/follow-guardian.ts';
import { followSchool } from '../usecases/roster/follow-school.ts';
import { followStudent } from '../usecases/roster/follow-student.ts';
import { creditFact, cutLateFact, paidFact, partPaymentFact, refundPaidFact, refundRequestedFact, reversalFact } from './facts.ts';
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
      return onto(cutLateFact(event.value), (fact) =>
        alertGuardians(tx, { origin: originOf(meta, event.value.booking?.studentId ?? ''), fact }),
      );
    case 'mealCancelled': // Billing's AccountCredited tells it, with the money.
    case 'mealRestored': // So does CreditReversed, where money goes back.
      return ok('told by another event');
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

async function onBillingEvent(tx: NotificationTx, { event }: BillingEvent, meta: EventMeta): Promise<Handled> {
  const tell = (read: Read<Fact | undefined>, { studentId }: { studentId: string }) =>
    onto(read, async (fact) => (fact ? alertGuardians(tx, { origin: originOf(meta, studentId), fact }) : ok('not told singly')));
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

/** The pupil of whom an event of billing may tell. */
function toldBy({ event }: BillingEvent): string[] {
  switch (event?.$case) {
    case 'invoicePaid':
    case 'paymentReceived':
    case 'accountCredited':
    case 'creditReversed':
    case 'refundRequested':
    case 'refundPaid':
      return [event.value.studentId];
    default:
      return [];
  }
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
        ahead.flatMap(({ event, meta }) => toldBy(event).map((studentId) => ({ studentId, eventId: meta.id }))),
      ),
  }),
  listener({
    topic: topics.attendance,
    group: 'notification.attendance',
    decode: (body: Uint8Array) => AttendanceEvent.decode(body),
    handle: onAttendanceEvent,
    wakes: ['deliveries'],
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
    wakes: ['deliveries'],
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
