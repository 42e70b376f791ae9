import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { InvoiceRun } from '../../domain/invoices/invoice-run.ts';
import type { Month } from '../../domain/meals/meal.ts';
import { type LineDoc, lineSchema, toLine, toLineDoc } from './invoice-lines.ts';

interface RunDoc extends Stored {
  title: string;
  /** Set where it bills the meals of a month; it has no lines then. */
  mealMonth?: string;
  lines: LineDoc[];
  dueOn: string;
  classIds: string[];
  startedAt: Date;
  pupils: number;
  issued: number;
  total: bigint;
  cursor: string;
  /** Absent while it runs. */
  doneAt?: Date;
  running?: true;
  /** Set where its last chunk failed: not before then. */
  retryAt?: Date;
  version: number;
}

const schema = new mongoose.Schema({
  title: { type: String, required: true },
  mealMonth: String,
  lines: { type: [lineSchema], required: true },
  dueOn: { type: String, required: true },
  classIds: { type: [String], required: true },
  startedAt: { type: Date, required: true },
  pupils: { type: Number, required: true },
  issued: { type: Number, required: true },
  total: { type: BigInt, required: true },
  cursor: { type: String, required: true },
  doneAt: Date,
  running: Boolean,
  retryAt: Date,
  version: { type: Number, required: true },
});
schema.index({ running: 1, _id: 1 }, { partialFilterExpression: { running: true } });

export const invoiceRuns = defineCollection<RunDoc>('invoice_runs', schema);

export interface RunningRun {
  readonly schoolId: string;
  readonly runId: string;
  readonly bills: InvoiceRun['bills'];
}

export function invoiceRunStore(session: Session) {
  const collection = session.collection(invoiceRuns);
  return {
    async find(id: string): Promise<InvoiceRun | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toRun(found);
    },
    /** Runs with work left that are not put off, of every school in a read across schools. */
    async running(now: Date, limit: number): Promise<RunningRun[]> {
      const due = { $or: [{ retryAt: { $exists: false } }, { retryAt: { $lte: now } }] };
      const found = await collection.find({ running: true, ...due }, { sort: { _id: 1 }, limit });
      return found.map(({ _id, schoolId, mealMonth }) => ({ schoolId, runId: _id, bills: mealMonth === undefined ? 'FEES' : 'MEALS' }));
    },
    insert(run: InvoiceRun): void {
      collection.insert(toDoc(run));
    },
    /** Its next chunk waits, so that it holds up no other run; a chunk that succeeds ends this. */
    putOff(id: string, retryAt: Date): void {
      collection.update({ _id: id, running: true }, { $set: { retryAt } }, { optional: true });
    },
    save(run: InvoiceRun): void {
      collection.replace(toDoc(run), { version: run.version - 1 });
    },
  };
}

function toDoc(run: InvoiceRun): Omit<RunDoc, 'schoolId'> {
  const { id, title, dueOn, classIds, startedAt, pupils, issued, cursor, version } = run;
  const doc = {
    _id: id,
    title,
    ...(run.bills === 'MEALS' ? { mealMonth: run.month, lines: [] } : { lines: run.lines.map(toLineDoc) }),
    dueOn,
    classIds: [...classIds],
    startedAt,
    pupils,
    issued,
    total: run.total.minorUnits,
    cursor,
    version,
  };
  return run.status === 'DONE' ? { ...doc, doneAt: run.doneAt } : { ...doc, running: true };
}

function toRun(doc: RunDoc): InvoiceRun {
  const { _id, title, mealMonth, classIds, startedAt, pupils, issued, cursor, version, doneAt } = doc;
  const base = {
    id: _id,
    title,
    dueOn: doc.dueOn as SchoolDate,
    classIds,
    startedAt,
    pupils,
    issued,
    total: vnd(doc.total),
    cursor,
    version,
  };
  const state = doneAt === undefined ? ({ status: 'RUNNING' } as const) : ({ status: 'DONE', doneAt } as const);
  if (mealMonth !== undefined) return { ...base, ...state, bills: 'MEALS', month: mealMonth as Month };
  return { ...base, ...state, bills: 'FEES', lines: doc.lines.map(toLine) };
}
