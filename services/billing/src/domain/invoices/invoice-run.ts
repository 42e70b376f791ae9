import { type Money, plus, type SchoolDate, sum } from '@schoolbell/kernel';
import type { Month } from '../meals/meal.ts';
import type { InvoiceLine } from './fees.ts';
import { issue, type OpenInvoice } from './invoice.ts';

/** One invoice for each pupil of a school, or of some classes, issued in the order of the pupils' ids. */
export type InvoiceRun = FeeRun | MealRun;
type RunState = { readonly status: 'RUNNING' } | { readonly status: 'DONE'; readonly doneAt: Date };

/** The same lines for every enrolled pupil, at the prices in force on the day the run began, also where it goes on past midnight. */
export type FeeRun = RunBase & RunState & { readonly bills: 'FEES'; readonly lines: readonly InvoiceLine[] };

/** What each pupil's meals up to the end of a month still cost; also of pupils who left. */
export type MealRun = RunBase & RunState & { readonly bills: 'MEALS'; readonly month: Month };

type RunBase = {
  readonly id: string;
  readonly title: string;
  readonly dueOn: SchoolDate;
  /** Empty for the whole school. */
  readonly classIds: readonly string[];
  readonly startedAt: Date;
  /** Pupils who get an invoice, as counted at the start; exact once done. */
  readonly pupils: number;
  readonly issued: number;
  readonly total: Money;
  /** Id of the last pupil the run has passed; empty before the first. */
  readonly cursor: string;
  readonly version: number;
};

/** A pupil as the roster has it. */
export type Student = {
  readonly id: string;
  readonly name: string;
  readonly classId: string;
  readonly className: string;
  readonly enrolled: boolean;
  /** Last day of one who left, where it is known. */
  readonly leftOn?: SchoolDate;
};

export function invoiceFor(run: FeeRun, student: Student, issuedAt: Date): OpenInvoice {
  const { id: runId, title, lines, dueOn } = run;
  const { id: studentId, name: studentName, className } = student;
  return issue({
    id: invoiceIdFor(runId, studentId),
    studentId,
    studentName,
    className,
    title,
    purpose: 'FEES',
    lines,
    dueOn,
    issuedAt,
    runId,
  });
}

/** Some pupils in the order of their ids: those after `after`, up to and with `upTo`. */
export type Chunk = { readonly after: string; readonly upTo: string };

/** What a chunk holds once it is issued, whether now or before the run was cut off. */
export type Issued = { readonly invoices: number; readonly total: Money };

/** Cuts the next pupils, in their order, into chunks of `size`. */
export function chunksOf(run: InvoiceRun, studentIds: readonly string[], size: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0, after = run.cursor; from < studentIds.length; from += size) {
    const upTo = studentIds[Math.min(from + size, studentIds.length) - 1] ?? after;
    chunks.push({ after, upTo });
    after = upTo;
  }
  return chunks;
}

/** True when the run has still to pass the pupils of the chunk. */
export function isAhead(run: InvoiceRun, chunk: Chunk): boolean {
  return run.status === 'RUNNING' && chunk.after >= run.cursor;
}

/** The run once every pupil up to `upTo` has passed; `doneAt` where there are no more. */
export function advance(run: InvoiceRun, upTo: string, issued: readonly Issued[], doneAt?: Date): InvoiceRun {
  const sofar = issued.reduce((count, { invoices }) => count + invoices, run.issued);
  const total = plus(run.total, sum(issued.map((each) => each.total)));
  const moved = { ...run, issued: sofar, total, cursor: upTo, version: run.version + 1 };
  return doneAt ? { ...moved, status: 'DONE', doneAt, pupils: sofar } : { ...moved, pupils: Math.max(run.pupils, sofar) };
}

/**
 * The id of a run's invoice for a pupil: the two UUIDs combined bit by bit, marked as version 8 (RFC 9562, section 5.8).
 * The same pair gives the same id, so that a chunk that runs twice can never bill a pupil twice.
 */
export function invoiceIdFor(runId: string, studentId: string): string {
  const mixed = (bits(runId) ^ bits(studentId)).toString(16).padStart(32, '0');
  const variant = ((Number.parseInt(mixed[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return [mixed.slice(0, 8), mixed.slice(8, 12), `8${mixed.slice(13, 16)}`, `${variant}${mixed.slice(17, 20)}`, mixed.slice(20)].join('-');
}

function bits(uuid: string): bigint {
  return BigInt(`0x${uuid.replaceAll('-', '')}`);
}
