import type { Session } from '@schoolbell/service-kit';
import { absenceStore } from './store/absences.ts';
import { authorityStore } from './store/authority.ts';
import { guardianStore } from './store/guardians.ts';
import { leaveStore } from './store/leaves.ts';
import { rollCallStore } from './store/roll-calls.ts';
import { rollStore } from './store/rolls.ts';
import { studentStore } from './store/students.ts';
import { teacherStore } from './store/teachers.ts';
import { walkStore } from './store/walks.ts';
import { yearStore } from './store/years.ts';

/** All that a use case of attendance may hold: the stores of one school inside one transaction, the outbox, and the time. */
export function attendanceTx(session: Session) {
  return {
    schoolId: session.schoolId,
    now: session.now,
    newId: () => session.newId(),
    emit: session.emit,
    students: studentStore(session),
    guardians: guardianStore(session),
    teachers: teacherStore(session),
    years: yearStore(session),
    walks: walkStore(session),
    authority: authorityStore(session),
    rolls: rollStore(session),
    rollCalls: rollCallStore(session),
    leaves: leaveStore(session),
    absences: absenceStore(session),
  };
}

export type AttendanceTx = ReturnType<typeof attendanceTx>;
export type { Page } from '@schoolbell/service-kit';
