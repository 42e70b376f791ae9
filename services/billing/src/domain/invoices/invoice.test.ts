import { type SchoolDate, vnd, zero } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ledgerTxn } from '../ledger/ledger.ts';
import {
  applyCredit,
  applyPayment,
  type Invoice,
  type InvoicePurpose,
  issue,
  issuePostings,
  outstanding,
  paidOn,
  voidInvoice,
} from './invoice.ts';

const at = new Date('2026-11-21T02:00:00Z');
const line = (code: string, amount: bigint) => ({
  feeItemId: code,
  code,
  name: code,
  quantity: 1,
  unitPrice: vnd(amount),
  amount: vnd(amount),
});
const draft = (lines: ReturnType<typeof line>[], purpose: InvoicePurpose = 'FEES') =>
  issue({
    id: 'invoice',
    studentId: 'student',
    studentName: 'Bùi Thanh Giang',
    className: '1A',
    title: 'Thu tháng 11/2026',
    purpose,
    lines,
    dueOn: '2026-11-30' as SchoolDate,
    issuedAt: at,
    runId: undefined,
  });

test('a part leaves the invoice partially paid, the rest settles it', () => {
  const part = applyPayment(draft([line('A', 100n)]), vnd(40n), at);
  expect(part).toMatchObject({ invoice: { status: 'PARTIALLY_PAID', paid: vnd(40n) }, applied: vnd(40n), excess: zero, settled: false });
  const rest = applyPayment(part.invoice, vnd(60n), at);
  expect(rest).toMatchObject({ invoice: { status: 'PAID', paidAt: at }, applied: vnd(60n), excess: zero, settled: true });
  expect(rest.invoice).not.toHaveProperty('paid');
});

test('what is over the debt is excess; a paid or a void invoice takes nothing', () => {
  const over = applyPayment(draft([line('A', 100n)]), vnd(130n), at);
  expect(over).toMatchObject({ applied: vnd(100n), excess: vnd(30n), settled: true });
  expect(applyPayment(over.invoice, vnd(5n), at)).toEqual({ invoice: over.invoice, applied: zero, excess: vnd(5n), settled: false });
  const voided = voidInvoice(draft([line('A', 100n)]), 'sai lớp', at);
  if (!voided.ok) throw new Error('refused');
  expect(applyPayment(voided.value, vnd(5n), at)).toMatchObject({ applied: zero, excess: vnd(5n), settled: false });
});

test('only an invoice on which nothing was paid can be voided, and voiding again changes nothing', () => {
  const part = applyPayment(draft([line('A', 100n)]), vnd(40n), at);
  expect(voidInvoice(part.invoice, 'x', at)).toEqual({ ok: false, refusal: { code: 'INVOICE_HAS_PAYMENTS', paid: vnd(40n) } });
  const voided = voidInvoice(draft([line('A', 100n)]), 'sai lớp', at);
  if (!voided.ok) throw new Error('refused');
  expect(voidInvoice(voided.value, 'another reason', at)).toEqual(voided);
  expect(outstanding(voided.value)).toEqual(zero);
});

test('any sequence of payments is conserved: applied and excess are all the money, and the invoice never takes more than its total', () => {
  const amounts = fc.array(fc.bigInt({ min: 1n, max: 2_000n }), { maxLength: 12 });
  fc.assert(
    fc.property(amounts, fc.bigInt({ min: 1n, max: 5_000n }), (payments, total) => {
      let invoice: Invoice = draft([line('A', total)]);
      let applied = 0n;
      let excess = 0n;
      let settled = 0;
      for (const payment of payments) {
        const step = applyPayment(invoice, vnd(payment), at);
        expect(step.applied.minorUnits + step.excess.minorUnits).toBe(payment);
        applied += step.applied.minorUnits;
        excess += step.excess.minorUnits;
        settled += step.settled ? 1 : 0;
        invoice = step.invoice;
      }
      const paid = payments.reduce((sum, payment) => sum + payment, 0n);
      expect(applied + excess).toBe(paid);
      if (paid < total) expect(applied).toBe(paid);
      else expect(applied).toBe(total);
      expect(paidOn(invoice)).toEqual(vnd(applied));
      expect(outstanding(invoice)).toEqual(vnd(total - applied));
      expect(settled).toBe(paid >= total ? 1 : 0);
      expect(invoice.status).toBe(applied === 0n ? 'OPEN' : applied === total ? 'PAID' : 'PARTIALLY_PAID');
    }),
  );
});

test('issuing books the total on the pupil and each fee once on its revenue account', () => {
  const postings = issuePostings(draft([line('A', 100n), line('B', 50n), line('A', 20n)]));
  expect(postings.map(({ account, debit, credit }) => [account, debit.minorUnits, credit.minorUnits])).toEqual([
    ['receivable:student', 170n, 0n],
    ['revenue:A', 0n, 120n],
    ['revenue:B', 0n, 50n],
  ]);
  ledgerTxn({ id: 't', reference: 'r', kind: 'INVOICE_ISSUED', effectiveAt: at, postedAt: at, causationId: 'c', postings });
});

test('a top-up is no revenue: it is owed to the wallet', () => {
  expect(issuePostings(draft([line('NAP_VI', 200n)], 'WALLET_TOP_UP')).map(({ account }) => account)).toEqual([
    'receivable:student',
    'wallet:student',
  ]);
});

test('credit pays no more than is owed, is part of what was paid, and a bill that nothing else paid can still be voided', () => {
  const meals = draft([line('LUNCH', 100n)], 'MEALS');
  const partly = applyCredit(meals, vnd(30n), at);
  expect(partly).toMatchObject({ status: 'PARTIALLY_PAID', paid: vnd(30n), creditApplied: vnd(30n), version: 2 });
  const settled = applyCredit(partly, vnd(500n), at);
  expect(settled).toMatchObject({ status: 'PAID', creditApplied: vnd(100n) });
  expect(applyCredit(meals, vnd(-5n), at)).toBe(meals);
  expect(voidInvoice(settled, 'nhầm', at)).toMatchObject({ value: { status: 'VOID', creditApplied: vnd(100n) } });
  const paid = applyPayment(partly, vnd(10n), at).invoice;
  expect(voidInvoice(paid, 'nhầm', at)).toEqual({ ok: false, refusal: { code: 'INVOICE_HAS_PAYMENTS', paid: vnd(10n) } });
});

test('a meal bill earns the school nothing: it is money for food, less the credit that paid for it', () => {
  const bill = applyCredit(draft([line('LUNCH', 100n), line('CARRIED_OVER', 20n)], 'MEALS'), vnd(50n), at);
  expect(issuePostings(bill).map(({ account, debit, credit }) => `${account} ${debit.minorUnits - credit.minorUnits}`)).toEqual([
    'receivable:student 120',
    'meals:LUNCH -100',
    'credit:student -20',
    'credit:student 50',
    'receivable:student -50',
  ]);
});
