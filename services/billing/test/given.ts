import { BillingEvent } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { addDays, type Money, type SchoolDate, schoolDateOf, vnd } from '@schoolbell/kernel';
import type { OutboxRow, Transact } from '@schoolbell/service-kit';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import type { Invoice, InvoicePurpose } from '../src/domain/invoice.ts';
import type { PaymentAttempt, PaymentNotice } from '../src/domain/payment.ts';
import type { Answer } from '../src/domain/settlement.ts';
import { collections } from '../src/store/indexes.ts';
import { type BillingTx, billingTx } from '../src/tx.ts';
import { defineFeeItem } from '../src/usecases/define-fee-item.ts';
import { followStudent } from '../src/usecases/follow-student.ts';
import { issueInvoice } from '../src/usecases/issue-invoice.ts';
import { keepNotice } from '../src/usecases/keep-notice.ts';
import { listBalances } from '../src/usecases/list-balances.ts';
import { settlePayment } from '../src/usecases/settle-payment.ts';
import { startPayment } from '../src/usecases/start-payment.ts';

export const schoolId = '0198c1de-0000-7000-8000-000000000001';
export const schoolCode = '79000701';

export interface Billing {
  readonly database: TestDatabase<BillingTx>;
  readonly given: Given;
  /** As edges run it: kept first, then settled, each committed. */
  readonly hear: (notice: PaymentNotice) => Promise<Answer>;
  /** Balance of each account, debits minus credits; throws when the books do not balance. */
  readonly books: () => Promise<Record<string, bigint>>;
  readonly announced: () => Promise<NonNullable<BillingEvent['event']>[]>;
}

export interface Given {
  readonly student: (facts?: { id?: string; name?: string; classId?: string; enrolled?: boolean; version?: number }) => Promise<string>;
  readonly feeItem: (price: bigint, code?: string) => Promise<string>;
  readonly openInvoice: (facts?: { total?: bigint; studentId?: string; purpose?: InvoicePurpose }) => Promise<Invoice>;
  readonly attempt: (invoice: Invoice, facts?: { amount?: Money; attemptId?: string }) => Promise<PaymentAttempt>;
}

/** Billing's use cases on a database of their own, with what a test most often starts from. */
export async function openBilling(): Promise<Billing> {
  const database = await testDatabase(collections, billingTx);
  return {
    database,
    given: givenIn(database.transact),
    hear: (notice) => hearIn(database.transact, notice),
    books: () => booksOf(database.transact),
    announced: async () => {
      const rows = (await database.db.collection('outbox').find().sort({ _id: 1 }).toArray()) as unknown as OutboxRow[];
      return rows.flatMap(({ payload }) => BillingEvent.decode(new Uint8Array(payload)).event ?? []);
    },
  };
}

export async function hearIn(transact: Transact<BillingTx>, notice: PaymentNotice): Promise<Answer> {
  const { keptAt } = await transact({ schoolId }, (tx) => keepNotice(tx, { raw: `raw of ${notice.id}`, notice }));
  return transact({ schoolId }, (tx) => settlePayment(tx, { notice, keptAt }));
}

/** A verified success for the attempt, unless `facts` say otherwise. */
export function noticeFor(attempt: Pick<PaymentAttempt, 'orderRef' | 'amount'>, facts: Partial<PaymentNotice> = {}): PaymentNotice {
  const gatewayTransaction = facts.gatewayTransaction ?? '14422574';
  const { orderRef, amount } = attempt;
  const notice = {
    gateway: 'vnpay',
    orderRef,
    amount,
    gatewayTransaction,
    outcome: 'SUCCEEDED',
    paidAt: new Date('2026-11-21T01:59:00Z'),
    ...facts,
  } as const;
  return {
    id: `vnpay:${JSON.stringify([notice.orderRef, String(notice.amount?.minorUnits), gatewayTransaction, notice.outcome])}`,
    ...notice,
  };
}

export function givenIn(transact: Transact<BillingTx>): Given {
  const givenStudent: Given['student'] = async (facts = {}) => {
    const { id = crypto.randomUUID(), name = 'Bùi Thanh Giang', classId = 'class-1a', enrolled = true, version = 1 } = facts;
    const student = { id, name, classId, className: '1A', enrolled };
    await transact({ schoolId }, (tx) => followStudent(tx, { student, version }));
    return id;
  };
  const feeItem: Given['feeItem'] = async (price, code = 'BAN_TRU') => {
    const id = crypto.randomUUID();
    const named = { id, code, name: 'Dịch vụ bán trú', unit: 'tháng', citation: 'NQ 18/2025/NQ-HĐND' };
    const effectiveFrom = '2026-09-01' as SchoolDate;
    await transact({ schoolId }, (tx) => defineFeeItem(tx, { ...named, unitPrice: vnd(price), effectiveFrom, effectiveUntil: undefined }));
    return id;
  };
  return {
    student: givenStudent,
    feeItem,
    openInvoice: async ({ total = 1_500_000n, studentId, purpose = 'FEES' } = {}) => {
      const pupil = studentId ?? (await givenStudent());
      const charges = [{ feeItemId: await feeItem(total), quantity: 1 }];
      const issued = await transact({ schoolId }, (tx) =>
        issueInvoice(tx, {
          invoiceId: crypto.randomUUID(),
          studentId: pupil,
          title: 'Thu tháng 11/2026',
          purpose,
          charges,
          dueOn: addDays(schoolDateOf(tx.now), 9),
        }),
      );
      if (!issued.ok) throw new Error(issued.refusal.code);
      return issued.value;
    },
    attempt: async ({ id: invoiceId }, { amount, attemptId = crypto.randomUUID() } = {}) => {
      const order = { attemptId, invoiceId, gateway: 'vnpay', amount, payerIp: '203.0.113.7', language: 'vi', schoolCode } as const;
      const started = await transact({ schoolId }, (tx) =>
        startPayment(tx, { ...order, amountLimit: vnd(9_999_999_999n), expiresAfterMs: 900_000 }),
      );
      if (!started.ok) throw new Error(started.refusal.code);
      return started.value;
    },
  };
}

async function booksOf(transact: Transact<BillingTx>): Promise<Record<string, bigint>> {
  const { rows, totalDebits, totalCredits } = await transact({ schoolId }, (tx) => listBalances(tx, { prefix: '', after: '', size: 500 }));
  if (totalDebits.minorUnits !== totalCredits.minorUnits)
    throw new Error(`${totalDebits.minorUnits} debited, ${totalCredits.minorUnits} credited`);
  return Object.fromEntries(rows.map(({ account, debit, credit }) => [account, debit.minorUnits - credit.minorUnits]));
}
