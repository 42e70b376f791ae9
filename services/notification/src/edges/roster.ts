import type { ClassTeacherAssigned } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import type { GuardianChanged, SchoolRegistered, Student as WireStudent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { ok, parseSchoolDate } from '@schoolbell/kernel';
import type { ClassTeacher } from '../domain/rights.ts';
import type { GuardianFacts, Guardianship, School, Student } from '../domain/roster/roster.ts';
import { lacks, type Read } from './incomplete.ts';

export function schoolFrom({ school }: SchoolRegistered): Read<School> {
  return school?.schoolId ? ok({ id: school.schoolId, name: school.name }) : lacks('school');
}

export function studentFrom({ student }: { student: WireStudent | undefined }): Read<Student> {
  return student?.studentId ? ok({ id: student.studentId, className: student.className }) : lacks('student');
}

export function guardianFacts({ guardian }: GuardianChanged): Read<GuardianFacts> {
  if (!guardian?.guardianId) return lacks('guardian');
  const { guardianId, fullName, email, language, wantsNotices } = guardian;
  const guardianships: Guardianship[] = [];
  for (const { studentId, validFrom, validUntil } of guardian.guardianships) {
    const from = parseSchoolDate(validFrom);
    const until = validUntil === '' ? undefined : parseSchoolDate(validUntil);
    if (!from) return lacks('guardian.guardianships.valid_from');
    if (validUntil !== '' && !until) return lacks('guardian.guardianships.valid_until');
    guardianships.push(until ? { studentId, from, until } : { studentId, from });
  }
  return ok({ id: guardianId, name: fullName, email, language, wantsNotices, guardianships });
}

export function classTeacherFrom({ classTeacher }: ClassTeacherAssigned): Read<ClassTeacher> {
  if (!classTeacher?.classId || !classTeacher.subject) return lacks('class_teacher');
  const { classId, subject, validFrom, validUntil } = classTeacher;
  const from = parseSchoolDate(validFrom);
  const until = parseSchoolDate(validUntil);
  if (!from) return lacks('class_teacher.valid_from');
  if (validUntil !== '' && !until) return lacks('class_teacher.valid_until');
  return ok(until ? { classId, subject, from, until } : { classId, subject, from });
}
