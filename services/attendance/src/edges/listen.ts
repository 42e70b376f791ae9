import { topics } from '@schoolbell/contracts';
import type { Guardian as GuardianMessage } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryEvent, type Student } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { err, ok, parseSchoolDate, type Refusal, type Result, type SchoolDate, schoolDateOf, unreachable } from '@schoolbell/kernel';
import { type EventMeta, listener } from '@schoolbell/service-kit';
import type { Guardianship } from '../domain/rights.ts';
import type { AttendanceTx } from '../tx.ts';
import { followGuardian } from '../usecases/follow-guardian.ts';
import { followStudent } from '../usecases/follow-student.ts';

export const listeners = [
  listener({
    topic: topics.registry,
    group: 'attendance.registry',
    decode: (body) => RegistryEvent.decode(body),
    handle: onRegistryEvent,
  }),
] as const;

type Handled = Promise<Result<unknown, Refusal>>;

async function onRegistryEvent(tx: AttendanceTx, { event }: RegistryEvent, meta: EventMeta): Handled {
  switch (event?.$case) {
    case 'studentEnrolled':
    case 'studentChanged':
      return onStudent(tx, event.value.student, undefined, meta);
    case 'studentLeft': {
      const leftOn = parseSchoolDate(event.value.leftOn);
      return leftOn ? onStudent(tx, event.value.student, leftOn, meta) : lacks('left_on');
    }
    case 'guardianChanged':
      return onGuardian(tx, event.value.guardian, meta.version);
    case 'schoolRegistered':
    case undefined: // A newer event than this build knows.
      return ok('not ours');
    default:
      return unreachable(event);
  }
}

async function onStudent(
  tx: AttendanceTx,
  student: Student | undefined,
  leftOn: SchoolDate | undefined,
  { version, occurredAt }: EventMeta,
): Handled {
  if (!student) return lacks('student');
  const { studentId: id, fullName: name, classId, className, grade } = student;
  return followStudent(tx, { student: { id, name, classId, className, grade, leftOn }, version, since: schoolDateOf(occurredAt) });
}

async function onGuardian(tx: AttendanceTx, guardian: GuardianMessage | undefined, version: number): Handled {
  if (!guardian) return lacks('guardian');
  const guardianships: Guardianship[] = [];
  for (const { studentId, validFrom: from, validUntil: until } of guardian.guardianships) {
    const [validFrom, validUntil] = [parseSchoolDate(from), until === '' ? undefined : parseSchoolDate(until)];
    if (!validFrom) return lacks('guardian.guardianships.valid_from');
    if (until !== '' && !validUntil) return lacks('guardian.guardianships.valid_until');
    guardianships.push({ studentId, validFrom, validUntil });
  }
  return followGuardian(tx, { guardian: { id: guardian.guardianId, guardianships }, version });
}

/** An event that lacks what its contract promises is parked for a person, never guessed at. */
function lacks(field: string): Result<never, Refusal & { readonly field: string }> {
  return err({ code: 'EVENT_INCOMPLETE', field });
}
