import { CountingPlan, DaySession, LeaveStatus, MarkKind, MarkSource } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceServiceClient } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { ok } from '@schoolbell/kernel';
import { createLogger, type RpcServer, startRpcServer } from '@schoolbell/service-kit';
import { decodeRefusal, type RpcClient, rpcClient } from '@schoolbell/service-kit/rpc-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Attendance, at, day, monday, testSchools } from '../../test/given.ts';
import { followGuardian } from '../usecases/follow-guardian.ts';
import { attendanceRpc } from './rpc.ts';

const schools = testSchools();
const log = createLogger('attendance', 'silent');
let school: Attendance;
let caller: { subject: string; roles: string[] };
let server: RpcServer;
let client: RpcClient<typeof AttendanceServiceClient.service>;

beforeAll(async () => {
  const { database } = await schools.newSchool();
  const services = [attendanceRpc({ ...database, now: () => at('08:00'), wake: () => undefined })];
  const authenticate = async () => ok({ ...caller, schoolId: school.schoolId });
  server = await startRpcServer({ address: { host: '127.0.0.1', port: 0 }, services, authenticate, log });
  client = rpcClient(AttendanceServiceClient, { address: server.address, token: () => 'any' });
});
afterAll(async () => {
  client.close();
  await server.stop(1_000);
});
beforeEach(async () => {
  school = await schools.newSchool();
  caller = { subject: 'principal@79000701', roles: ['principal'] };
});

const refusalOf = async (call: Promise<unknown>) =>
  decodeRefusal(
    await call.then(
      () => 'it was accepted',
      (error: unknown) => error,
    ),
  );
const where = () => ({ classId: school.classId, date: monday as string, session: DaySession.MORNING as DaySession });
const rollCall = (facts = {}) => ({
  ...{ submissionId: crypto.randomUUID(), ...where(), takenAt: at('07:30') },
  ...{ marks: [{ studentId: school.an, kind: MarkKind.ABSENT_WITHOUT_LEAVE as MarkKind, reportedAt: undefined }] },
  ...facts,
});
const leave = (facts = {}) => {
  const half = { date: monday as string, session: DaySession.MORNING };
  return { leaveId: crypto.randomUUID(), studentId: school.an, first: half, last: half, reason: 'Sốt', reportedAt: undefined, ...facts };
};
const assign = (facts = {}) =>
  client.assignClassTeacher({
    classTeacher: { classId: school.classId, subject: 'teacher@79000701', validFrom: '2026-09-05', validUntil: '', ...facts },
  });

test('a roll call is told back with its marks, its history and who is not marked', async () => {
  await client.submitRollCall(rollCall());
  await client.correctMark({
    ...{ submissionId: crypto.randomUUID(), ...where(), takenAt: at('07:50'), reason: 'Mẹ đã gọi lúc 6:40' },
    mark: { studentId: school.an, kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at('06:40') },
  });
  const { rollCall: roll } = await client.getRollCall(where());
  expect(roll).toMatchObject({
    ...{ ...where(), className: '1A', called: true, unmarkedStudentIds: [school.binh] },
    marks: [{ studentId: school.an, kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at('06:40'), source: MarkSource.CORRECTION }],
    submissions: [{ source: MarkSource.ROLL_CALL }, { source: MarkSource.CORRECTION, reason: 'Mẹ đã gọi lúc 6:40' }],
  });
});

test('a teacher calls rolls of assigned classes only', async () => {
  const teacher = { subject: 'teacher@79000701', roles: ['teacher'] };
  caller = teacher;
  expect(await refusalOf(client.submitRollCall(rollCall()))).toMatchObject({ code: 'NOT_YOUR_CLASS', status: 7 });
  caller = { subject: 'principal@79000701', roles: ['principal'] };
  await assign();
  caller = teacher;
  expect((await client.submitRollCall(rollCall())).rollCall?.marks).toHaveLength(1);
  expect(await refusalOf(client.defineSchoolYear({ schoolYear: undefined }))).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
});

