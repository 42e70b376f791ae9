import { standingChanged } from '@schoolbell/attendance/src/events.ts';
import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceServiceService, SubmitRollCallRequest } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import type { OutboxEvent } from '@schoolbell/service-kit';
import { type AttendanceBooks, asRelayed, openAttendanceBooks } from './attendance-books.ts';
import { type Bench, type Row, ratioRow, type World } from './bench.ts';
import { assertBooks, assertCounts, assertSameFootprint } from './books.ts';
import { meter } from './machine.ts';
import { type OneService, startOneService } from './one-service.ts';
import type { RollsByHand } from './r2-floor.ts';
import type { Answered, Calls } from './r2-generator.ts';
import { classSize, type RollCall, rollCallsOf, seedSchool } from './r2-school.ts';
import { alternate, estimate, type Measured, median } from './statistics.ts';
import { openWorker, type Worker } from './worker.ts';

const inFlight = 16;
const invariants = 'I4 I5; each absence counted and announced once';
// Dropped, like every first pair: enough for the compilers of both sides to have seen what is hot.
const firstRound = 1_600;

/** R2: marks per second through gRPC, forty to a roll call, against the bare driver leaving the same documents. */
export const r2: Bench = { name: 'R2', engines: 'APART', run };

async function run(world: World): Promise<Row[]> {
  const attendance = await startOneService(world, 'attendance', 'bench_r2');
  const [generator, byHand] = [openWorker<Calls, Answered>('./r2-generator.ts'), openWorker<RollsByHand, Measured>('./r2-floor.ts')];
  const [own, floors] = [await openAttendanceBooks(world, 'bench_r2'), await openAttendanceBooks(world, 'bench_r2_floor')];
  try {
    return await measure({ world, attendance, generator, byHand, own, floors });
  } finally {
    await Promise.all([generator.close(), byHand.close(), own.close(), floors.close()]);
    await attendance.stop();
  }
}

interface Measuring {
  readonly world: World;
  readonly attendance: OneService;
  readonly generator: Worker<Calls, Answered>;
  readonly byHand: Worker<RollsByHand, Measured>;
  readonly own: AttendanceBooks;
  readonly floors: AttendanceBooks;
}

/** Processor milliseconds of one roll call, round by round. */
interface Costs {
  readonly service: number[];
  readonly itsMongod: number[];
  readonly generator: number[];
  readonly byHand: number[];
  readonly floorsMongod: number[];
}

async function measure(measuring: Measuring): Promise<Row[]> {
  const { world, own, floors } = measuring;
  const costs: Costs = { service: [], itsMongod: [], generator: [], byHand: [], floorsMongod: [] };
  let count = firstRound;
  const floor = async (round: number): Promise<Measured> => {
    const measured = await callByHand(measuring, count, costs);
    // The first round says how many roll calls fill the next ones.
    if (round === 0) count = Math.ceil((measured.units / classSize / measured.seconds) * (world.short ? 4 : 9));
    return measured;
  };
  const paired = await alternate(world.short ? 6 : 9, floor, () => callThroughAttendance(measuring, count, costs));
  await assertSameFootprint(own, floors);
  const each = Object.entries(costs).map(([name, ms]) => `${name} ${median(ms).toFixed(2)}`);
  world.say(`CPU-ms per roll call: ${each.join(', ')}`);
  const row = { name: 'R2', what: 'roll calls of 40', unit: 'marks/s', must: 0.5, invariants };
  return [ratioRow({ ...row, floor: median(paired.floor), subject: median(paired.subject), ratio: estimate(paired.ratios) })];
}

async function callThroughAttendance({ world, attendance, generator, own }: Measuring, count: number, costs: Costs): Promise<Measured> {
  const rollCalls = await seeded(own, attendance, count);
  await own.relayed();
  const { path } = AttendanceServiceService.submitRollCall;
  const requests = rollCalls.map(requestOf);
  const [service, mongod, sender] = [meter([attendance.pid]), meter(world.mongodPids), meter([generator.pid])];
  const { seconds, failed } = await generator.ask({ ...attendance.door, path, requests, inFlight });
  await own.relayed();
  costs.service.push(service(count));
  costs.itsMongod.push(mongod(count));
  costs.generator.push(sender(count));
  if (failed > 0) throw new Error(`${failed} of ${count} roll calls were not taken`);
  await assertCalled(own, rollCalls);
  await assertBooks(world, own, { service: 'attendance', relayed: true });
  return { units: count * classSize, seconds };
}

async function callByHand({ world, attendance, byHand, floors }: Measuring, count: number, costs: Costs): Promise<Measured> {
  const rollCalls = await seeded(floors, attendance, count);
  const [driver, mongod] = [meter([byHand.pid]), meter(world.mongodPids)];
  const where = { uri: world.mongoUri, database: floors.database, schoolId: attendance.school.id };
  const { units, seconds } = await byHand.ask({ ...where, rollCalls, by: caller, announced: announcedOf(rollCalls), inFlight });
  costs.byHand.push(driver(count));
  costs.floorsMongod.push(mongod(count));
  await asRelayed(floors);
  await assertCalled(floors, rollCalls);
  return { units: units * classSize, seconds };
}

async function seeded(books: AttendanceBooks, { school }: OneService, count: number): Promise<RollCall[]> {
  await books.empty();
  return rollCallsOf(await seedSchool(books.transact, school.id), count);
}

function requestOf({ submissionId, classId, date, session, takenAt, marks }: RollCall): Uint8Array {
  const told = marks.map(({ studentId, kind }) => ({ studentId, kind: MarkKind[kind], reportedAt: undefined }));
  return SubmitRollCallRequest.encode({ submissionId, classId, date, session: DaySession[session], takenAt, marks: told }).finish();
}

/** The subject of the token with which the generator calls. */
const caller = 'system@79000701';

/** What attendance announces of one absence: the floor writes bytes of the same size without making them. */
function announcedOf([rollCall]: readonly RollCall[]): OutboxEvent {
  if (!rollCall) throw new Error('There is no roll call');
  const { classId, className, date, session, submissionId, takenAt, marks } = rollCall;
  const studentId = marks[0]?.studentId ?? '';
  const pupil = { id: studentId, name: 'Nguyễn Hoàng Bảo Ngọc', classId, className, grade: 6, leftOn: undefined };
  const times = { reportedAt: takenAt, submittedAt: new Date() };
  const after = { kind: 'ABSENT_WITHOUT_LEAVE', ...times, by: caller, source: 'ROLL_CALL', sourceId: submissionId } as const;
  const [event] = standingChanged({ pupil, halfDay: { date, session }, before: undefined, after }, takenAt);
  if (!event) throw new Error('An absence is not announced');
  return event;
}

/** Each roll call is there with its marks, each absence is counted once and announced once. */
async function assertCalled(books: AttendanceBooks, rollCalls: readonly RollCall[]): Promise<void> {
  const absent = rollCalls.flatMap(({ marks }) => marks.filter(({ kind }) => kind !== 'PRESENT')).length;
  await assertCounts(books, {
    roll_calls: { filter: { version: 1, 'submissions.marks': { $size: classSize } }, count: rollCalls.length },
    absences: { filter: {}, count: absent },
    outbox: { filter: { pending: { $exists: false }, type: /StudentMarkedAbsent$/ }, count: absent },
  });
}
