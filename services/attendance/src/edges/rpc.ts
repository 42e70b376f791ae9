import { AttendanceServiceService } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { ok } from '@schoolbell/kernel';
import { type EdgeCall, type EdgeDeps, edge, found, type RpcService, readInput } from '@schoolbell/service-kit';
import type { Actor } from '../domain/rights.ts';
import { teacherMessage, yearMessage } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';
import { assignClassTeacher } from '../usecases/assign-class-teacher.ts';
import { countAbsences } from '../usecases/count-absences.ts';
import { defineSchoolYear } from '../usecases/define-school-year.ts';
import { getRollCall } from '../usecases/get-roll-call.ts';
import { listLeaveRequests } from '../usecases/list-leave-requests.ts';
import { listRollCalls } from '../usecases/list-roll-calls.ts';
import { requestLeave } from '../usecases/request-leave.ts';
import { submitRollCall } from '../usecases/submit-roll-call.ts';
import { withdrawLeave } from '../usecases/withdraw-leave.ts';
import * as input from './input.ts';
import { countMessage, leaveMessage, rollCallMessage, scansMessage, summaryMessage } from './messages.ts';
import { refused } from './refusals.ts';
import { groupScans } from './scan-groups.ts';

const { command, query, list, rpc } = edge<AttendanceTx>();

/** school.attendance.v1.AttendanceService */
export function attendanceRpc(deps: EdgeDeps<AttendanceTx>): RpcService {
  const recordGrouped = groupScans(deps.transact);
  return rpc(AttendanceServiceService, refused, {
    submitRollCall: command(input.rollCallInput, asActor(submitRollCall), (roll) => ({ rollCall: rollCallMessage(roll) })),
    correctMark: command(input.correctionInput, asActor(submitRollCall), (roll) => ({ rollCall: rollCallMessage(roll) })),
    recordScans: async (request, call) => {
      const asked = readInput(input.scansInput, request);
      if (!asked.ok) return asked;
      const { schoolId, deadline, signal, caller } = call;
      const scans = asked.value.scans.map(({ scanId, ...scan }) => ({ id: scanId, ...scan, by: caller.subject }));
      const recorded = await recordGrouped({ schoolId, deadline, signal, scans });
      return recorded.ok ? ok(scansMessage(recorded.value)) : recorded;
    },
    getRollCall: query(input.rollInput, asActor(getRollCall), (roll) => ({ rollCall: rollCallMessage(roll) })),
    listRollCalls: list(
      input.rollsInput,
      (tx, { date, ...same }, call) => listRollCalls(tx, { ...same, date: date ?? call.today, actor: actorOf(call) }),
      (rows) => ({ rollCalls: rows.map(summaryMessage) }),
    ),
    requestLeave: command(input.leaveInput, asActor(requestLeave), (leave) => ({ leave: leaveMessage(leave) })),
    withdrawLeave: command(input.leaveIdInput, asActor(withdrawLeave), (leave) => ({ leave: leaveMessage(leave) })),
    listLeaveRequests: list(input.leavesInput, asActor(listLeaveRequests), (rows) => ({ leaves: rows.map(leaveMessage) })),
    countAbsences: query(input.countInput, asActor(countAbsences), countMessage),
    defineSchoolYear: command(
      input.yearInput,
      (tx, year, { caller }) => defineSchoolYear(tx, { year, by: caller.subject }),
      (year) => ({ schoolYear: yearMessage(year) }),
    ),
    getSchoolYear: query(
      input.dateInput,
      (tx, { date }, { today }) => found(tx.years.holding(date ?? today), { code: 'OUTSIDE_SCHOOL_YEAR', date: date ?? today }),
      (year) => ({ schoolYear: yearMessage(year) }),
    ),
    assignClassTeacher: command(
      input.teacherInput,
      (tx, { classTeacher }) => assignClassTeacher(tx, classTeacher),
      (teacher) => ({ classTeacher: teacherMessage(teacher) }),
    ),
  })(deps);
}

/** A use case that asks who acts, and for whom. */
function asActor<I extends { readonly actor: Actor }, R>(useCase: (tx: AttendanceTx, input: I) => Promise<R>) {
  return (tx: AttendanceTx, input: Omit<I, 'actor'>, call: EdgeCall) => useCase(tx, { ...input, actor: actorOf(call) } as I);
}

/** The office is whoever may make this call by another role than teacher or parent. */
function actorOf({ caller: { subject }, acting }: EdgeCall): Actor {
  if (acting.some((role) => role !== 'teacher' && role !== 'parent')) return { subject, scope: 'SCHOOL' };
  return { subject, scope: acting.includes('teacher') ? 'CLASSES' : 'CHILDREN' };
}
