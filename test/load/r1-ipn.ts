import { type Bench, costRow, type Row, ratioRow, type World } from './bench.ts';
import { type BillingBooks, openBillingBooks, writtenLater } from './billing-books.ts';
import { assertBooks, assertCounts, assertSameFootprint } from './books.ts';
import { meter } from './machine.ts';
import { type OneService, startOneService } from './one-service.ts';
import type { ByHand } from './r1-floor.ts';
import type { Answers, Volley } from './r1-generator.ts';
import { announcedOf, type Payment, seedPayments } from './r1-payments.ts';
import { alternate, estimate, type Measured, median, type Paired } from './statistics.ts';
import { openWorker, type Worker } from './worker.ts';

const inFlight = 16;
// Dropped, like every first pair: enough for the compilers of both sides to have seen what is hot.
const firstRound = 3_200;

/** R1: payments per second from VNPAY's notice to the paid invoice, against the bare driver leaving the same documents. */
export const r1: Bench = { name: 'R1', engines: 'APART', run };

async function run(world: World): Promise<Row[]> {
  const billing = await startOneService(world, 'billing', 'bench_r1');
  const [generator, byHand] = [openWorker<Volley, Answers>('./r1-generator.ts'), openWorker<ByHand, Measured>('./r1-floor.ts')];
  const [own, floors] = [await openBillingBooks(world, 'bench_r1'), await openBillingBooks(world, 'bench_r1_floor')];
  try {
    return await measure({ world, billing, generator, byHand, own, floors });
  } finally {
    await Promise.all([generator.close(), byHand.close(), own.close(), floors.close()]);
    await billing.stop();
  }
}

interface Measuring {
  readonly world: World;
  readonly billing: OneService;
  readonly generator: Worker<Volley, Answers>;
  readonly byHand: Worker<ByHand, Measured>;
  readonly own: BillingBooks;
  readonly floors: BillingBooks;
}

/** Processor milliseconds of one payment, round by round. */
interface Costs {
  readonly service: number[];
  readonly itsMongod: number[];
  readonly byHand: number[];
  readonly floorsMongod: number[];
}

async function measure(measuring: Measuring): Promise<Row[]> {
  const { world, own, floors } = measuring;
  const costs: Costs = { service: [], itsMongod: [], byHand: [], floorsMongod: [] };
  let payments = firstRound;
  const floor = async (round: number): Promise<Measured> => {
    const measured = await payByHand(measuring, payments, costs);
    // The first round says how many payments fill the next ones.
    if (round === 0) payments = Math.ceil(((measured.units / measured.seconds) * (world.short ? 4 : 9)) / inFlight) * inFlight;
    return measured;
  };
  const paired = await alternate(world.short ? 6 : 9, floor, () => payThroughBilling(measuring, payments, costs));
  await assertSameFootprint(own, floors, writtenLater);
  const each = Object.entries(costs).map(([name, ms]) => `${name} ${median(ms).toFixed(2)}`);
  world.say(`CPU-ms per payment: ${each.join(', ')}`);
  return rowsOf(paired, costs);
}

async function payThroughBilling({ world, billing, generator, own }: Measuring, count: number, costs: Costs): Promise<Measured> {
  const payments = await seeded(own, billing, count);
  await own.relayed();
  const ipn = new URL(billing.vnpay.ipn);
  const [service, mongod] = [meter([billing.pid]), meter(world.mongodPids)];
  const paths = payments.map(({ notice }) => `${ipn.pathname}?${notice}`);
  const { seconds, codes } = await generator.ask({ url: ipn.origin, paths, inFlight });
  await own.relayed();
  costs.service.push(service(count));
  costs.itsMongod.push(mongod(count));
  if (codes['00'] !== count) throw new Error(`Not every notice was confirmed: ${JSON.stringify(codes)}`);
  await assertPaid(own, count);
  await assertBooks(world, own, { service: 'billing', relayed: true });
  return { units: count, seconds };
}

async function payByHand({ world, billing, byHand, floors }: Measuring, count: number, costs: Costs): Promise<Measured> {
  const payments = await seeded(floors, billing, count);
  // As the service's relay has left its own by then.
  await floors.db.collection('outbox').updateMany({}, { $unset: { pending: '' }, $set: { sentAt: new Date() } });
  const announced = payments.slice(0, 1).flatMap(announcedOf);
  const { database } = floors;
  const [driver, mongod] = [meter([byHand.pid]), meter(world.mongodPids)];
  const measured = await byHand.ask({ uri: world.mongoUri, database, schoolId: billing.school.id, payments, announced, inFlight });
  costs.byHand.push(driver(count));
  costs.floorsMongod.push(mongod(count));
  await assertPaid(floors, count);
  await assertBooks(world, floors, { service: 'billing', relayed: false });
  return measured;
}

async function seeded(books: BillingBooks, { school, vnpay: account }: OneService, count: number): Promise<Payment[]> {
  await books.empty();
  return seedPayments(books.transact, { count, school, account });
}

function assertPaid(books: BillingBooks, count: number): Promise<void> {
  return assertCounts(books, {
    receipts: { filter: {}, count },
    invoices: { filter: { status: 'PAID' }, count },
    attempts: { filter: { status: 'SUCCEEDED' }, count },
    notices: { filter: { state: 'DONE' }, count },
    ledger: { filter: { kind: 'MONEY_RECEIVED' }, count },
  });
}

function rowsOf(paired: Paired, costs: Costs): Row[] {
  // The first pair is left out here too.
  const floor = costs.byHand.map((ms, round) => ms + (costs.floorsMongod[round] ?? Number.NaN)).slice(1);
  const service = costs.service.slice(1);
  const invariants = 'I1 I3 I4 I5; one receipt for each notice';
  const main = ratioRow({
    name: 'R1',
    what: 'IPN → paid',
    unit: 'payments/s',
    must: 0.55,
    floor: median(paired.floor),
    subject: median(paired.subject),
    ratio: estimate(paired.ratios),
    invariants,
  });
  const cost = costRow({
    name: 'R1 CPU',
    what: 'service, of the floor with its mongod',
    unit: 'CPU-ms/payment',
    most: 0.6,
    floor: median(floor),
    subject: median(service),
    ratio: estimate(service.map((ms, round) => ms / (floor[round] ?? Number.NaN))),
    invariants,
  });
  return [main, cost];
}
