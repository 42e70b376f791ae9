import { setTimeout as sleep } from 'node:timers/promises';
import { InvoiceRunStatus } from '@schoolbell/contracts/school/billing/v1/billing';
import { addDays, schoolDateOf } from '@schoolbell/kernel';
import type { Document } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { type Bench, type Row, ratioRow, type World } from './bench.ts';
import { type BillingBooks, openBillingBooks } from './billing-books.ts';
import { assertBooks, assertCounts, assertSameFootprint } from './books.ts';
import { meter } from './machine.ts';
import { type OneService, startOneService } from './one-service.ts';
import { alternate, estimate, type Measured, median } from './statistics.ts';

const pupils = 10_000;
const together = 500;
// The floor groups as the service does: a chunk of a run is 250 pupils.
const insertedTogether = 250;
const lookEveryMs = 50;

/** R8: an invoice run for a school of 10,000 pupils through gRPC until it is done, against unordered inserts of the same documents. */
export const r8: Bench = { name: 'R8', engines: 'APART', run };

async function run(world: World): Promise<Row[]> {
  const billing = await startOneService(world, 'billing', 'bench_r8');
  const [own, floors] = [await openBillingBooks(world, 'bench_r8'), await openBillingBooks(world, 'bench_r8_floor')];
  try {
    await billARun({ world, billing, own });
    const written = await readAll(own);
    const costs: Costs = { service: [], itsMongod: [], floorsMongod: [] };
    const subject = () => billARun({ world, billing, own, costs });
    const paired = await alternate(world.short ? 6 : 9, () => insertAll({ world, floors, written, costs }), subject);
    await assertSameFootprint(own, floors, known);
    const [floor, ours] = [median(paired.floor), median(paired.subject)];
    const invariants = 'I1 I4 I5; one invoice for each pupil';
    const ratio = estimate(paired.ratios);
    const each = Object.entries(costs).map(([name, ms]) => `${name} ${median(ms).toFixed(3)}`);
    world.say(`CPU-ms per invoice: ${each.join(', ')}`);
    return [ratioRow({ name: 'R8', what: 'invoice run', unit: 'invoices/s', must: 0.4, floor, subject: ours, ratio, invariants })];
  } finally {
    await Promise.all([own.close(), floors.close()]);
    await billing.stop();
  }
}

/** Processor milliseconds of one invoice, round by round. */
interface Costs {
  readonly service: number[];
  readonly itsMongod: number[];
  readonly floorsMongod: number[];
}

interface Running {
  readonly world: World;
  readonly billing: OneService;
  readonly own: BillingBooks;
  readonly costs?: Costs;
}

/** As a school office has it: pupils and fee items are known, nothing is billed yet. */
async function billARun({ world, billing: { pid, clients, school }, own, costs }: Running): Promise<Measured> {
  const { billing } = clients;
  await own.empty();
  for (let from = 0; from < pupils; from += together) {
    await own.transact({ schoolId: school.id }, async (tx) => {
      for (let nth = from; nth < from + together; nth++) {
        const className = `${1 + (nth % 5)}${String.fromCharCode(65 + ((nth / 5) % 26))}`;
        const student = { id: tx.newId(), name: 'Nguyễn Hoàng Bảo Ngọc', classId: className, className, enrolled: true };
        tx.students.follow(student, 1);
      }
    });
  }
  const charges = await defineFees(billing);
  const dueOn = addDays(schoolDateOf(new Date()), 14);
  const runId = uuidv7();

  const [service, mongod] = [meter([pid]), meter(world.mongodPids)];
  const from = performance.now();
  await billing.startInvoiceRun({ runId, title: 'Thu tháng 11/2026', charges, dueOn, classIds: [] });
  while ((await billing.getInvoiceRun({ runId })).run?.status !== InvoiceRunStatus.DONE) await sleep(lookEveryMs);
  const seconds = (performance.now() - from) / 1_000;

  await own.relayed();
  costs?.service.push(service(pupils));
  costs?.itsMongod.push(mongod(pupils));
  await assertCounts(own, { invoices: { filter: { status: 'OPEN', runId }, count: pupils }, outbox: { filter: {}, count: pupils } });
  await assertBooks(world, own, { service: 'billing', relayed: true });
  return { units: pupils, seconds };
}

async function defineFees(billing: OneService['clients']['billing']): Promise<{ feeItemId: string; quantity: number }[]> {
  const charges: { feeItemId: string; quantity: number }[] = [];
  for (const { code, price, quantity } of [
    { code: 'BAN_TRU', price: 300_000n, quantity: 1 },
    { code: 'NUOC_UONG', price: 20_000n, quantity: 1 },
    { code: 'TIEN_AN', price: 35_000n, quantity: 20 },
  ]) {
    const feeItemId = uuidv7();
    const unitPrice = { currencyCode: 'VND', minorUnits: price };
    const dates = { effectiveFrom: '2020-09-01', effectiveUntil: '', citation: 'NQ 18/2025/NQ-HĐND' };
    await billing.defineFeeItem({ feeItem: { feeItemId, code, name: `Khoản thu ${code}`, unitPrice, unit: 'tháng', ...dates } });
    charges.push({ feeItemId, quantity });
  }
  return charges;
}

type Written = ReadonlyMap<string, readonly Document[]>;

// There before a run begins, or made minutes after it.
const known = ['students', 'fee_items', 'seals'];

/** What a run leaves, to the byte. */
async function readAll({ db, collections }: BillingBooks): Promise<Written> {
  const written = new Map<string, readonly Document[]>();
  for (const name of collections.filter((each) => !known.includes(each))) written.set(name, await db.collection(name).find().toArray());
  return written;
}

interface Inserting {
  readonly world: World;
  readonly floors: BillingBooks;
  readonly written: Written;
  readonly costs: Costs;
}

/** The floor: the same documents into collections with the same indexes and validators, unordered, 250 at a time. */
async function insertAll({ world, floors, written, costs }: Inserting): Promise<Measured> {
  await floors.empty();
  const mongod = meter(world.mongodPids);
  const options = { ordered: false, writeConcern: { w: 'majority', journal: true } } as const;
  const from = performance.now();
  for (const [name, documents] of written) {
    for (let at = 0; at < documents.length; at += insertedTogether) {
      await floors.db.collection(name).insertMany(documents.slice(at, at + insertedTogether), options);
    }
  }
  const seconds = (performance.now() - from) / 1_000;
  costs.floorsMongod.push(mongod(pupils));
  return { units: pupils, seconds };
}
