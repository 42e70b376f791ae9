import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import { type Door, ipnFields, ipnQuery, merchantOf, openDoor, secretOf } from '../../../test/vnpay.ts';
import type { PaymentAttempt } from '../../domain/payments/payment.ts';
import type { Merchant } from './gateways/gateway.ts';
import { showReturn } from './return-page.ts';

const schools = testSchools();
const merchants: Merchant[] = [];
let billing: Billing;
let merchant: Merchant;
let attempt: PaymentAttempt;
let door: Door;
let numbers = 79000100;

beforeAll(async () => {
  door = await openDoor([showReturn], { database: schools.newSchool().database, merchants });
});
afterAll(() => door.stop());
beforeEach(async () => {
  billing = schools.newSchool();
  merchant = merchantOf(billing.schoolId, String(numbers++));
  merchants.push(merchant);
  attempt = await billing.given.attempt(await billing.given.openInvoice());
});

async function show(query: string, language = 'vi'): Promise<{ status: number; html: string; headers: Headers }> {
  const url = `${door.url}/gateways/vnpay/${merchant.schoolCode}/return?${query}`;
  const response = await fetch(url, { headers: { 'accept-language': language } });
  return { status: response.status, html: await response.text(), headers: response.headers };
}
const signed = (changed: Record<string, string | undefined> = {}) => ipnQuery(ipnFields(merchant, attempt, changed), secretOf(merchant));

test('a payment is shown as received only when our own books say so, and looking at it books nothing', async () => {
  const before = await show(signed());
  expect(before).toMatchObject({ status: 200 });
  expect(before.html).toContain('Đang kiểm tra');
  expect(before.html).toContain('http-equiv="refresh"');
  expect([await billing.count('receipts'), await billing.count('notices')]).toEqual([0, 0]);

  await billing.receive(noticeFor(attempt));
  const after = await show(signed());
  expect(after.html).toContain('Đã nhận thanh toán');
  expect(after.html).toContain('1.500.000 đ');
  expect(after.html).not.toContain('http-equiv="refresh"');
});

test('a failure is shown once it was recorded, and the address alone cannot make a payment look made', async () => {
  await billing.receive(noticeFor(attempt, { outcome: 'FAILED', gatewayTransaction: '0' }));
  expect((await show(signed())).html).toContain('Chưa thanh toán');
});

test.each([
  ['changed', (query: string) => query.replace('vnp_ResponseCode=00', 'vnp_ResponseCode=24')],
  ['empty', () => ''],
])('an address that was %s cannot be verified and says nothing of the payment', async (_, spoil) => {
  const { status, html } = await show(spoil(signed()), 'en;q=0.9, fr');
  expect(status).toBe(400);
  expect(html).toContain('Cannot be verified');
  expect(html).not.toContain(attempt.orderRef);
});

test('the page may run no script, load nothing and be framed by nobody', async () => {
  const { headers, html } = await show(signed());
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  );
  expect([headers.get('cache-control'), headers.get('referrer-policy'), headers.get('x-content-type-options')]).toEqual([
    'no-store',
    'no-referrer',
    'nosniff',
  ]);
  expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3)/);
});

test('text in the address stays text', async () => {
  const { html } = await show(signed({ vnp_TxnRef: '<img src=x onerror=alert(1)>"\'&' }));
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
  expect(html).not.toContain('<img');
});

test('the OpenAPI document says what comes to the door and that a page goes out', async () => {
  const { paths } = (await (await fetch(`${door.url}/openapi.json`)).json()) as Document;
  const { parameters, responses } = paths['/gateways/vnpay/{schoolCode}/return']?.get ?? {};
  expect(parameters?.find(({ name }) => name === 'vnp_TxnRef')).toMatchObject({ in: 'query', required: true, schema: { type: 'string' } });
  expect(parameters?.find(({ name }) => name === 'vnp_BankCode')).toMatchObject({ required: false });
  expect(Object.keys(responses?.['400']?.content ?? {})).toEqual(['text/html']);
});

interface Document {
  readonly paths: Readonly<Record<string, { get?: Operation }>>;
}
interface Operation {
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: object }[];
  readonly responses?: Readonly<Record<string, { content?: object }>>;
}
