import { Relation, type School as SchoolMessage } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryEvent, type Student } from '@schoolbell/contracts/school/registry/v1/registry_events';
import type { OutboxEvent } from '@schoolbell/service-kit';
import type { Guardian } from './domain/guardian.ts';
import type { LeftPupil, Pupil } from './domain/pupil.ts';
import type { School } from './domain/school.ts';

// Never the person number, nor a temporary code that holds it: neither is in the types that come in here.

export function schoolRegistered({ id, code, name }: School): OutboxEvent {
  const school: SchoolMessage = { schoolId: id, code, name };
  return announce('SchoolRegistered', id, { $case: 'schoolRegistered', value: { school } });
}

export function studentEnrolled(schoolId: string, pupil: Pupil): OutboxEvent {
  return announce('StudentEnrolled', pupil.id, { $case: 'studentEnrolled', value: { student: studentOf(schoolId, pupil) } });
}

export function studentChanged(schoolId: string, pupil: Pupil): OutboxEvent {
  return announce('StudentChanged', pupil.id, { $case: 'studentChanged', value: { student: studentOf(schoolId, pupil) } });
}

export function studentLeft(schoolId: string, pupil: LeftPupil): OutboxEvent {
  const value = { student: studentOf(schoolId, pupil), leftOn: pupil.leftOn };
  return announce('StudentLeft', pupil.id, { $case: 'studentLeft', value });
}

export function guardianChanged(schoolId: string, guardian: Guardian): OutboxEvent {
  const { id, fullName, phone = '', email = '', language, wantsNotices } = guardian;
  const guardianships = guardian.guardianships.map(({ studentId, relation, validFrom, validUntil = '' }) => ({
    studentId,
    relation: Relation[relation],
    validFrom,
    validUntil,
  }));
  const message = { guardianId: id, fullName, phone, email, language, wantsNotices, guardianships, provenance: [] };
  return announce('GuardianChanged', id, { $case: 'guardianChanged', value: { guardian: message, schoolId } });
}

function studentOf(schoolId: string, { id, code = '', fullName, schoolClass }: Pupil): Student {
  return { studentId: id, schoolId, code, fullName, classId: schoolClass.id, className: schoolClass.name, grade: schoolClass.grade };
}

function announce(fact: string, key: string, event: NonNullable<RegistryEvent['event']>): OutboxEvent {
  return { type: `school.registry.v1.${fact}`, key, payload: RegistryEvent.encode({ event }).finish() };
}
