import { type SchoolDate, schoolDateOf, vnd, zero } from '@schoolbell/kernel';
import type { Chunk, Issued } from '../src/domain/invoices/invoice-run.ts';
import { type Meal, type Month, parseMonth } from '../src/domain/meals/meal.ts';
import type { MealFact, Portion, PortionStatus } from '../src/domain/meals/portion.ts';
import { findRunChunks } from '../src/usecases/invoices/find-run-chunks.ts';
import { moveRun } from '../src/usecases/invoices/move-run.ts';
import { issueMealBillChunk } from '../src/usecases/meals/issue-meal-bill-chunk.ts';
import { receiveMealFacts } from '../src/usecases/meals/receive-meal-facts.ts';
import { startMealBillRun } from '../src/usecases/meals/start-meal-bill-run.ts';
import type { Billing } from './given.ts';

/** A pupil at table: canteen's facts about the pupil's meals, one after the other, and what billing makes of them. */
export interface Table {
  /** Books one meal on each day; answers the ids. */
  readonly book: (days: readonly string[], what?: { meal?: Meal; price?: bigint }) => Promise<string[]>;
  /** Canteen reports another status of a meal. */
  readonly report: (bookingId: string, status: PortionStatus) => Promise<void>;
  readonly costs: (bookingIds: readonly string[], price: bigint) => Promise<void>;
  readonly portions: () => Promise<Portion[]>;
  /** What the pupil has with the school. */
  readonly credit: () => Promise<bigint>;
}

export function tableOf(billing: Billing, studentId: string): Table {
  const latest = new Map<string, MealFact>();
  let version = 0;
  const send = async (facts: readonly Omit<MealFact, 'version'>[]) => {
    version++;
    const versioned = facts.map((fact) => ({ ...fact, version }));
    for (const fact of versioned) latest.set(fact.bookingId, fact);
    const event = { studentId, studentName: 'Bùi Thanh Giang', facts: versioned, eventId: crypto.randomUUID(), occurredAt: new Date() };
    const received = await billing.transact((tx) => receiveMealFacts(tx, event));
    if (!received.ok) throw new Error(received.refusal.code);
  };
  const last = (bookingId: string) => {
    const fact = latest.get(bookingId);
    if (!fact) throw new Error('never booked');
    return fact;
  };
  return {
    book: async (days, { meal = 'LUNCH', price = 35_000n } = {}) => {
      const facts = days.map((date) => ({ bookingId: crypto.randomUUID(), date: date as SchoolDate, meal, price: vnd(price) }));
      await send(facts.map((fact) => ({ ...fact, status: 'BOOKED' })));
      return facts.map(({ bookingId }) => bookingId);
    },
    report: (bookingId, status) => send([{ ...last(bookingId), status }]),
    costs: (bookingIds, price) => send(bookingIds.map((id) => ({ ...last(id), status: undefined, price: vnd(price) }))),
    portions: async () => (await billing.read((tx) => tx.mealMonths.ofStudent(studentId))).flatMap(({ portions }) => portions),
    credit: async () => ((await billing.read((tx) => tx.ledger.credits([studentId]))).get(studentId) ?? zero).minorUnits,
  };
}

export function monthFrom(text: string): Month {
  const month = parseMonth(text);
  if (!month) throw new Error(`${text} is no month`);
  return month;
}

/** Bills the meals of a month for the whole school, to the end. Answers the run. */
export async function billMonth(billing: Billing, month: string, classIds: readonly string[] = []): Promise<string> {
  const runId = crypto.randomUUID();
  const order = { runId, month: monthFrom(month), title: `Tiền ăn tháng ${month}`, classIds };
  const started = await billing.transact((tx) => startMealBillRun(tx, { ...order, dueOn: schoolDateOf(tx.now) }));
  if (!started.ok) throw new Error(started.refusal.code);
  while (await goOnWithBills(billing, runId));
  return runId;
}

/** As the clock does. Answers whether there is more to do. */
export async function goOnWithBills(billing: Billing, runId: string, size = 10): Promise<boolean> {
  const { chunks, more } = await billing.read((tx) => findRunChunks(tx, { runId, size, most: 1 }));
  const issued: (Chunk & Issued)[] = [];
  for (const chunk of chunks) issued.push({ ...chunk, ...(await billing.transact((tx) => issueMealBillChunk(tx, { runId, chunk }))) });
  await billing.transact((tx) => moveRun(tx, { runId, issued, more }));
  return more;
}
