import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import type { Fact } from './fact.ts';
import { type Addressee, compose } from './message.ts';
import { texts } from './texts.ts';

const bill = { invoiceId: 'i1', invoiceTitle: 'Thu tháng 11/2026', studentName: 'Bùi Thanh Giang' };
const payment = { paidAt: new Date('2026-11-21T00:05:00Z'), gateway: 'vnpay', transaction: '14349876' };
const paid: Fact = { ...bill, kind: 'INVOICE_PAID', className: '1A', paid: vnd(1_250_000n), payment };
const part: Fact = { ...bill, kind: 'PAYMENT_RECEIVED', received: vnd(500_000n), outstanding: vnd(750_000n), payment };
const credit = (reason: 'OVERPAID' | 'PAID_TWICE' | 'INVOICE_VOID' | 'OTHER'): Fact => ({
  ...bill,
  kind: 'ACCOUNT_CREDITED',
  amount: vnd(250_000n),
  reason,
});
const origin = { occurredAt: new Date('2026-11-21T00:06:00Z') };

function addressee(language: 'vi' | 'en' = 'vi'): Addressee {
  return {
    school: { id: 'c1', name: 'Trường Tiểu học Hoa Phượng' },
    student: { id: 's1', className: '2B' },
    guardian: { id: 'g1', guardianships: [], wantsNotices: true, name: 'Phan Hữu Nam', email: 'a@b.vn', language },
  };
}

test("a bill that the pupil's own credit paid names no gateway and no transaction", () => {
  const byCredit = { paidAt: payment.paidAt, gateway: 'credit', transaction: '' };
  const { text } = compose({ ...paid, payment: byCredit } as Fact, origin, addressee());
  expect(text).toContain('số dư ghi có của học sinh tại trường');
  expect(text).not.toContain('Mã giao dịch');
});

test('a paid invoice is told with everything a guardian would ask', () => {
  const { from, to, subject, text, html } = compose(paid, origin, addressee());
  expect({ from, to, subject }).toEqual({
    from: 'Trường Tiểu học Hoa Phượng',
    to: 'Phan Hữu Nam',
    subject: 'Đã nhận đủ tiền: Thu tháng 11/2026 – Bùi Thanh Giang',
  });
  for (const told of [
    'Phan Hữu Nam',
    'Trường Tiểu học Hoa Phượng',
    'Bùi Thanh Giang',
    '1A',
    'Thu tháng 11/2026',
    '1.250.000 ₫',
    '21/11/2026 07:05',
    'VNPAY',
    '14349876',
  ]) {
    expect(text).toContain(told);
    expect(html).toContain(told);
  }
});

test('a part payment says in English what came and what is still owed', () => {
  const { subject, text } = compose(part, origin, addressee('en'));
  expect(subject).toBe('Part payment received: Thu tháng 11/2026 – Bùi Thanh Giang');
  expect(text).toContain('Received now: 500,000 VND');
  expect(text).toContain('Still to pay: 750,000 VND');
  expect(text).toContain('class 2B'); // The event names no class, the roster does.
});

test.each(['OVERPAID', 'PAID_TWICE', 'INVOICE_VOID', 'OTHER'] as const)(
  'a credit because of %s leaves no gap in either language',
  (reason) => {
    for (const language of ['vi', 'en'] as const) {
      const { subject, text, html } = compose(credit(reason), origin, addressee(language));
      for (const written of [subject, text, html]) expect(written).not.toMatch(/\{\{|\}\}|undefined|creditReason|ACCOUNT_CREDITED/);
    }
  },
);

test('the time of a payment without one is the time it was booked', () => {
  const { text } = compose({ ...paid, payment: { gateway: 'vnpay', transaction: '1' } }, origin, addressee());
  expect(text).toContain('21/11/2026 07:06');
});

test('names and titles cannot add markup, lines, headers or words of ours', () => {
  const evil = `<script>alert(1)</script>\r\nBcc: x@y.vn "&' {{amount}} $t(footer)`;
  const { subject, from, to, text, html } = compose(
    { ...paid, invoiceTitle: evil, studentName: evil, payment: { ...payment, transaction: evil } },
    origin,
    { ...addressee(), school: { id: 'c1', name: evil }, guardian: { ...addressee().guardian, name: evil } },
  );
  for (const line of [subject, from, to]) expect(line).not.toMatch(/[\r\n]/);
  expect(subject.length).toBeLessThanOrEqual(180);
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; Bcc: x@y.vn &quot;&amp;&#39;');
  expect(text).not.toContain('\nBcc:');
  expect(html.split(texts.vi.footer)).toHaveLength(2);
});

test('nothing is loaded from anywhere', () => {
  expect(compose(paid, origin, addressee()).html).not.toMatch(/https?:|src=|url\(|<link|<script|@import/i);
});
