import type { InvoiceLine } from '@schoolbell/billing/src/domain/invoices/fees.ts';
import { type Invoice, issue, issuePostings } from '@schoolbell/billing/src/domain/invoices/invoice.ts';
import { bookOn } from '@schoolbell/billing/src/domain/ledger/booking.ts';
import { ledgerTxn } from '@schoolbell/billing/src/domain/ledger/ledger.ts';
import { orderInfoOf, orderRefOf, type PaymentAttempt } from '@schoolbell/billing/src/domain/payments/payment.ts';
import { invoiceIssued, moneyPlaced } from '@schoolbell/billing/src/events.ts';
import type { BillingTx } from '@schoolbell/billing/src/tx.ts';
import { sign } from '@schoolbell/infra/vnpay-sandbox/signature.ts';
import { addDays, schoolDateOf, times, vnd } from '@schoolbell/kernel';
import type { OutboxEvent, Transact } from '@schoolbell/service-kit';
import { v7 as uuidv7 } from 'uuid';

export interface School {
  readonly id: string;
  readonly code: string;
}

export interface MerchantAccount {
  readonly tmnCode: string;
  readonly hashSecret: string;
}

/** An open invoice of which VNPAY is about to say that it was paid. */
export interface Payment {
  readonly orderRef: string;
  readonly transactionNo: string;
  /** In đồng. */
  readonly amount: bigint;
  readonly paidAt: Date;
  /** VNPAY's notice as a query string, signed. */
  readonly notice: string;
}

const together = 250;
let lastTransaction = 14_000_000;

/** Issues invoices to new pupils and starts a payment of each, as billing itself stores them. */
export async function seedPayments(
  transact: Transact<BillingTx>,
  { count, school, account }: { count: number; school: School; account: MerchantAccount },
): Promise<Payment[]> {
  const payments: Payment[] = [];
  for (let from = 0; from < count; from += together) {
    const size = Math.min(together, count - from);
    payments.push(...(await transact({ schoolId: school.id }, (tx) => seedSome(tx, { size, school, account }))));
  }
  return payments;
}

async function seedSome(
  tx: BillingTx,
  { size, school, account }: { size: number; school: School; account: MerchantAccount },
): Promise<Payment[]> {
  const invoices = Array.from({ length: size }, () => invoiceFor(tx.newId(), tx.now));
  const entry = { kind: 'INVOICE_ISSUED', effectiveAt: tx.now, postedAt: tx.now } as const;
  await tx.ledger.appendMany(
    invoices.map((invoice) => {
      const { id } = invoice;
      return ledgerTxn({ ...entry, id: tx.newId(), reference: `invoice:${id}`, causationId: id, postings: issuePostings(invoice) });
    }),
  );
  return invoices.map((invoice) => {
    const attempt = attemptFor(invoice, school, tx.now);
    tx.invoices.insert(invoice);
    tx.attempts.insert(attempt);
    tx.emit(invoiceIssued(invoice));
    return paymentOf(attempt, account);
  });
}

const line = ({ code, name, quantity, price }: { code: string; name: string; quantity: number; price: bigint }): InvoiceLine => {
  const unitPrice = vnd(price);
  return { feeItemId: uuidv7(), code, name, quantity, unitPrice, amount: times(unitPrice, quantity) };
};
const lines = [
  line({ code: 'BAN_TRU', name: 'Dịch vụ phục vụ, quản lý và vệ sinh bán trú', quantity: 1, price: 300_000n }),
  line({ code: 'NUOC_UONG', name: 'Nước uống', quantity: 1, price: 20_000n }),
  line({ code: 'TIEN_AN', name: 'Tiền ăn', quantity: 20, price: 35_000n }),
];

function invoiceFor(studentId: string, issuedAt: Date): Invoice {
  const whose = { studentId, studentName: 'Nguyễn Hoàng Bảo Ngọc', className: '3A' };
  const what = { title: 'Thu tháng 11/2026', purpose: 'FEES', lines, dueOn: addDays(schoolDateOf(issuedAt), 14) } as const;
  return issue({ id: uuidv7(), ...whose, ...what, issuedAt, runId: undefined });
}

function attemptFor({ id: invoiceId, studentId, total }: Invoice, { code }: School, createdAt: Date): PaymentAttempt {
  const id = uuidv7();
  return {
    id,
    orderRef: orderRefOf(code, id),
    invoiceId,
    studentId,
    gateway: 'vnpay',
    amount: total,
    wholeAmount: true,
    orderInfo: orderInfoOf(code, invoiceId),
    payerIp: '203.0.113.7',
    language: 'vi',
    createdAt,
    expiresAt: new Date(createdAt.getTime() + 900_000),
    noticeAt: undefined,
    version: 1,
    status: 'PENDING',
  };
}

function paymentOf({ orderRef, orderInfo, amount }: PaymentAttempt, { tmnCode, hashSecret }: MerchantAccount): Payment {
  const transactionNo = String(++lastTransaction);
  const told = {
    vnp_TmnCode: tmnCode,
    vnp_Amount: String(amount.minorUnits * 100n),
    vnp_BankCode: 'NCB',
    vnp_CardType: 'ATM',
    vnp_PayDate: '20261121091806',
    vnp_OrderInfo: orderInfo,
    vnp_TransactionNo: transactionNo,
    vnp_ResponseCode: '00',
    vnp_TransactionStatus: '00',
    vnp_TxnRef: orderRef,
  };
  const notice = new URLSearchParams({ ...told, vnp_SecureHash: sign(told, hashSecret) }).toString();
  return { orderRef, transactionNo, amount: amount.minorUnits, paidAt: new Date('2026-11-21T02:18:06Z'), notice };
}

/** What billing announces of one such payment: the floor writes bytes of the same size without making them. */
export function announcedOf({ orderRef, transactionNo: gatewayTransaction, paidAt }: Payment): OutboxEvent[] {
  const invoice = invoiceFor(uuidv7(), paidAt);
  const money = { id: uuidv7(), gateway: 'vnpay', gatewayTransaction, orderRef, amount: invoice.total, paidAt, receivedAt: paidAt };
  return moneyPlaced(bookOn(invoice, money, {}, { now: paidAt, entryId: uuidv7(), causationId: orderRef }));
}
