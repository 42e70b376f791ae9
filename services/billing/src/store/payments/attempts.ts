import { collection, index, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { PaymentAttempt } from '../../domain/payments/payment.ts';

const { as, dong, flag, instant, maybe, number, oneOf, states, text } = stored;

const settled = { settledAt: instant, gatewayTransaction: text };
const attempt = {
  id: as('attemptId', text),
  /** What a notice brings. */
  orderRef: as('_id', text),
  invoiceId: text,
  studentId: text,
  gateway: text,
  amount: dong,
  wholeAmount: flag,
  orderInfo: text,
  payerIp: text,
  language: oneOf('vi', 'en'),
  createdAt: instant,
  expiresAt: instant,
  noticeAt: maybe(instant),
  status: states({
    ...{ PENDING: {}, EXPIRED: {}, FAILED: settled, UNKNOWN: settled, HELD: settled },
    SUCCEEDED: { ...settled, receiptId: text },
  }),
  version: number,
};

export const attempts = collection('attempts', attempt, {
  indexes: [
    unique({ schoolId: 1, attemptId: 1 }),
    index({ schoolId: 1, invoiceId: 1 }, { status: { $in: ['HELD', 'UNKNOWN'] } }),
    index({ expiresAt: 1 }, { status: 'PENDING' }),
  ],
});

export function attemptStore(session: Session) {
  const rows = rowsOf(session, attempts);
  return {
    findByOrder: (orderRef: string): Promise<PaymentAttempt | undefined> => rows.one({ _id: orderRef }),
    find: (attemptId: string): Promise<PaymentAttempt | undefined> => rows.one({ attemptId }),
    /** Attempts to pay the invoice whose money the gateway holds, or does not know of. */
    inDoubt: (invoiceId: string): Promise<PaymentAttempt[]> => rows.all({ invoiceId, status: { $in: ['HELD', 'UNKNOWN'] } }),
    /** Schools with attempts whose time ran out before `now`; for a read across schools. */
    schoolsWithOverdue: (now: Date) => rows.schools({ status: 'PENDING', expiresAt: { $lt: now } }, 1_000),
    overdue: (now: Date, limit: number): Promise<PaymentAttempt[]> =>
      rows.all({ status: 'PENDING', expiresAt: { $lt: now } }, { sort: { expiresAt: 1 }, limit }),
    insert: (attempt: PaymentAttempt) => rows.insert(attempt),
    save: (attempt: PaymentAttempt) => rows.replace(attempt, { version: attempt.version - 1 }),
  };
}
