import { BillingEvent } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { addDays, type Money, type SchoolDate, schoolDateOf, vnd } from '@schoolbell/kernel';
import type { OutboxRow } from '@schoolbell/service-kit';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll } from 'vitest';
import type { Invoice, InvoicePurpose } from '../src/domain/invoices/invoice.ts';
import type { PaymentAttempt, PaymentNotice } from '../src/domain/payments/payment.ts';
import type { Answer } from '../src/domain/payments/settlement.ts';
import { collections } from '../src/store/indexes.ts';
import { type BillingTx, billingTx } from '../src/tx.ts';
import { issueInvoice } from '../src/usecases/invoices/issue-invoice.ts';
import { keepNotice } from '../src/usecases/payments/keep-notice.ts';
import { settlePayment } from '../src/usecases/payments/settle-payment.ts';
import { startPayment } from '../src/usecases/payments/start-payment.ts';
import { followStudent } from '../src/usecases/roster/follow-student.ts';

/** One school on the database of a test file, with what a test most often starts from and looks at. */
export interface Billing {
  readonly schoolId: string;
  readonly database: TestDatabase<BillingTx>;
  readonly transact: <R>(useCase: (tx: BillingTx) => Promise<R>) => Promise<R>;
  readonly read: <R>(query: (tx: BillingTx) => Promise<R>) => Promise<R>;
  readonly given: Given;
  /** As edges run it: kept first, then settled, each committed. */
  readonly receive: (notice: PaymentNotice) => Promise<Answer>;
  /** Balance of each account, debits minus credits; throws when the books do not balance. */
  readonly books: () => Promise<Record<string, bigint>>;
  readonly announced: () => Promise<NonNullable<BillingEvent['event']>[]>;
  readonly count: (collection: string) => Promise<number>;
}

interface StudentFacts {
  readonly id?: string;
  readonly name?: string;
  readonly classId?: string;
  readonly enrolled?: boolean;
  /** Last day, of one who left. */
  readonly leftOn?: string;
  readonly version?: number;
}

export interface Given {
  readonly student: (facts?: StudentFacts) => Promise<string>;
  readonly feeItem: (price: bigint, code?: string) => Promise<string>;
  readonly openInvoice: (facts?: { total?: bigint; studentId?: string; purpose?: InvoicePurpose }) => Promise<Invoice>;
  readonly attempt: (invoice: Invoice, facts?: { amount?: Money; attemptId?: string }) => Promise<PaymentAttempt>;
}

/** Opens a database for the test file; each call of `newSchool` is a school of which nothing is known yet. */
export function testSchools(): { newSchool: () => Billing } {
  let database: TestDatabase<BillingTx>;
  beforeAll(async () => {
    database = await testDatabase(collections, billingTx);
  });
  afterAll(() => database.close());
  return { newSchool: () => schoolIn(database, crypto.randomUUID()) };
}

export function schoolIn(database: TestDatabase<BillingTx>, schoolId: string): Billing {
  const transact: Billing['transact'] = (useCase) => database.transact({ schoolId }, useCase);
  return {
    schoolId,
    database,
    transact,
    read: (query) => database.read({ schoolId }, query),
    given: givenWith(transact),
    receive: async (notice) => {
      const { keptAt } = await transact((tx) => keepNotice(tx, { raw: `raw of ${notice.id}`, notice }));
      return transact((tx) => settlePayment(tx, { notice, keptAt }));
    },
    books: () => booksWith(transact),
    announced: async () => {
      const rows = await database.db.collection<OutboxRow>('outbox').find({ schoolId }).sort({ _id: 1 }).toArray();
      return rows.flatMap(({ payload }) => BillingEvent.decode(new Uint8Array(payload)).event ?? []);
    },
    count: (collection) => database.db.collection(collection).countDocuments({ schoolId }),
  };
}

/** A verified success for the attempt, unless `facts` say otherwise. */
export function noticeFor(attempt: Pick<PaymentAttempt, 'orderRef' | 'amount'>, facts: Partial<PaymentNotice> = {}): PaymentNotice {
  const { orderRef, amount } = attempt;
  const paidAt = new Date('2026-11-21T01:59:00Z');
  const notice = { gateway: 'vnpay', orderRef, amount, gatewayTransaction: '14422574', outcome: 'SUCCEEDED', paidAt, ...facts } as const;
  return {
    id: `vnpay:${JSON.stringify([notice.orderRef, String(notice.amount?.minorUnits), notice.gatewayTransaction, notice.outcome])}`,
    ...notice,
  };
}

function givenWith(transact: Billing['transact']): Given {
  const givenStudent: Given['student'] = async (facts = {}) => {
    const {
      id = crypto.randomUUID(),
      name = 'Bùi Thanh Giang',
      classId = 'class-1a',
      leftOn,
      enrolled = leftOn === undefined,
      version = 1,
    } = facts;
    const left = leftOn === undefined ? {} : { leftOn: leftOn as SchoolDate };
    const student = { id, name, classId, className: '1A', enrolled, ...left };
    await transact((tx) => followStudent(tx, { student, version }));
    return id;
  };
  const feeItem: Given['feeItem'] = async (price, code = 'BAN_TRU') => {
    const id = crypto.randomUUID();
    const named = { id, code, name: 'Dịch vụ bán trú', unit: 'tháng', citation: 'NQ 18/2025/NQ-HĐND' };
    const effectiveFrom = '2020-09-01' as SchoolDate;
    // Put there as it is: a test may want one fee at several prices, which a school cannot define.
    await transact(async (tx) => tx.feeItems.insert({ ...named, unitPrice: vnd(price), effectiveFrom, effectiveUntil: undefined }));
    return id;
  };
  return {
    student: givenStudent,
    feeItem,
    openInvoice: async ({ total = 1_500_000n, studentId, purpose = 'FEES' } = {}) => {
      const pupil = studentId ?? (await givenStudent());
      const charges = [{ feeItemId: await feeItem(total), quantity: 1 }];
      const order = { invoiceId: crypto.randomUUID(), studentId: pupil, title: 'Thu tháng 11/2026', purpose, charges };
      const issued = await transact((tx) => issueInvoice(tx, { ...order, dueOn: addDays(schoolDateOf(tx.now), 9) }));
      if (!issued.ok) throw new Error(issued.refusal.code);
      return issued.value;
    },
    attempt: async ({ id: invoiceId }, { amount, attemptId = crypto.randomUUID() } = {}) => {
      const order = {
        attemptId,
        invoiceId,
        gateway: 'vnpay',
        amount,
        payerIp: '203.0.113.7',
        language: 'vi',
        schoolCode: '79000701',
      } as const;
      const started = await transact((tx) => startPayment(tx, { ...order, amountLimit: vnd(9_999_999_999n), expiresAfterMs: 900_000 }));
      if (!started.ok) throw new Error(started.refusal.code);
      return started.value;
    },
  };
}

async function booksWith(transact: Billing['transact']): Promise<Record<string, bigint>> {
  const { rows, debit, credit } = await transact(async (tx) => ({
    ...(await tx.ledger.balances({ prefix: '', after: '', size: 500 })),
    ...(await tx.ledger.totals()),
  }));
  if (debit.minorUnits !== credit.minorUnits) throw new Error(`${debit.minorUnits} debited, ${credit.minorUnits} credited`);
  return Object.fromEntries(rows.map(({ account, debit, credit }) => [account, debit.minorUnits - credit.minorUnits]));
}
