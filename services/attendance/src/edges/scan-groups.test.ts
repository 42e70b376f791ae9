import { DaySession } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceServiceClient } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { ok } from '@schoolbell/kernel';
import { createLogger, startRpcServer, type Transact } from '@schoolbell/service-kit';
import { rpcClient } from '@schoolbell/service-kit/rpc-client';
import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, morning, testSchools } from '../../test/given.ts';
import type { AttendanceTx } from '../tx.ts';
import type { Scan } from '../usecases/record-scans.ts';
import { attendanceRpc } from './rpc.ts';
import { groupScans } from './scan-groups.ts';

const schools = testSchools();
let school: Attendance;
let transactions: number;
let transact: Transact<AttendanceTx>;
beforeEach(async () => {
  school = await schools.newSchool();
  transactions = 0;
  transact = (scope, work) => {
    transactions++;
    return school.database.transact(scope, work);
  };
});

const scan = (studentId: string, facts: Partial<Scan> = {}): Scan => ({
  ...{ id: crypto.randomUUID(), studentId, scannedAt: at('07:10'), session: 'MORNING', late: false, by: 'gate-1' },
  ...facts,
});
const callOf = (scans: readonly Scan[], signal = new AbortController().signal) => ({
  ...{ schoolId: school.schoolId, scans, deadline: new Date(Date.now() + 300_000), signal },
});
const submissions = async () => (await school.read((tx) => tx.rolls.open(school.classId, morning)))?.rollCall.submissions ?? [];

test('two hundred scans sent one by one are a few transactions; each is answered for itself, and a bad one holds up no other', async () => {
  const record = groupScans(transact);
  const pupils = [school.an, school.binh, 'nobody', await school.student({ classId: 'other' })];
  const scans = Array.from({ length: 200 }, (_, nth) =>
    scan(pupils[nth % pupils.length] ?? '', { scannedAt: new Date(at('07:00').getTime() + nth) }),
  );
  const answers = await Promise.all(scans.map((one) => record(callOf([one]))));
  const expected = scans.map(({ id, studentId }) => ({ scanId: id, ...(studentId === 'nobody' && { code: 'STUDENT_UNKNOWN' }) }));
  expect(answers).toEqual(expected.map((one) => ok([one])));
  expect(await submissions()).toHaveLength(100);
  expect(transactions).toBeLessThan(20);
});

test('an answer is given only when the scans are committed, and a scan that is sent again then has no effect', async () => {
  const record = groupScans(transact);
  const again = scan(school.an);
  expect(await record(callOf([again, scan(school.binh)]))).toMatchObject({ ok: true });
  expect(await submissions()).toHaveLength(2);
  await Promise.all([record(callOf([again])), record(callOf([again]))]);
  expect(await submissions()).toHaveLength(2);
});

test('calls that do not fit into one transaction are taken in the next', async () => {
  const record = groupScans(transact, { most: 3 });
  const calls = [2, 2, 1, 4].map((size) => callOf(Array.from({ length: size }, () => scan(school.an))));
  expect((await Promise.all(calls.map(record))).map((answer) => answer.ok && answer.value.length)).toEqual([2, 2, 1, 4]);
  expect(transactions).toBe(3);
});

test('a group that the database refuses as a whole is taken call by call', async () => {
  const { db } = school.database;
  await db.command({ collMod: 'roll_calls', validator: { 'submissions.by': { $ne: 'broken gate' } } });
  try {
    const record = groupScans(transact);
    const calls = [[scan(school.an)], [scan(school.an, { by: 'broken gate' })], [scan(school.binh)]].map((scans) => record(callOf(scans)));
    const [first, second, third] = await Promise.allSettled(calls);
    expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await submissions()).map(({ by }) => by)).toEqual(['gate-1', 'gate-1']);
  } finally {
    await db.command({ collMod: 'roll_calls', validator: {} });
  }
});

test('nothing is written for a caller who went away while waiting, and everything for the others', async () => {
  const record = groupScans(transact);
  const gone = new AbortController();
  const calls = [record(callOf([scan(school.an)], gone.signal)), record(callOf([scan(school.binh)]))];
  gone.abort();
  const [left, stayed] = await Promise.allSettled(calls);
  expect([left?.status, stayed?.status]).toEqual(['rejected', 'fulfilled']);
  expect(await school.standings()).toEqual({ [school.binh]: 'PRESENT' });
});

test('a school whose gates send more than can be written is told to wait, and no other school is', async () => {
  const record = groupScans(transact, { mostWaiting: 2 });
  const [crowded, calm] = [school, await schools.newSchool()];
  const waiting = [record(callOf([scan(crowded.an)])), record(callOf([scan(crowded.an)]))];
  expect(await record(callOf([scan(crowded.binh)]))).toEqual({ ok: false, refusal: { code: 'GATE_BUSY', waiting: 2 } });
  expect(await record({ ...callOf([scan(calm.an)]), schoolId: calm.schoolId })).toMatchObject({ ok: true });
  expect(await Promise.all(waiting)).toMatchObject([{ ok: true }, { ok: true }]);
  expect(await record(callOf([scan(crowded.binh)]))).toMatchObject({ ok: true });
});

test('a service that stops answers the scans it has taken', async () => {
  const begun = Promise.withResolvers<void>();
  const slowly: typeof transact = (scope, work) => {
    begun.resolve();
    return transact(scope, work);
  };
  const services = [attendanceRpc({ ...school.database, transact: slowly, now: () => at('08:00'), wake: () => undefined })];
  const authenticate = async () => ok({ subject: 'gate-1', roles: ['system'], schoolId: school.schoolId });
  const log = createLogger('attendance', 'silent');
  const server = await startRpcServer({ address: { host: '127.0.0.1', port: 0 }, services, authenticate, log });
  const client = rpcClient(AttendanceServiceClient, { address: server.address, token: () => 'any' });
  const { id: scanId, by: _, session: __, ...same } = scan(school.an);
  const answer = client.recordScans({ scans: [{ scanId, session: DaySession.MORNING, ...same }] });
  await begun.promise;
  const stopped = server.stop(5_000);
  expect(await answer).toEqual({ taken: 1, refused: [] });
  client.close();
  await stopped;
});
