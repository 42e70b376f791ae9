import { type SchoolDate, vnd, zero } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import type { Invoice } from '../invoices/invoice.ts';
import { mayPay, nextCheckAt, type OpenRefund, refundable, refundDueOn } from './refund.ts';

const day = (text: string) => text as SchoolDate;
const since = new Date('2026-11-20T02:00:00Z');
const refund: OpenRefund = {
  ...{ id: 'f1', studentId: 's1', leftOn: day('2026-11-20'), dueOn: day('2027-01-01'), leaving: 3, part: 1, since },
  ...{ status: 'DUE', requestedAt: since, checkAt: since },
};

test('a refund is due thirty working days after the last day, Saturdays and Sundays not counted', () => {
  expect(refundDueOn(day('2026-11-20'))).toBe('2027-01-01'); // A Friday: six weeks of five days.
  expect(refundDueOn(day('2026-11-21'))).toBe('2027-01-01');
  expect(refundDueOn(day('2026-11-23'))).toBe('2027-01-04');
});

test('what is left is the credit less what is still owed', () => {
  const table = { months: [], balance: vnd(100_000n), until: undefined, left: { on: day('2026-11-20'), today: day('2026-11-21') } };
  const owed = { status: 'PARTIALLY_PAID', total: vnd(50_000n), paid: vnd(20_000n) } as Invoice;
  expect(refundable(table, [])).toEqual(vnd(100_000n));
  expect(refundable(table, [owed])).toEqual(vnd(70_000n));
});

test('exactly what is left may be paid, and the right amount is told', () => {
  expect(mayPay(refund, vnd(70_000n), vnd(70_000n))).toMatchObject({ ok: true });
  expect(mayPay(refund, vnd(70_000n), vnd(60_000n))).toEqual({ ok: false, refusal: { code: 'REFUND_AMOUNT_DIFFERS', due: vnd(70_000n) } });
  expect(mayPay(refund, zero, zero)).toMatchObject({ refusal: { code: 'NOTHING_TO_REFUND' } });
});

test('money of a leaver is looked for often at first, daily later, and no more after a year', () => {
  const after = (ms: number) => nextCheckAt(since, new Date(since.getTime() + ms));
  expect(after(0)).toEqual(new Date(since.getTime() + 15_000));
  expect(after(3_600_000)).toEqual(new Date(since.getTime() + 7_200_000));
  expect(after(30 * 86_400_000)).toEqual(new Date(since.getTime() + 31 * 86_400_000));
  expect(after(401 * 86_400_000)).toBeUndefined();
});
