import { DaySession } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceServiceService, RecordScansRequest } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { type AttendanceBooks, asRelayed, openAttendanceBooks } from './attendance-books.ts';
import type { Bench, Row, World } from './bench.ts';
import { assertBooks, assertCounts, assertSameFootprint } from './books.ts';
import { meter } from './machine.ts';
import { type OneService, startOneService } from './one-service.ts';
import type { Answered, Calls } from './r2-generator.ts';
import type { ScansByHand } from './r2-scans-floor.ts';
import { type Scan, scansOf, seedSchool } from './r2-school.ts';
import { alternate, estimate, type Measured, median, type Paired } from './statistics.ts';
import { openWorker, type Worker } from './worker.ts';

// As many calls as one connection may have open.
const inFlight = 256;
const firstRound = 4_000;
const mostMs = 0.5;
const invariants = 'I4 I5; each scan stands once in the roll call of its class';

/** R2b: scans per second, one to a call, grouped by the service, against the bare driver writing the same groups. */
export const r2b: Bench = { name: 'R2b', engines: 'APART', run };

async function run(world: World): Promise<Row[]> {
  const attendance = await startOneService(world, 'attendance', 'bench_r2b');
  const [generator, byHand] = [openWorker<Calls, Answered>('./r2-generator.ts'), openWorker<ScansByHand, Measured>('./r2-scans-floor.ts')];
  const [own, floors] = [await openAttendanceBooks(world, 'bench_r2b'), await openAttendanceBooks(world, 'bench_r2b_floor')];
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
  readonly byHand: Worker<ScansByHand, Measured>;
  readonly own: AttendanceBooks;
  readonly floors: AttendanceBooks;
}

/** Processor milliseconds of one scan, round by round, and scans of one transaction. */
interface Costs {
  readonly service: number[];
  readonly itsMongod: number[];
  readonly generator: number[];
  readonly byHand: number[];
  readonly floorsMongod: number[];
  readonly together: number[];
}

async function measure(measuring: Measuring): Promise<Row[]> {
  const { world, own, floors } = measuring;
  const costs: Costs = { service: [], itsMongod: [], generator: [], byHand: [], floorsMongod: [], together: [] };
  let count = firstRound;
  const subject = async (round: number): Promise<Measured> => {
    const measured = await scanThroughAttendance(measuring, count, costs);
    // The first round says how many scans fill the next ones.
    if (round <= 1) count = Math.ceil((measured.units / measured.seconds) * (world.short ? 4 : 9));
    return measured;
  };
  const paired = await alternate(world.short ? 6 : 9, () => scanByHand(measuring, count, costs), subject);
  await assertSameFootprint(own, floors);
  const each = Object.entries(costs).map(([name, figures]) => `${name} ${median(figures).toFixed(name === 'together' ? 0 : 3)}`);
  world.say(`CPU-ms per scan, and scans of one transaction: ${each.join(', ')}`);
  return [rowOf(paired, costs)];
}

/**
 * A call costs both processes more than the scan in it, and the floor makes no calls: so the ratio is shown, and what is judged is the
 * target for a core of service and MongoDB together, 2,000 scans a second.
 */
function rowOf({ floor, subject, ratios }: Paired, { service, itsMongod }: Costs): Row {
  const cost = median(service.slice(1).map((ms, round) => ms + (itsMongod[round + 1] ?? Number.NaN)));
  return {
    name: 'R2b',
    what: `single scans: ${cost.toFixed(2)} CPU-ms each`,
    unit: 'scans/s',
    floor: median(floor),
    subject: median(subject),
    ratio: estimate(ratios),
    must: `≤ ${mostMs.toFixed(2)} CPU-ms`,
    passed: cost <= mostMs,
    invariants,
  };
}

async function scanThroughAttendance({ world, attendance, generator, own }: Measuring, count: number, costs: Costs): Promise<Measured> {
  const scans = await seeded(own, attendance, count);
  await own.relayed();
  const { path } = AttendanceServiceService.recordScans;
  const requests = scans.map(requestOf);
  const [service, mongod, sender] = [meter([attendance.pid]), meter(world.mongodPids), meter([generator.pid])];
  const { seconds, failed } = await generator.ask({ ...attendance.door, path, requests, inFlight });
  costs.service.push(service(count));
  costs.itsMongod.push(mongod(count));
  costs.generator.push(sender(count));
  if (failed > 0) throw new Error(`${failed} of ${count} scans were not answered`);
  costs.together.push(count / (await transactionsOf(own)));
  await assertScanned(own, scans);
  await assertBooks(world, own, { service: 'attendance', relayed: true });
  return { units: count, seconds };
}

async function scanByHand({ world, attendance, byHand, floors }: Measuring, count: number, costs: Costs): Promise<Measured> {
  const scans = await seeded(floors, attendance, count);
  const [driver, mongod] = [meter([byHand.pid]), meter(world.mongodPids)];
  const where = { uri: world.mongoUri, database: floors.database, schoolId: attendance.school.id };
  const together = Math.round(costs.together.at(-1) ?? inFlight);
  const measured = await byHand.ask({ ...where, scans, by: 'system@79000701', together });
  costs.byHand.push(driver(count));
  costs.floorsMongod.push(mongod(count));
  await asRelayed(floors);
  await assertScanned(floors, scans);
  return measured;
}

async function seeded(books: AttendanceBooks, { school }: OneService, count: number): Promise<Scan[]> {
  await books.empty();
  return scansOf(await seedSchool(books.transact, school.id), count);
}

function requestOf({ id: scanId, studentId, scannedAt, session }: Scan): Uint8Array {
  return RecordScansRequest.encode({ scans: [{ scanId, studentId, scannedAt, session: DaySession[session], late: false }] }).finish();
}

/** All scans of a transaction came in at the same instant. */
async function transactionsOf({ db }: AttendanceBooks): Promise<number> {
  const instants = [{ $unwind: '$submissions' }, { $group: { _id: '$submissions.submittedAt' } }, { $count: 'found' }];
  const [counted] = await db.collection('roll_calls').aggregate(instants).toArray();
  return Number(counted?.found);
}

async function assertScanned(books: AttendanceBooks, scans: readonly Scan[]): Promise<void> {
  const rollCalls = new Set(scans.map(({ rollCallId }) => rollCallId)).size;
  await assertCounts(books, {
    roll_calls: { filter: {}, count: rollCalls },
    absences: { filter: {}, count: 0 },
    outbox: { filter: { type: /Student/ }, count: 0 },
  });
  const unwound = [{ $unwind: '$submissions' }, { $group: { _id: '$submissions.id' } }, { $count: 'found' }];
  const [counted] = await books.db.collection('roll_calls').aggregate(unwound).toArray();
  if (counted?.found !== scans.length) throw new Error(`${books.database} holds ${counted?.found} of ${scans.length} scans`);
}
