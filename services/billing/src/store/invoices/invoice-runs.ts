import { collection, index, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import type { InvoiceRun } from '../../domain/invoices/invoice-run.ts';
import type { Month } from '../../domain/meals/meal.ts';
import { lines } from './invoice-lines.ts';

const { day, dong, id, instant, list, maybe, number, statesBy, text, textOf, yes } = stored;

const run = {
  ...{ id, title: text, lines, dueOn: day, classIds: list(text), startedAt: instant, pupils: number, issued: number },
  ...{ total: dong, cursor: text, version: number },
  status: statesBy('doneAt', { RUNNING: {}, DONE: { doneAt: instant } }),
};

export const invoiceRuns = collection('invoice_runs', run, {
  // `mealMonth` is set where it bills the meals of a month; it has no lines then. `retryAt`: its last chunk failed, the next waits until then.
  beside: { mealMonth: maybe(textOf<Month>()), running: maybe(yes), retryAt: maybe(instant) },
  indexes: [index({ running: 1, _id: 1 }, { running: true })],
});

export interface RunningRun {
  readonly schoolId: string;
  readonly runId: string;
  readonly bills: InvoiceRun['bills'];
}

export function invoiceRunStore(session: Session) {
  const rows = rowsOf(session, invoiceRuns);
  const besides = (of: InvoiceRun) => ({
    ...(of.bills === 'MEALS' && { mealMonth: of.month }),
    ...(of.status === 'RUNNING' && { running: true as const }),
  });
  const withLines = (of: InvoiceRun) => (of.bills === 'MEALS' ? { ...of, lines: [] } : of);
  return {
    async find(id: string): Promise<InvoiceRun | undefined> {
      const found = await rows.documents.findOne({ _id: id });
      if (!found) return undefined;
      const { lines, ...base } = invoiceRuns.read(found);
      return found.mealMonth === undefined ? { ...base, bills: 'FEES', lines } : { ...base, bills: 'MEALS', month: found.mealMonth };
    },
    /** Runs with work left that are not put off, of every school in a read across schools. */
    async running(now: Date, limit: number): Promise<RunningRun[]> {
      const due = { $or: [{ retryAt: { $exists: false } }, { retryAt: { $lte: now } }] };
      const found = await rows.documents.find({ running: true, ...due }, { sort: { _id: 1 }, limit });
      return found.map(({ _id, schoolId, mealMonth }) => ({ schoolId, runId: _id, bills: mealMonth === undefined ? 'FEES' : 'MEALS' }));
    },
    insert: (started: InvoiceRun) => rows.insert(withLines(started), besides(started)),
    /** Its next chunk waits, so that it holds up no other run; a chunk that succeeds ends this. */
    putOff: (id: string, retryAt: Date) => rows.documents.update({ _id: id, running: true }, { $set: { retryAt } }, { optional: true }),
    save: (moved: InvoiceRun) => rows.replace(withLines(moved), { version: moved.version - 1 }, besides(moved)),
  };
}
