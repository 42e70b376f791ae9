import { type Money, type SchoolDate, vnd } from '@schoolbell/kernel';
import { defineCollection, type Page, type PageRequest, type Session, type Stored, toPage } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import { type Invoice, type InvoicePurpose, invoicePurposes, paidOn } from '../../domain/invoices/invoice.ts';
import { type LineDoc, lineSchema, toLine, toLineDoc } from './invoice-lines.ts';

export interface InvoiceDoc extends Stored {
  studentId: string;
  studentName: string;
  className: string;
  title: string;
  purpose: InvoicePurpose;
  status: Invoice['status'];
  lines: LineDoc[];
  total: bigint;
  paid: bigint;
  /** Absent where no credit paid for it. */
  creditApplied?: bigint;
  dueOn: string;
  issuedAt: Date;
  runId?: string;
  /** When it was settled in full, or voided. */
  closedAt?: Date;
  /** Why it was voided. */
  reason?: string;
  version: number;
}

const schema = new mongoose.Schema({
  studentId: { type: String, required: true },
  studentName: { type: String, required: true },
  className: { type: String, required: true },
  title: { type: String, required: true },
  purpose: { type: String, required: true, enum: [...invoicePurposes] },
  status: { type: String, required: true, enum: ['OPEN', 'PARTIALLY_PAID', 'PAID', 'VOID'] },
  lines: { type: [lineSchema], required: true },
  total: { type: BigInt, required: true },
  paid: { type: BigInt, required: true },
  creditApplied: BigInt,
  dueOn: { type: String, required: true },
  issuedAt: { type: Date, required: true },
  runId: String,
  closedAt: Date,
  reason: String,
  version: { type: Number, required: true },
});
schema.index({ schoolId: 1, _id: 1 });
schema.index({ schoolId: 1, studentId: 1, _id: 1 });

export const invoices = defineCollection<InvoiceDoc>('invoices', schema);

export function invoiceStore(session: Session) {
  const collection = session.collection(invoices);
  return {
    async find(id: string): Promise<Invoice | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toInvoice(found);
    },
    async list(wanted: { studentId?: string | undefined; status?: Invoice['status'] | undefined } & PageRequest): Promise<Page<Invoice>> {
      const { studentId, status, after, size } = wanted;
      const filter = {
        _id: { $gt: after },
        ...(studentId === undefined ? {} : { studentId }),
        ...(status === undefined ? {} : { status }),
      };
      const found = await collection.find(filter, { sort: { _id: 1 }, limit: size + 1 });
      return toPage(found.map(toInvoice), size, (invoice) => invoice.id);
    },
    /** Which of the ids are taken, by which run and for how much. */
    async taken(ids: readonly string[]): Promise<ReadonlyMap<string, { runId: string | undefined; total: Money }>> {
      const found = await collection.find({ _id: { $in: [...ids] } }, { projection: { runId: 1, total: 1 } });
      return new Map(found.map(({ _id, runId, total }) => [_id, { runId, total: vnd(total) }]));
    },
    /** What a pupil still owes for, wallet top-ups apart, the oldest first. */
    async owed(studentIds: readonly string[]): Promise<Invoice[]> {
      const filter = { studentId: { $in: [...studentIds] }, status: { $in: ['OPEN' as const, 'PARTIALLY_PAID' as const] } };
      const found = await collection.find({ ...filter, purpose: { $ne: 'WALLET_TOP_UP' } }, { sort: { issuedAt: 1, _id: 1 } });
      return found.map(toInvoice);
    },
    insert(invoice: Invoice): void {
      collection.insert(toDoc(invoice));
    },
    save(invoice: Invoice): void {
      collection.replace(toDoc(invoice), { version: invoice.version - 1 });
    },
  };
}

function toDoc(invoice: Invoice): Omit<InvoiceDoc, 'schoolId'> {
  const { id, studentId, studentName, className, title, purpose, status, dueOn, issuedAt, runId, version } = invoice;
  const lines = invoice.lines.map(toLineDoc);
  const money = { total: invoice.total.minorUnits, paid: paidOn(invoice).minorUnits };
  const doc = { _id: id, studentId, studentName, className, title, purpose, status, lines, ...money, dueOn, issuedAt, version };
  const credit = invoice.creditApplied.minorUnits === 0n ? {} : { creditApplied: invoice.creditApplied.minorUnits };
  return { ...doc, ...credit, ...(runId === undefined ? {} : { runId }), ...closing(invoice) };
}

function closing(invoice: Invoice): Pick<InvoiceDoc, 'closedAt' | 'reason'> {
  switch (invoice.status) {
    case 'PAID':
      return { closedAt: invoice.paidAt };
    case 'VOID':
      return { closedAt: invoice.voidedAt, reason: invoice.reason };
    case 'OPEN':
    case 'PARTIALLY_PAID':
      return {};
  }
}

export function toInvoice(doc: InvoiceDoc): Invoice {
  const { _id, studentId, studentName, className, title, purpose, issuedAt, runId, version } = doc;
  const dueOn = doc.dueOn as SchoolDate;
  const base = {
    id: _id,
    studentId,
    studentName,
    className,
    title,
    purpose,
    lines: doc.lines.map(toLine),
    total: vnd(doc.total),
    creditApplied: vnd(doc.creditApplied ?? 0n),
    dueOn,
    issuedAt,
    runId,
    version,
  };
  switch (doc.status) {
    case 'OPEN':
      return { ...base, status: 'OPEN' };
    case 'PARTIALLY_PAID':
      return { ...base, status: 'PARTIALLY_PAID', paid: vnd(doc.paid) };
    case 'PAID':
      return { ...base, status: 'PAID', paidAt: present(doc.closedAt, _id) };
    case 'VOID':
      return { ...base, status: 'VOID', voidedAt: present(doc.closedAt, _id), reason: doc.reason ?? '' };
  }
}

function present(date: Date | undefined, id: string): Date {
  if (!date) throw new Error(`Invoice ${id} is closed without a time`);
  return date;
}
