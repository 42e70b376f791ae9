import { expect, test } from 'vitest';
import { feeItemInput, invoiceInput, invoicesInput, pageInput, paymentInput, read, runInput, suspenseInput, voidInput } from './input.ts';
import { inVietnamese } from './problems.ts';

const invoice = { invoiceId: crypto.randomUUID(), studentId: 's', title: 'Thu', purpose: 1, charges: [{ feeItemId: 'f', quantity: 1 }] };
const dueOn = '2026-11-30';
const item = { feeItemId: crypto.randomUUID(), code: 'A', name: 'A', unit: 'A', effectiveFrom: dueOn, effectiveUntil: '', citation: 'A' };
const priced = (minorUnits: bigint, currencyCode = 'VND') => ({ feeItem: { ...item, unitPrice: { currencyCode, minorUnits } } });
const payment = { attemptId: crypto.randomUUID(), invoiceId: 'i', gateway: 'vnpay', payerIp: '203.0.113.7', language: 'vi' };
const run = { runId: crypto.randomUUID(), title: 'Thu', charges: invoice.charges, dueOn };

test.each([
  [invoiceInput, { ...invoice, dueOn, title: ' ' }, 'không được để trống'],
  [invoiceInput, { ...invoice, dueOn, title: 'x'.repeat(201) }, 'không được dài quá 200 ký tự'],
  [invoiceInput, { ...invoice, dueOn, title: 'a\nb' }, 'một dòng'],
  [invoiceInput, { ...invoice, dueOn, invoiceId: 'X' }, 'UUID'],
  [invoiceInput, { ...invoice, dueOn, purpose: 0 }, 'FEES hoặc'],
  [invoiceInput, { ...invoice, dueOn, charges: [] }, 'ít nhất một dòng'],
  [invoiceInput, { ...invoice, dueOn, charges: Array(51).fill(invoice.charges[0]) }, 'quá 50 dòng'],
  [invoiceInput, { ...invoice, dueOn, charges: [{ feeItemId: 'f', quantity: 0 }] }, 'nhỏ hơn 1'],
  [invoiceInput, { ...invoice, dueOn: '2026-02-30' }, 'ví dụ 2026-11-30'],
  [runInput, { ...run, classIds: Array(201).fill('c') }, 'quá 200 lớp'],
  [feeItemInput, { feeItem: undefined }, 'bắt buộc'],
  [feeItemInput, priced(0n), 'lớn hơn 0'],
  [feeItemInput, priced(10n ** 13n), 'không được lớn hơn 1000000000000'],
  [feeItemInput, priced(1n, 'USD'), 'VND'],
  [feeItemInput, { feeItem: { ...priced(1n).feeItem, code: 'bán trú' } }, 'chữ in hoa'],
  [paymentInput, { ...payment, payerIp: 'nowhere' }, 'địa chỉ IP'],
  [paymentInput, { ...payment, language: 'fr' }, 'vi hoặc en'],
  [pageInput, { page: { size: 501, token: '' } }, 'từ 1 đến 500'],
  [pageInput, { page: { size: 1, token: '!' } }, 'mã trang'],
  [invoicesInput, { studentId: '', status: 99 }, 'trạng thái'],
  [voidInput, { invoiceId: '', reason: 'x' }, 'không được để trống'],
  [suspenseInput, { includeResolved: 'yes' }, 'không đúng kiểu'],
])('a Vietnamese reader is told in Vietnamese what is wrong: %#', (schema, request, told) => {
  const result = read(schema, request);
  expect(result.ok ? 'accepted' : inVietnamese(result.refusal.problem)).toContain(told);
});
