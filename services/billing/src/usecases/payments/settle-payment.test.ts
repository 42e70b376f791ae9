import { vnd } from '@schoolbell/kernel';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import type { Invoice } from '../../domain/invoices/invoice.ts';
import { voidInvoice } from '../invoices/void-invoice.ts';
import { keepNotice } from './keep-notice.ts';
import { resolveSuspense } from './resolve-suspense.ts';
import { settlePayment } from './settle-payment.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});

const invoiceNow = async ({ id }: Invoice) => {
  const found = await billing.read((tx) => tx.invoices.find(id));
  if (!found) throw new Error('gone');
  return found;
};
const attemptNow = async ({ id }: { id: string }) => {
  const found = await billing.read((tx) => tx.attempts.find(id));
  if (!found) throw new Error('gone');
  return found;
};
const workList = async () => (await billing.read((tx) => tx.suspense.list({ includeResolved: true, after: '', size: 100 }))).rows;
const facts = async () => (await billing.announced()).map(({ $case }) => $case).filter(($case) => $case !== 'invoiceIssued');
const nobody = () => `79000701-${crypto.randomUUID().replaceAll('-', '')}`;
const count = (name: string) => billing.count(name);

describe('a payment in full', () => {
  test('settles the invoice, balances the books and is announced', async () => {
    const invoice = await billing.given.openInvoice();
    const attempt = await billing.given.attempt(invoice);
    expect(await billing.receive(noticeFor(attempt))).toBe('CONFIRMED');

    expect(await invoiceNow(invoice)).toMatchObject({ status: 'PAID', paidAt: new Date('2026-11-21T01:59:00Z') });
    expect(await attemptNow(attempt)).toMatchObject({
      status: 'SUCCEEDED',
      gatewayTransaction: '14422574',
      noticeAt: expect.any(Date),
      settledAt: expect.any(Date),
    });
    expect(await billing.books()).toEqual({
      'clearing:vnpay': 1_500_000n,
      [`receivable:${invoice.studentId}`]: 0n,
      'revenue:BAN_TRU': -1_500_000n,
    });
    const [, received, paid] = await billing.announced();
    expect(received).toMatchObject({
      $case: 'paymentReceived',
      value: {
        invoiceId: invoice.id,
        studentId: invoice.studentId,
        received: { minorUnits: 1_500_000n },
        applied: { minorUnits: 1_500_000n },
        outstanding: { minorUnits: 0n },
      },
    });
    expect(paid).toMatchObject({
      $case: 'invoicePaid',
      value: { invoiceId: invoice.id, purpose: 1, gatewayTransaction: '14422574', className: '1A' },
    });
  });

  test('sent twice settles the invoice once', async () => {
    const attempt = await billing.given.attempt(await billing.given.openInvoice());
    expect(await billing.receive(noticeFor(attempt))).toBe('CONFIRMED');
    expect(await billing.receive(noticeFor(attempt))).toBe('ALREADY_CONFIRMED');
    expect(await facts()).toEqual(['paymentReceived', 'invoicePaid']);
    expect(await billing.database.db.collection('notices').findOne({ schoolId: billing.schoolId })).toMatchObject({
      state: 'DONE',
      answer: 'CONFIRMED',
    });
  });

  test('sent fifty times at once makes one receipt and one ledger entry, and is confirmed once', async () => {
    const attempt = await billing.given.attempt(await billing.given.openInvoice());
    const answers = await Promise.all(Array.from({ length: 50 }, () => billing.receive(noticeFor(attempt))));
    expect(answers.filter((answer) => answer === 'CONFIRMED')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'ALREADY_CONFIRMED')).toHaveLength(49);
    expect(await count('receipts')).toBe(1);
    expect(await count('ledger')).toBe(2);
    expect(await facts()).toEqual(['paymentReceived', 'invoicePaid']);
    await billing.books();
  });

  test('of a top-up goes to the wallet, and canteen is told what it was for', async () => {
    const invoice = await billing.given.openInvoice({ total: 200_000n, purpose: 'WALLET_TOP_UP' });
    await billing.receive(noticeFor(await billing.given.attempt(invoice)));
    expect(await billing.books()).toMatchObject({ [`wallet:${invoice.studentId}`]: -200_000n, 'clearing:vnpay': 200_000n });
    expect((await billing.announced()).at(-1)).toMatchObject({ $case: 'invoicePaid', value: { purpose: 2 } });
  });

  test('that comes after a failure is taken, because the money is real; a failure after it is not', async () => {
    const invoice = await billing.given.openInvoice();
    const attempt = await billing.given.attempt(invoice);
    const failure = noticeFor(attempt, { outcome: 'FAILED', gatewayTransaction: '0' });
    expect(await billing.receive(failure)).toBe('CONFIRMED');
    expect(await attemptNow(attempt)).toMatchObject({ status: 'FAILED' });
    expect(await billing.receive(failure)).toBe('ALREADY_CONFIRMED');
    expect(await billing.receive(noticeFor(attempt))).toBe('CONFIRMED');
    expect(await billing.receive({ ...failure, id: 'again' })).toBe('ALREADY_CONFIRMED');
    expect(await attemptNow(attempt)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await invoiceNow(invoice)).toMatchObject({ status: 'PAID' });
  });

  test('that comes after its time ran out is taken', async () => {
    const { database, given, receive } = billing;
    const attempt = await given.attempt(await given.openInvoice());
    await database.db.collection('attempts').updateOne({ schoolId: billing.schoolId }, { $set: { status: 'EXPIRED' } });
    expect(await receive(noticeFor(attempt))).toBe('CONFIRMED');
    expect(await attemptNow(attempt)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('money that is more or less than the invoice', () => {
  test('a part leaves it partially paid and tells what is still owed; the rest settles it', async () => {
    const invoice = await billing.given.openInvoice();
    expect(await billing.receive(noticeFor(await billing.given.attempt(invoice, { amount: vnd(500_000n) })))).toBe('CONFIRMED');
    expect(await invoiceNow(invoice)).toMatchObject({ status: 'PARTIALLY_PAID', paid: vnd(500_000n) });
    expect((await billing.announced()).at(-1)).toMatchObject({
      $case: 'paymentReceived',
      value: { outstanding: { minorUnits: 1_000_000n } },
    });
    const rest = await billing.given.attempt(invoice);
    expect(rest.amount).toEqual(vnd(1_000_000n));
    expect(await billing.receive(noticeFor(rest, { gatewayTransaction: '2' }))).toBe('CONFIRMED');
    expect(await facts()).toEqual(['paymentReceived', 'paymentReceived', 'invoicePaid']);
  });

  test('two attempts for the whole invoice, both paid: the second is a credit and is told so', async () => {
    const invoice = await billing.given.openInvoice();
    const [first, second] = [await billing.given.attempt(invoice), await billing.given.attempt(invoice)];
    expect(await billing.receive(noticeFor(first))).toBe('CONFIRMED');
    expect(await billing.receive(noticeFor(second, { gatewayTransaction: '2' }))).toBe('CONFIRMED');
    expect(await billing.books()).toMatchObject({ [`credit:${invoice.studentId}`]: -1_500_000n, 'clearing:vnpay': 3_000_000n });
    expect((await billing.announced()).at(-1)).toMatchObject({
      $case: 'accountCredited',
      value: { reason: 2, amount: { minorUnits: 1_500_000n } },
    });
    expect(await facts()).toEqual(['paymentReceived', 'invoicePaid', 'paymentReceived', 'accountCredited']);
  });

  test('two attempts that together are more than the invoice: what is over is a credit', async () => {
    const invoice = await billing.given.openInvoice({ total: 100n });
    const attempts = [
      await billing.given.attempt(invoice, { amount: vnd(70n) }),
      await billing.given.attempt(invoice, { amount: vnd(70n) }),
    ];
    for (const [at, attempt] of attempts.entries()) await billing.receive(noticeFor(attempt, { gatewayTransaction: `t${at}` }));
    expect(await billing.books()).toMatchObject({ [`credit:${invoice.studentId}`]: -40n, [`receivable:${invoice.studentId}`]: 0n });
    expect((await billing.announced()).at(-1)).toMatchObject({
      $case: 'accountCredited',
      value: { reason: 1, amount: { minorUnits: 40n } },
    });
  });

  test('a second transaction for an attempt that has its money is a second receipt, all of it a credit', async () => {
    const invoice = await billing.given.openInvoice({ total: 100n });
    const attempt = await billing.given.attempt(invoice, { amount: vnd(60n) });
    await billing.receive(noticeFor(attempt));
    expect(await billing.receive(noticeFor(attempt, { gatewayTransaction: '2' }))).toBe('ALREADY_CONFIRMED');
    expect(await count('receipts')).toBe(2);
    expect(await invoiceNow(invoice)).toMatchObject({ status: 'PARTIALLY_PAID', paid: vnd(60n) });
    expect(await billing.books()).toMatchObject({ [`credit:${invoice.studentId}`]: -60n });
  });

  test('for a void invoice is a credit', async () => {
    const invoice = await billing.given.openInvoice();
    const attempt = await billing.given.attempt(invoice);
    await billing.transact((tx) => voidInvoice(tx, { invoiceId: invoice.id, reason: 'nhầm lớp' }));
    expect(await billing.receive(noticeFor(attempt))).toBe('CONFIRMED');
    expect(await invoiceNow(invoice)).toMatchObject({ status: 'VOID' });
    expect(await billing.books()).toMatchObject({ [`credit:${invoice.studentId}`]: -1_500_000n, [`receivable:${invoice.studentId}`]: 0n });
    expect((await billing.announced()).at(-1)).toMatchObject({ $case: 'accountCredited', value: { reason: 3 } });
  });
});

describe('money that fits nowhere', () => {
  test('of an unknown order stands in suspense once, however often it comes', async () => {
    const stray = noticeFor({ orderRef: nobody(), amount: vnd(70_000n) });
    expect(await billing.receive(stray)).toBe('UNKNOWN_ORDER');
    expect(await billing.receive(stray)).toBe('UNKNOWN_ORDER');
    expect(await billing.books()).toEqual({ 'clearing:vnpay': 70_000n, 'suspense:unapplied': -70_000n });
    expect(await workList()).toMatchObject([
      { reason: 'UNKNOWN_ORDER', status: 'WAITING', amount: vnd(70_000n), orderRef: stray.orderRef },
    ]);
    expect(await facts()).toEqual(['paymentSuspended']);
  });

  test('leaves suspense when its order has appeared: a new entry, never a second receipt', async () => {
    const invoice = await billing.given.openInvoice();
    const attemptId = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10';
    const early = noticeFor({ orderRef: '79000701-0198c1de6c1e7b5e9c1a0d3b1f6f2a10', amount: vnd(1_500_000n) });
    expect(await billing.receive(early)).toBe('UNKNOWN_ORDER');
    const attempt = await billing.given.attempt(invoice, { attemptId });
    expect(attempt.orderRef).toBe(early.orderRef);

    expect(await billing.receive(early)).toBe('CONFIRMED');
    expect(await billing.receive(early)).toBe('ALREADY_CONFIRMED');
    expect(await invoiceNow(invoice)).toMatchObject({ status: 'PAID' });
    expect(await attemptNow(attempt)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await count('receipts')).toBe(1);
    expect(await billing.books()).toMatchObject({
      'suspense:unapplied': 0n,
      [`receivable:${invoice.studentId}`]: 0n,
      'clearing:vnpay': 1_500_000n,
    });
    expect(await workList()).toMatchObject([{ status: 'RESOLVED', resolvedBy: 'gateway', invoiceId: invoice.id }]);
    expect(await facts()).toEqual(['paymentSuspended', 'paymentReceived', 'invoicePaid', 'suspenseResolved']);
  });

  test('of another amount than asked stands in suspense with what really came; the invoice stays open', async () => {
    const invoice = await billing.given.openInvoice();
    const attempt = await billing.given.attempt(invoice);
    const less = noticeFor({ ...attempt, amount: vnd(1_499_999n) });
    expect(await billing.receive(less)).toBe('AMOUNT_DIFFERS');
    expect(await billing.receive(less)).toBe('AMOUNT_DIFFERS');
    expect(await invoiceNow(invoice)).toMatchObject({ status: 'OPEN' });
    expect(await billing.books()).toMatchObject({ 'suspense:unapplied': -1_499_999n });
    expect(await workList()).toMatchObject([{ reason: 'AMOUNT_DIFFERS', amount: vnd(1_499_999n) }]);
    expect(await attemptNow(attempt)).toMatchObject({ status: 'PENDING', noticeAt: expect.any(Date) });
  });

  test('of a known transaction with another amount or another order is an alarm, not money', async () => {
    const invoice = await billing.given.openInvoice();
    const attempt = await billing.given.attempt(invoice);
    await billing.receive(noticeFor(attempt));
    expect(await billing.receive(noticeFor({ ...attempt, amount: vnd(1n) }))).toBe('AMOUNT_DIFFERS');
    const other = await billing.given.attempt(await billing.given.openInvoice());
    const stolen = noticeFor(other);
    expect(await billing.receive(stolen)).toBe('CONFIRMED');
    expect(await billing.receive(stolen)).toBe('ALREADY_CONFIRMED');
    expect(await attemptNow(other)).toMatchObject({ status: 'PENDING' });
    expect(await workList()).toMatchObject([
      { reason: 'TRANSACTION_DIFFERS', amount: vnd(0n) },
      { reason: 'TRANSACTION_DIFFERS', amount: vnd(0n) },
    ]);
    expect(await billing.books()).toMatchObject({ 'clearing:vnpay': 1_500_000n });
    expect(await count('receipts')).toBe(1);
  });

  test('with a figure that is no whole đồng is asked about and not booked', async () => {
    const attempt = await billing.given.attempt(await billing.given.openInvoice());
    expect(await billing.receive(noticeFor(attempt, { amount: undefined }))).toBe('AMOUNT_DIFFERS');
    expect(await workList()).toMatchObject([{ reason: 'AMOUNT_DIFFERS', amount: vnd(0n) }]);
    expect(await count('receipts')).toBe(0);
  });

  test('whose figure was no whole đồng first is booked when the same transaction comes with one that is', async () => {
    const attempt = await billing.given.attempt(await billing.given.openInvoice());
    for (const order of [attempt, { orderRef: nobody(), amount: attempt.amount }]) {
      const gatewayTransaction = order.orderRef.slice(-12);
      const answer = order === attempt ? 'AMOUNT_DIFFERS' : 'UNKNOWN_ORDER';
      expect(await billing.receive(noticeFor(order, { gatewayTransaction, amount: undefined }))).toBe(answer);
      const whole = noticeFor(order, { gatewayTransaction, amount: vnd(500_000n) });
      expect([await billing.receive(whole), await billing.receive(whole)]).toEqual([answer, answer]);
    }
    const [first, second] = await workList();
    expect(first).toMatchObject({ status: 'WAITING', reason: 'AMOUNT_DIFFERS', amount: vnd(500_000n), receiptId: expect.any(String) });
    expect(second).toMatchObject({ status: 'WAITING', reason: 'UNKNOWN_ORDER', amount: vnd(500_000n), receiptId: expect.any(String) });
    expect(await billing.books()).toMatchObject({ 'suspense:unapplied': -1_000_000n });
    expect([await count('suspense'), await count('receipts')]).toEqual([2, 2]);
  });

  test('waits for a person also where the question about its figure had been closed', async () => {
    const attempt = await billing.given.attempt(await billing.given.openInvoice());
    await billing.receive(noticeFor(attempt, { amount: undefined }));
    const [asked] = await workList();
    const decision = {
      suspenseId: asked?.id ?? '',
      invoiceId: undefined,
      moneyReceived: false,
      reason: 'không có tiền',
      decidedBy: 'user-7',
    };
    await billing.transact((tx) => resolveSuspense(tx, decision));
    expect(await billing.receive(noticeFor(attempt, { amount: vnd(5n) }))).toBe('AMOUNT_DIFFERS');
    expect(await workList()).toMatchObject([{ id: asked?.id, status: 'WAITING', amount: vnd(5n) }]);
  });

  test('fifty copies of a stray payment at once are one receipt and one item', async () => {
    const stray = noticeFor({ orderRef: nobody(), amount: vnd(70_000n) });
    const answers = await Promise.all(Array.from({ length: 50 }, () => billing.receive(stray)));
    expect(new Set(answers)).toEqual(new Set(['UNKNOWN_ORDER']));
    expect([await count('receipts'), await count('suspense'), await count('ledger')]).toEqual([1, 1, 1]);
  });
});

describe('no money yet', () => {
  test('held by the gateway: a work item, no booking; its confirmation books it and ends the item', async () => {
    const invoice = await billing.given.openInvoice();
    const attempt = await billing.given.attempt(invoice);
    const held = noticeFor(attempt, { outcome: 'HELD' });
    expect(await billing.receive(held)).toBe('CONFIRMED');
    expect(await billing.receive(held)).toBe('ALREADY_CONFIRMED');
    expect(await attemptNow(attempt)).toMatchObject({ status: 'HELD' });
    expect(await workList()).toMatchObject([{ reason: 'HELD_BY_GATEWAY', amount: vnd(0n), status: 'WAITING' }]);
    expect(await count('receipts')).toBe(0);

    expect(await billing.receive(noticeFor(attempt))).toBe('CONFIRMED');
    expect(await invoiceNow(invoice)).toMatchObject({ status: 'PAID' });
    expect(await workList()).toMatchObject([
      { status: 'RESOLVED', resolvedBy: 'gateway', invoiceId: invoice.id, amount: vnd(0n), namedAmount: attempt.amount },
    ]);
    expect(await facts()).toEqual(['paymentSuspended', 'paymentReceived', 'invoicePaid', 'suspenseResolved']);
  });

  test('a payment ends only the question about its own money', async () => {
    const attempt = await billing.given.attempt(await billing.given.openInvoice());
    await billing.receive(noticeFor(attempt, { gatewayTransaction: '1', amount: undefined }));
    await billing.receive(noticeFor(attempt, { gatewayTransaction: '2', outcome: 'UNKNOWN' }));
    await billing.receive(noticeFor(attempt, { gatewayTransaction: '3', outcome: 'HELD' }));
    expect(await billing.receive(noticeFor(attempt, { gatewayTransaction: '3' }))).toBe('CONFIRMED');
    expect((await workList()).map(({ gatewayTransaction, status }) => [gatewayTransaction, status])).toEqual([
      ['1', 'WAITING'],
      ['2', 'WAITING'],
      ['3', 'RESOLVED'],
    ]);
  });

  test('the time of the first notice is when its first copy was kept', async () => {
    const attempt = await billing.given.attempt(await billing.given.openInvoice());
    const notice = noticeFor(attempt);
    const keep = () => billing.transact((tx) => keepNotice(tx, { raw: 'x', notice }));
    const first = await keep();
    billing.database.setNow(new Date(first.keptAt.getTime() + 300_000));
    const second = await keep();
    await billing.transact((tx) => settlePayment(tx, { notice, ...second }));
    expect(await attemptNow(attempt)).toMatchObject({ noticeAt: first.keptAt, settledAt: second.keptAt });
  });

  test('debited at the bank only: the outcome is unknown and a person is asked', async () => {
    const attempt = await billing.given.attempt(await billing.given.openInvoice());
    expect(await billing.receive(noticeFor(attempt, { outcome: 'UNKNOWN' }))).toBe('CONFIRMED');
    expect(await attemptNow(attempt)).toMatchObject({ status: 'UNKNOWN' });
    expect(await workList()).toMatchObject([{ reason: 'OUTCOME_UNKNOWN' }]);
  });

  test('a failure of an unknown order books nothing and asks nobody', async () => {
    expect(await billing.receive(noticeFor({ orderRef: nobody(), amount: vnd(1n) }, { outcome: 'FAILED' }))).toBe('UNKNOWN_ORDER');
    expect([await count('receipts'), await count('suspense'), await count('ledger')]).toEqual([0, 0, 0]);
  });

  test('held money of an unknown order is one item, however often it comes', async () => {
    const stray = noticeFor({ orderRef: nobody(), amount: vnd(1n) }, { outcome: 'HELD' });
    expect([await billing.receive(stray), await billing.receive(stray)]).toEqual(['UNKNOWN_ORDER', 'UNKNOWN_ORDER']);
    expect(await workList()).toHaveLength(1);
  });
});

test('one school never settles with the order of another', async () => {
  const attempt = await billing.given.attempt(await billing.given.openInvoice());
  expect(await schools.newSchool().receive({ ...noticeFor(attempt), id: 'of the other school' })).toBe('UNKNOWN_ORDER');
  expect(await attemptNow(attempt)).toMatchObject({ status: 'PENDING' });
});

test('the database itself refuses a posting that is negative or on both sides', async () => {
  const entry = {
    schoolId: billing.schoolId,
    reference: 'r',
    kind: 'MONEY_RECEIVED',
    effectiveAt: new Date(),
    postedAt: new Date(),
    causationId: 'c',
  };
  const insert = (postings: object[]) =>
    billing.database.db
      .collection<{ _id: string; postings: object[] }>('ledger')
      .insertOne({ _id: crypto.randomUUID(), ...entry, postings });
  const account = 'clearing:vnpay';
  await expect(
    insert([
      { account, debit: 1n, credit: 1n },
      { account, debit: 0n, credit: 1n },
    ]),
  ).rejects.toThrow('validation');
  await expect(
    insert([
      { account, debit: -1n, credit: 0n },
      { account, debit: 0n, credit: -1n },
    ]),
  ).rejects.toThrow('validation');
  await expect(
    insert([
      { account, debit: 1.5, credit: 0n },
      { account, debit: 0n, credit: 1n },
    ]),
  ).rejects.toThrow('validation');
  await expect(insert([{ account, debit: 1n, credit: 0n }])).rejects.toThrow('validation');
  await insert([
    { account, debit: 1n, credit: 0n },
    { account, debit: 0n, credit: 1n },
  ]);
});
