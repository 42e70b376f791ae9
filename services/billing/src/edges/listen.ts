import { topics } from '@schoolbell/contracts';
import type { Booking } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import { RegistryEvent, type Student } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { err, ok, parseSchoolDate, type Refusal, type Result, type SchoolDate, unreachable } from '@schoolbell/kernel';
import { type EventMeta, listener } from '@schoolbell/service-kit';
import type { BillingTx } from '../tx.ts';
import { readMealsAhead } from '../usecases/meals/read-meals-ahead.ts';
import { receiveMealFacts } from '../usecases/meals/receive-meal-facts.ts';
import { followStudent } from '../usecases/roster/follow-student.ts';
import { bookingFact, lacks, mealFacts, mealsOf } from './meals/meal-facts.ts';

export const listeners = [
  listener({
    topic: topics.registry,
    group: 'billing.registry',
    decode: (body) => RegistryEvent.decode(body),
    handle: onRegistryEvent,
  }),
  listener({
    topic: topics.canteen,
    group: 'billing.canteen',
    decode: (body) => CanteenEvent.decode(body),
    handle: onCanteenEvent,
    readAhead: (tx, ahead) =>
      readMealsAhead(
        tx,
        ahead.flatMap(({ event }) => mealsOf(event)),
      ),
  }),
] as const;

async function onRegistryEvent(tx: BillingTx, { event }: RegistryEvent, meta: EventMeta): Promise<Result<unknown, Refusal>> {
  switch (event?.$case) {
    case 'studentEnrolled':
    case 'studentChanged':
      return follow(tx, event.value.student, { enrolled: true, meta });
    case 'studentLeft': {
      const leftOn = parseSchoolDate(event.value.leftOn);
      return leftOn ? follow(tx, event.value.student, { enrolled: false, leftOn, meta }) : lacks('left_on');
    }
    case 'schoolRegistered':
    case 'guardianChanged': // Who gets a message about a payment is notification's business.
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

async function follow(
  tx: BillingTx,
  student: Student | undefined,
  { meta, ...enrolment }: { enrolled: boolean; leftOn?: SchoolDate; meta: EventMeta },
): Promise<Result<unknown, Refusal>> {
  if (!student) return err({ code: 'STUDENT_MISSING' });
  const { studentId: id, fullName: name, classId, className } = student;
  return followStudent(tx, { student: { id, name, classId, className, ...enrolment }, version: meta.version });
}

async function onCanteenEvent(tx: BillingTx, { event }: CanteenEvent, meta: EventMeta): Promise<Result<unknown, Refusal>> {
  switch (event?.$case) {
    case 'mealsBooked': {
      const facts = mealFacts(event.value.meals, { status: 'BOOKED', version: meta.version });
      return facts.ok ? receiveMealFacts(tx, { ...event.value, facts: facts.value, ...causeOf(meta) }) : facts;
    }
    case 'mealsRepriced': {
      const facts = mealFacts(event.value.meals, { status: undefined, version: meta.version });
      return facts.ok ? receiveMealFacts(tx, { ...event.value, studentName: '', facts: facts.value, ...causeOf(meta) }) : facts;
    }
    case 'mealCancelled':
    case 'mealCutLate':
    case 'mealRestored':
      return receiveBooking(tx, event.value.booking, meta);
    case 'menuPublished':
    case 'servingPlanned': // The kitchen's own books: no money hangs on them.
    case 'servingChanged':
    case 'ingredientsChecked':
    case 'dishCooked':
    case 'dishPortioned':
    case 'sampleTaken':
    case 'sampleDestroyed':
    case 'samplesHeld':
    case 'samplesReleased':
    case 'servingOpened':
      return ok('no money');
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

async function receiveBooking(tx: BillingTx, booking: Booking | undefined, meta: EventMeta): Promise<Result<unknown, Refusal>> {
  if (!booking) return lacks('booking');
  const fact = bookingFact(booking, meta.version);
  const { studentId, studentName } = booking;
  return fact.ok ? receiveMealFacts(tx, { studentId, studentName, facts: [fact.value], ...causeOf(meta) }) : fact;
}

function causeOf({ id: eventId, occurredAt }: EventMeta): { eventId: string; occurredAt: Date } {
  return { eventId, occurredAt };
}
