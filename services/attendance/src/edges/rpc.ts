import { access } from '@schoolbell/contracts';
import { AttendanceServiceService } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import { type Call, type Deps, type Handlers, type RpcService, rpcService, type WireRefusal } from '@schoolbell/service-kit';
import type { AttendanceConfig } from '../config.ts';
import type { Actor } from '../domain/rights.ts';
import { teacherMessage, yearMessage } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';
import { assignClassTeacher } from '../usecases/assign-class-teacher.ts';
import { countAbsences } from '../usecases/count-absences.ts';
import { defineSchoolYear } from '../usecases/define-school-year.ts';
import { getRollCall } from '../usecases/get-roll-call.ts';
import { getSchoolYear } from '../usecases/get-school-year.ts';
import { listLeaveRequests } from '../usecases/list-leave-requests.ts';
import { listRollCalls } from '../usecases/list-roll-calls.ts';
import { requestLeave } from '../usecases/request-leave.ts';
import { submitRollCall } from '../usecases/submit-roll-call.ts';
import { withdrawLeave } from '../usecases/withdraw-leave.ts';
import {
  correctionInput,
  countInput,
  dateInput,
  leaveInput,
  leavesInput,
  read as readInput,
  rollCallInput,
  rollInput,
  rollsInput,
  scansInput,
  teacherInput,
  toToken,
  yearInput,
} from './input.ts';
import { countMessage, leaveMessage, rollCallMessage, scansMessage, summaryMessage } from './messages.ts';
import { type AttendanceRefused, refused } from './refusals.ts';
import { groupScans } from './scan-groups.ts';

type AttendanceDeps = Pick<Deps<AttendanceConfig, AttendanceTx>, 'transact' | 'read' | 'now'>;
type AttendanceHandlers = Handlers<typeof AttendanceServiceService>;

/** The gRPC face of attendance: each RPC reads its request, runs one use case and tells its result. */
export function attendanceRpc(deps: AttendanceDeps): RpcService {
  return rpcService(AttendanceServiceService, access, { ...rollHandlers(deps), ...leaveHandlers(deps), ...settingHandlers(deps) });
}

type RollRpc = 'submitRollCall' | 'correctMark' | 'recordScans' | 'getRollCall' | 'listRollCalls';

function rollHandlers({ transact, read, now }: AttendanceDeps): Pick<AttendanceHandlers, RollRpc> {
  const recordGrouped = groupScans(transact);
  return {
    submitRollCall: (request, call) =>
      withInput(readInput(rollCallInput, request), async ({ submissionId, classId, date, session, takenAt, marks }) => {
        const act = { id: submissionId, source: 'ROLL_CALL', takenAt, reason: undefined, marks: marks.map(toldMark) } as const;
        const order = { classId, half: { date, session }, act, actor: actorOf('SubmitRollCall', call) };
        const submitted = await transact(scopeOf(call), (tx) => submitRollCall(tx, order));
        return answer(submitted, (roll) => ({ rollCall: rollCallMessage(roll) }));
      }),
    correctMark: (request, call) =>
      withInput(readInput(correctionInput, request), async ({ submissionId, classId, date, session, takenAt, mark, reason }) => {
        const act = { id: submissionId, source: 'CORRECTION', takenAt, reason, marks: [toldMark(mark)] } as const;
        const order = { classId, half: { date, session }, act, actor: actorOf('CorrectMark', call) };
        const corrected = await transact(scopeOf(call), (tx) => submitRollCall(tx, order));
        return answer(corrected, (roll) => ({ rollCall: rollCallMessage(roll) }));
      }),
    recordScans: (request, call) =>
      withInput(readInput(scansInput, request), async ({ scans }) => {
        const { signal, caller } = call;
        const known = scans.map(({ scanId, ...scan }) => ({ id: scanId, ...scan, by: caller.subject }));
        return answer(await recordGrouped({ ...scopeOf(call), signal, scans: known }), scansMessage);
      }),
    getRollCall: (request, call) =>
      withInput(readInput(rollInput, request), async ({ classId, ...half }) => {
        const found = await read(scopeOf(call), (tx) => getRollCall(tx, { classId, half, actor: actorOf('GetRollCall', call) }));
        return answer(found, (roll) => ({ rollCall: rollCallMessage(roll) }));
      }),
    listRollCalls: (request, call) =>
      withInput(readInput(rollsInput, request), async ({ date = schoolDateOf(now()), ...same }) => {
        const question = { date, ...same, actor: actorOf('ListRollCalls', call) };
        const found = await read(scopeOf(call), (tx) => listRollCalls(tx, question));
        return answer(found, ({ rows, next }) => ({ rollCalls: rows.map(summaryMessage), page: { nextToken: toToken(next) } }));
      }),
  };
}

