import { collection, index, type Page, type PageRequest, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { OpenRefund, Refund } from '../../domain/payments/refund.ts';

const { as, day, dong, id, instant, maybe, number, oneOf, states, text } = stored;

const open = { requestedAt: maybe(instant), checkAt: instant };
const refund = {
  ...{ id, studentId: text, leftOn: day, dueOn: day, leaving: number, part: number, since: instant },
  status: states({
    WATCHED: open,
    DUE: open,
    PAID: { amount: dong, bankReference: text, paidAt: as('closedAt', instant), paidBy: text },
    CLOSED: { closedAt: instant, why: oneOf('CAME_BACK', 'NOTHING_LEFT') },
  }),
};

export const refunds = collection('refunds', refund, {
  // Day by which it is to be paid, and the id: the order of the work list.
  beside: { place: text },
  indexes: [
    unique({ schoolId: 1, studentId: 1, leaving: 1, part: 1 }),
    index({ schoolId: 1, status: 1, place: 1 }),
    index({ checkAt: 1 }, { checkAt: { $exists: true } }),
  ],
});

export function refundStore(session: Session) {
  const rows = rowsOf(session, refunds);
  const place = ({ dueOn, id }: Refund) => ({ place: `${dueOn} ${id}` });
  return {
    find: (id: string): Promise<Refund | undefined> => rows.one({ _id: id }),
    list: ({ statuses, ...page }: PageRequest & { readonly statuses: readonly Refund['status'][] }): Promise<Page<Refund>> =>
      rows.page({ status: { $in: [...statuses] } }, page, 'place'),
    /** Those to look at now, of every school in a read across schools. */
    async unchecked(now: Date, limit: number): Promise<{ schoolId: string; refundId: string }[]> {
      const found = await rows.documents.find({ checkAt: { $lte: now } }, { sort: { checkAt: 1 }, limit });
      return found.map(({ _id, schoolId }) => ({ schoolId, refundId: _id }));
    },
    /** Looking at it failed: the others come first. */
    putOff(id: string, checkAt: Date): void {
      rows.documents.update({ _id: id, checkAt: { $exists: true } }, { $set: { checkAt } }, { optional: true });
    },
    /** Once per leaving, in one write that reads nothing: rosters come in batches. */
    watch(watched: OpenRefund): void {
      const document = refunds.write(watched, place(watched));
      refunds.check({ ...document, schoolId: session.schoolId });
      const { studentId, leaving, part, ...rest } = document;
      rows.documents.update({ studentId, leaving, part }, { $setOnInsert: rest }, { upsert: true });
    },
    save: (changed: Refund) => rows.replace(changed, {}, place(changed)),
  };
}
