import { type Money, vnd, zero } from '@schoolbell/kernel';
import { collection, index, type Page, type PageRequest, rowsOf, type Session, stored } from '@schoolbell/service-kit';
import { type Invoice, invoicePurposes, paidOn } from '../../domain/invoices/invoice.ts';
import { lines } from './invoice-lines.ts';

const { as, day, dong, id, instant, maybe, number, oneOf, or, states, text } = stored;

const invoice = {
  ...{ id, studentId: text, studentName: text, className: text, title: text, purpose: oneOf(...invoicePurposes), lines },
  ...{ total: dong, creditApplied: or(dong, zero), dueOn: day, issuedAt: instant, runId: maybe(text), version: number },
  status: states({
    OPEN: {},
    PARTIALLY_PAID: { paid: dong },
    PAID: { paidAt: as('closedAt', instant) },
    VOID: { voidedAt: as('closedAt', instant), reason: text },
  }),
};

export const invoices = collection('invoices', invoice, {
  beside: { paid: dong },
  indexes: [index({ schoolId: 1, _id: 1 }), index({ schoolId: 1, studentId: 1, _id: 1 })],
});

interface Wanted extends PageRequest {
  readonly studentId?: string | undefined;
  readonly status?: Invoice['status'] | undefined;
}

export function invoiceStore(session: Session) {
  const rows = rowsOf(session, invoices);
  const paid = (of: Invoice) => ({ paid: paidOn(of).minorUnits });
  return {
    find: (id: string): Promise<Invoice | undefined> => rows.one({ _id: id }),
    list: ({ studentId, status, ...page }: Wanted): Promise<Page<Invoice>> =>
      rows.page({ ...(studentId !== undefined && { studentId }), ...(status !== undefined && { status }) }, page),
    /** Which of the ids are taken, by which run and for how much. */
    async taken(ids: readonly string[]): Promise<ReadonlyMap<string, { runId: string | undefined; total: Money }>> {
      const found = await rows.documents.find({ _id: { $in: [...ids] } }, { projection: { runId: 1, total: 1 } });
      return new Map(found.map(({ _id, runId, total }) => [_id, { runId, total: vnd(total) }]));
    },
    /** What a pupil still owes for, wallet top-ups apart, the oldest first. */
    owed(studentIds: readonly string[]): Promise<Invoice[]> {
      const filter = { studentId: { $in: [...studentIds] }, status: { $in: ['OPEN' as const, 'PARTIALLY_PAID' as const] } };
      return rows.all({ ...filter, purpose: { $ne: 'WALLET_TOP_UP' } }, { sort: { issuedAt: 1, _id: 1 } });
    },
    insert: (issued: Invoice) => rows.insert(issued, paid(issued)),
    save: (changed: Invoice) => rows.replace(changed, { version: changed.version - 1 }, paid(changed)),
  };
}