test.each([[['teacher', 'nurse']], [['teacher', 'accountant']], [['parent', 'nurse']]])(
  'a second role opens only what it may do itself: %o',
  async (roles) => {
    caller = { subject: 'both@79000701', roles };
    const call = roles.includes('teacher') ? client.submitRollCall(rollCall()) : client.requestLeave(leave());
    expect((await refusalOf(call))?.code).toMatch(/^NOT_YOUR_(CLASS|CHILD)$/);
  },
);

test('the subject of a parent is a guardian: leave of own children, seen, withdrawn and counted', async () => {
  const subject = crypto.randomUUID();
  const guardianships = [{ studentId: school.an, validFrom: monday, validUntil: undefined }];
  await school.transact((tx) => followGuardian(tx, { guardian: { id: subject, guardianships }, version: 1 }));
  caller = { subject, roles: ['parent'] };
  const asked = leave();
  expect((await client.requestLeave(asked)).leave).toMatchObject({ reason: 'Sốt', status: LeaveStatus.STANDING, requestedBy: subject });
  expect(await refusalOf(client.requestLeave(leave({ studentId: school.binh })))).toMatchObject({ code: 'NOT_YOUR_CHILD', status: 7 });
  expect(await client.countAbsences({ studentId: school.an, until: '' })).toMatchObject({
    ...{ schoolYear: '2026-2027', withLeave: 1, withoutLeave: 0 },
    counts: [
      { plan: CountingPlan.ONE_SESSION_A_DAY, counted: 1 },
      { plan: CountingPlan.TWO_SESSIONS_A_DAY, counted: 1 },
    ],
    absences: [{ date: monday, session: DaySession.MORNING, kind: MarkKind.ABSENT_WITH_LEAVE }],
  });
  expect((await client.withdrawLeave({ leaveId: asked.leaveId })).leave).toMatchObject({
    status: LeaveStatus.WITHDRAWN,
    withdrawnFrom: monday,
    withdrawnFromHalfDay: { date: monday, session: DaySession.AFTERNOON },
  });
  expect((await client.listLeaveRequests({ studentId: school.an, page: undefined })).leaves).toMatchObject([{ leaveId: asked.leaveId }]);
});

test('the classes of a day are listed with their counts, page by page', async () => {
  await school.student({ classId: 'second', className: '2A', grade: 7 });
  await client.submitRollCall(rollCall());
  const { rollCalls, page } = await client.listRollCalls({ date: '', session: DaySession.MORNING, page: { size: 1, token: '' } });
  const facts = { classId: school.classId, className: '1A', date: monday, session: DaySession.MORNING };
  const counts = { present: 0, late: 0, absentWithLeave: 0, absentWithoutLeave: 1, unmarked: 1 };
  expect(rollCalls).toEqual([{ ...facts, ...counts, calledAt: at('07:30'), calledBy: caller.subject }]);
  const token = page?.nextToken ?? '';
  const rest = await client.listRollCalls({ date: monday, session: DaySession.MORNING, page: { size: 500, token } });
  expect(rest.rollCalls).toMatchObject([{ className: '2A', calledAt: undefined, calledBy: '', unmarked: 1 }]);
  const whole = await client.listRollCalls({ date: monday, session: DaySession.UNSPECIFIED, page: undefined });
  expect(whole.rollCalls.map(({ session }) => session)).toEqual([1, 2, 1, 2]);
});

