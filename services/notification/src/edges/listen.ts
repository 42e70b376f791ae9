import { topics } from '@schoolbell/contracts';
import { BillingEvent } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { err, ok, type Result, unreachable } from '@schoolbell/kernel';
import { type EventMeta, type Listener, listener, traceparent } from '@schoolbell/service-kit';
import type { Origin } from '../domain/alert.ts';
import type { NotificationTx } from '../tx.ts';
import { alertGuardians } from '../usecases/alert/alert-guardians.ts';
import { followGuardian } from '../usecases/roster/follow-guardian.ts';
import { followSchool } from '../usecases/roster/follow-school.ts';
import { followStudent } from '../usecases/roster/follow-student.ts';
import { creditFact, type EventIncomplete, guardianFacts, paidFact, partPaymentFact, schoolFrom, studentFrom } from './facts.ts';

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

async function onBillingEvent(tx: NotificationTx, { event }: BillingEvent, meta: EventMeta): Promise<Handled> {
  switch (event?.$case) {
    case 'invoicePaid':
      return onto(paidFact(event.value), (fact) => alertGuardians(tx, { origin: originOf(meta, event.value.studentId), fact }));
    case 'paymentReceived':
      // With nothing outstanding InvoicePaid tells it, or AccountCredited where the invoice was paid before.
      if ((event.value.outstanding?.minorUnits ?? 0n) <= 0n) return ok('told by another event');
      return onto(partPaymentFact(event.value), (fact) => alertGuardians(tx, { origin: originOf(meta, event.value.studentId), fact }));
    case 'accountCredited':
      return onto(creditFact(event.value), (fact) => alertGuardians(tx, { origin: originOf(meta, event.value.studentId), fact }));
    case 'invoiceIssued': // The school announces a collection round itself.
    case 'invoiceVoided': // Nobody was told of the invoice.
    case 'paymentSuspended': // For the accountant, whose work list it is on.
    case 'suspenseResolved':
    case 'creditReversed':
    case 'refundRequested':
    case 'refundPaid':
      return ok('not for guardians');
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
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