function leaveHandlers({
  transact,
  read,
}: AttendanceDeps): Pick<AttendanceHandlers, 'requestLeave' | 'withdrawLeave' | 'listLeaveRequests' | 'countAbsences'> {
  return {
    requestLeave: (request, call) =>
      withInput(readInput(leaveInput, request), async ({ leaveId, reportedAt, ...same }) => {
        const wish = { id: leaveId, reportedAt, ...same };
        const requested = await transact(scopeOf(call), (tx) => requestLeave(tx, { wish, actor: actorOf('RequestLeave', call) }));
        return answer(requested, (leave) => ({ leave: leaveMessage(leave) }));
      }),
    withdrawLeave: async ({ leaveId }, call) => {
      const withdrawn = await transact(scopeOf(call), (tx) => withdrawLeave(tx, { leaveId, actor: actorOf('WithdrawLeave', call) }));
      return answer(withdrawn, (leave) => ({ leave: leaveMessage(leave) }));
    },
    listLeaveRequests: (request, call) =>
      withInput(readInput(leavesInput, request), async (question) => {
        const found = await read(scopeOf(call), (tx) => listLeaveRequests(tx, { ...question, actor: actorOf('ListLeaveRequests', call) }));
        return answer(found, ({ rows, next }) => ({ leaves: rows.map(leaveMessage), page: { nextToken: toToken(next) } }));
      }),
    countAbsences: (request, call) =>
      withInput(readInput(countInput, request), async (question) => {
        const counted = await read(scopeOf(call), (tx) => countAbsences(tx, { ...question, actor: actorOf('CountAbsences', call) }));
        return answer(counted, countMessage);
      }),
  };
}

function settingHandlers({
  transact,
  read,
  now,
}: AttendanceDeps): Pick<AttendanceHandlers, 'defineSchoolYear' | 'getSchoolYear' | 'assignClassTeacher'> {
  return {
    defineSchoolYear: (request, call) =>
      withInput(readInput(yearInput, request), async ({ schoolYear }) => {
        const defined = await transact(scopeOf(call), (tx) => defineSchoolYear(tx, { year: schoolYear, by: call.caller.subject }));
        return answer(defined, (year) => ({ schoolYear: yearMessage(year) }));
      }),
    getSchoolYear: (request, call) =>
      withInput(readInput(dateInput, request), async ({ date = schoolDateOf(now()) }) => {
        const found = await read(scopeOf(call), (tx) => getSchoolYear(tx, date));
        return answer(found, (year) => ({ schoolYear: yearMessage(year) }));
      }),
    assignClassTeacher: (request, call) =>
      withInput(readInput(teacherInput, request), async ({ classTeacher }) => {
        const assigned = await transact(scopeOf(call), (tx) => assignClassTeacher(tx, classTeacher));
        return answer(assigned, (teacher) => ({ classTeacher: teacherMessage(teacher) }));
      }),
  };
}

type Rpc = keyof typeof access extends infer Name ? (Name extends `school.attendance.v1.AttendanceService/${infer R}` ? R : never) : never;

/** The office is whoever may make this call by another role than teacher or parent: a teacher who is a nurse too calls rolls as a teacher. */
function actorOf(rpc: Rpc, { caller: { subject, roles } }: Call): Actor {
  const allowed: readonly string[] = access[`school.attendance.v1.AttendanceService/${rpc}`];
  const acting = roles.filter((role) => allowed.includes(role));
  if (acting.some((role) => role !== 'teacher' && role !== 'parent')) return { subject, scope: 'SCHOOL' };
  return { subject, scope: acting.includes('teacher') ? 'CLASSES' : 'CHILDREN' };
}

function toldMark<M extends { readonly reportedAt?: Date | undefined }>({ reportedAt, ...mark }: M) {
  return { ...mark, reportedAt };
}

function scopeOf({ schoolId, deadline }: Call): { schoolId: string; deadline: Date } {
  return { schoolId, deadline };
}

async function withInput<I, M>(
  input: Result<I, AttendanceRefused>,
  work: (input: I) => Promise<Result<M, WireRefusal>>,
): Promise<Result<M, WireRefusal>> {
  return input.ok ? work(input.value) : refused(input.refusal);
}

function answer<T, M>(result: Result<T, AttendanceRefused>, message: (value: T) => M): Result<M, WireRefusal> {
  return result.ok ? ok(message(result.value)) : refused(result.refusal);
}