test('the roll of a half-day that a later calendar closed says why, and nobody stands in it', async () => {
  await client.submitRollCall(rollCall());
  const { schoolYear } = await client.getSchoolYear({ date: '' });
  if (!schoolYear) throw new Error('There is a calendar');
  const storm = { firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  await client.defineSchoolYear({ schoolYear: { ...schoolYear, calendarId: crypto.randomUUID(), holidays: [storm] } });
  const { rollCall: roll } = await client.getRollCall(where());
  expect(roll).toMatchObject({ noSchool: { name: 'Nghỉ bão', citation: 'Công văn khẩn' }, marks: [], unmarkedStudentIds: [] });
  expect(roll?.submissions).toHaveLength(1);
});

test('which pupil cannot be marked is told to the teacher by place and id, in both languages, and never by name', async () => {
  await school.student({ id: school.binh, leftOn: day('2026-11-20'), version: 2 });
  const marks = [school.an, school.binh].map((studentId) => ({ studentId, kind: MarkKind.PRESENT, reportedAt: undefined }));
  for (const language of ['vi', 'en'] as const) {
    const refusal = await refusalOf(client.submitRollCall(rollCall({ marks }), { language }));
    expect(refusal).toMatchObject({ code: 'STUDENT_LEFT', facts: { studentId: school.binh } });
    expect(refusal?.message).toContain(`#2 (${school.binh})`);
    expect(JSON.stringify(refusal)).not.toContain('Giang');
  }
});

test('scans are taken or refused one by one', async () => {
  caller = { subject: 'gate-1', roles: ['system'] };
  const scan = (studentId: string) => ({
    ...{ scanId: crypto.randomUUID(), studentId, scannedAt: at('07:10'), session: DaySession.MORNING, late: false },
  });
  const [good, bad] = [scan(school.an), scan('nobody')];
  expect(await client.recordScans({ scans: [good, bad] })).toEqual({
    taken: 1,
    refused: [{ scanId: bad.scanId, code: 'STUDENT_UNKNOWN' }],
  });
});

test('a calendar is laid down and found by its days', async () => {
  const { schoolYear } = await client.getSchoolYear({ date: '' });
  expect(schoolYear).toMatchObject({ name: '2026-2027', morningWeekdays: [1, 2, 3, 4, 5], holidays: [{ name: 'Tết Dương lịch' }] });
  if (!schoolYear) throw new Error('There is a calendar');
  const next = { ...schoolYear, calendarId: crypto.randomUUID(), morningWeekdays: [1] };
  expect((await client.defineSchoolYear({ schoolYear: next })).schoolYear).toEqual(next);
  expect((await client.getSchoolYear({ date: monday })).schoolYear).toEqual(next);
});

test.each([
  ['submission_id', { submissionId: 'ABC' }],
  ['date', { date: '2026-02-30' }],
  ['session', { session: DaySession.UNSPECIFIED }],
  ['marks', { marks: [] }],
  ['marks.0.kind', { marks: [{ studentId: 'x', kind: MarkKind.UNSPECIFIED, reportedAt: undefined }] }],
])('a field that is wrong is named: %s', async (field, changed) => {
  expect(await refusalOf(client.submitRollCall(rollCall(changed), { language: 'en' }))).toMatchObject({
    ...{ code: 'INPUT_INVALID', facts: { field }, status: 3 },
  });
});

test('what is wrong is said in Vietnamese to the end where Vietnamese was asked for', async () => {
  const vi = await refusalOf(client.submitRollCall(rollCall({ marks: [] }), { language: 'vi' }));
  expect(vi).toMatchObject({ message: expect.stringContaining('marks không hợp lệ: không được ít hơn 1 mục') });
});

test.each(['{"$ne":null}', '$gt', "' || 1==1"])('query language in an id is an id that nobody has: %s', async (text) => {
  expect(await refusalOf(client.getRollCall({ ...where(), classId: text }))).toMatchObject({ code: 'CLASS_UNKNOWN' });
  expect(await refusalOf(client.withdrawLeave({ leaveId: text }))).toMatchObject({ code: 'LEAVE_NOT_FOUND' });
  expect(await refusalOf(client.countAbsences({ studentId: text, until: '' }))).toMatchObject({ code: 'STUDENT_UNKNOWN' });
});
