import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { type InvoiceOrder, issueInvoice } from './issue-invoice.ts';

const schools = testSchools();
let billing: Billing;
let order: InvoiceOrder;
beforeEach(async () => {
  billing = schools.newSchool();
  const charges = [
    { feeItemId: await billing.given.feeItem(350_000n), quantity: 1 },
    { feeItemId: await billing.given.feeItem(32_000n, 'AN_TRUA'), quantity: 20 },
  ];
  const studentId = await billing.given.student();
  order = {
    invoiceId: crypto.randomUUID(),
    studentId,
    title: 'Thu tháng 11/2026',
    purpose: 'FEES',
    charges,
    dueOn: '2099-11-30' as SchoolDate,
  };
});
const issue = (changed: Partial<InvoiceOrder> = {}) => billing.transact((tx) => issueInvoice(tx, { ...order, ...changed }));

test('an invoice is stored, booked and announced whole', async () => {
  const issued = await issue();
  expect(issued).toMatchObject({
    ok: true,
    value: { status: 'OPEN', total: vnd(990_000n), studentName: 'Bùi Thanh Giang', className: '1A' },
  });
  expect(await billing.books()).toEqual({
    [`receivable:${order.studentId}`]: 990_000n,
    'revenue:BAN_TRU': -350_000n,
    'revenue:AN_TRUA': -640_000n,
  });
  expect(await billing.announced()).toMatchObject([
    {
      $case: 'invoiceIssued',
      value: {
        invoice: {
          invoiceId: order.invoiceId,
          status: 1,
          total: { minorUnits: 990_000n },
          lines: [{ code: 'BAN_TRU' }, { code: 'AN_TRUA', quantity: 20 }],
        },
      },
    },
  ]);
});

test('the same call again gives the first answer, also when many come at once', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => issue()));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect([await billing.count('invoices'), await billing.count('ledger'), await billing.count('outbox')]).toEqual([1, 1, 1]);
});

test.each([
  ['title', { title: 'Thu tháng 12/2026' }],
  ['purpose', { purpose: 'WALLET_TOP_UP' as const }],
  ['due date', { dueOn: '2099-12-31' as SchoolDate }],
  ['charges', { charges: [] }],
])('the same id with another %s is refused', async (_, changed) => {
  await issue();
  expect(await issue(changed)).toEqual({ ok: false, refusal: { code: 'ID_REUSED', id: order.invoiceId } });
});

test('a pupil who is unknown or has left gets no invoice, and nothing is written', async () => {
  const unknown = crypto.randomUUID();
  expect(await issue({ studentId: unknown })).toEqual({ ok: false, refusal: { code: 'STUDENT_UNKNOWN', studentId: unknown } });
  const left = await billing.given.student({ enrolled: false });
  expect(await issue({ studentId: left })).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN' } });
  expect([await billing.count('invoices'), await billing.count('ledger'), await billing.count('outbox')]).toEqual([0, 0, 0]);
});

test('the due date may be today in Vietnam, and not the day before', async () => {
  const { database } = billing;
  database.setNow(new Date('2026-11-21T17:30:00Z')); // Already the 22nd in Vietnam.
  expect(await issue({ dueOn: '2026-11-21' as SchoolDate })).toEqual({
    ok: false,
    refusal: { code: 'DUE_DATE_PAST', dueOn: '2026-11-21', today: '2026-11-22' },
  });
  expect(await issue({ dueOn: '2026-11-22' as SchoolDate })).toMatchObject({ ok: true });
});

test("one school's fee items and pupils are unknown to another", async () => {
  const other = schools.newSchool();
  expect(await other.transact((tx) => issueInvoice(tx, order))).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN' } });
  const studentId = await other.given.student();
  expect(await other.transact((tx) => issueInvoice(tx, { ...order, studentId }))).toMatchObject({ refusal: { code: 'FEE_ITEM_UNKNOWN' } });
});
