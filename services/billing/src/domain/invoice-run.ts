import { type Money, plus, type SchoolDate, sum } from '@schoolbell/kernel';
import type { InvoiceLine } from './fees.ts';
import { type Invoice, issue, type OpenInvoice } from './invoice.ts';

/** Invoices with the same lines for every enrolled pupil of a school, or of some classes, issued in the order of the pupils' ids. */
export type InvoiceRun = RunBase & ({ readonly status: 'RUNNING' } | { readonly status: 'DONE'; readonly doneAt: Date });

type RunBase = {
  readonly id: string;
  readonly title: string;
  /** At the prices in force on the day the run began, also where it goes on past midnight. */
  readonly lines: readonly InvoiceLine[];
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
};

export function invoiceFor(run: InvoiceRun, student: Student, issuedAt: Date): OpenInvoice {
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

export type Chunk = {
  readonly chunkSize: number;
  /** The pupils of the chunk, in their order, also those who got no invoice by it. */
  readonly students: readonly Student[];
  readonly at: Date;
};

/** The run after a chunk; fewer pupils than `chunkSize` means that there are no more. */
export function advance(run: InvoiceRun, issued: readonly Invoice[], { chunkSize, students, at }: Chunk): InvoiceRun {
  const sofar = run.issued + issued.length;
  const moved = {
    ...run,
    issued: sofar,
    total: plus(run.total, sum(issued.map((invoice) => invoice.total))),
    cursor: students.at(-1)?.id ?? run.cursor,
    version: run.version + 1,
  };
  if (students.length === chunkSize) return { ...moved, pupils: Math.max(run.pupils, sofar) };
  return { ...moved, status: 'DONE', doneAt: at, pupils: sofar };
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
