import { topics } from '@schoolbell/contracts';
import { RegistryEvent, type Student } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { err, ok, type Refusal, type Result, unreachable } from '@schoolbell/kernel';
import { type EventMeta, listener } from '@schoolbell/service-kit';
import type { BillingTx } from '../tx.ts';
import { followStudent } from '../usecases/student/follow-student.ts';

export const registryListener = listener({
  topic: topics.registry,
  group: 'billing.registry',
  decode: (body) => RegistryEvent.decode(body),
  handle: onRegistryEvent,
});

async function onRegistryEvent(tx: BillingTx, { event }: RegistryEvent, meta: EventMeta): Promise<Result<unknown, Refusal>> {
  switch (event?.$case) {
    case 'studentEnrolled':
    case 'studentChanged':
      return follow(tx, event.value.student, { enrolled: true, meta });
    case 'studentLeft':
      return follow(tx, event.value.student, { enrolled: false, meta });
    case 'schoolRegistered':
    case 'guardianChanged': // Who is told of a payment is notification's business.
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

async function follow(
  tx: BillingTx,
  student: Student | undefined,
  { enrolled, meta }: { enrolled: boolean; meta: EventMeta },
): Promise<Result<unknown, Refusal>> {
  if (!student) return err({ code: 'STUDENT_MISSING' });
  const { studentId: id, fullName: name, classId, className } = student;
  return followStudent(tx, { student: { id, name, classId, className, enrolled }, version: meta.version });
}
