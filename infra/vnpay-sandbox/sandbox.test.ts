import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toGatewayTime } from './clock.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { isSigned, sign } from './signature.ts';

const secret = 'a-secret-of-the-merchant';
const returnUrl = 'http://127.0.0.1:9/return?from=school';

/** A merchant's IPN door on a real socket: answers what the test lines up, then 00. */
let door: Server;
let answers: (string | { status: number; body: string } | 'silence')[];
let heard: Record<string, string>[];
let traces: unknown[];
let sandbox: Sandbox;
let clock: Date;

beforeEach(async () => {
  answers = [];
  heard = [];
  traces = [];
  clock = new Date('2026-11-21T03:00:00Z');
  door = createServer((request, response) => {
    heard.push(Object.fromEntries(new URL(request.url ?? '', 'http://door').searchParams));
    traces.push(request.headers.traceparent);
    const answer = answers.shift() ?? '00';
    if (answer === 'silence') return;
    const { status, body } = typeof answer === 'string' ? { status: 200, body: JSON.stringify({ RspCode: answer, Message: 'm' }) } : answer;
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  sandbox = await open({ answerLimitMs: 60_000 });
});
afterEach(async () => {
  await sandbox.stop();
  door.closeAllConnections();
  door.close();
});

function open({ answerLimitMs }: { answerLimitMs: number }): Promise<Sandbox> {
  const ipnUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}/ipn`;
  return startSandbox({
    merchants: [{ tmnCode: 'SCHOOL01', hashSecret: secret, ipnUrl, name: 'Trường Tiểu học <Hoa Phượng>' }],
    rule: { everyMs: 20, answerLimitMs },
    now: () => clock,
  });
}

test('paying redirects to the return URL and tells the merchant the same signed outcome', async () => {
  const response = await press(payUrl(), 'pay');
  expect(response.status).toBe(302);
  const target = new URL(response.headers.get('location') ?? '');
  expect(target.origin + target.pathname).toBe('http://127.0.0.1:9/return');
  const { from, ...returned } = Object.fromEntries(target.searchParams);
  expect(from).toBe('school');
  expect(isSigned(returned, secret)).toBe(true);
  expect(returned).toMatchObject({
    vnp_TmnCode: 'SCHOOL01',
    vnp_Amount: '35000000',
    vnp_BankCode: 'NCB',
    vnp_CardType: 'ATM',
    vnp_PayDate: '20261121100000',
    vnp_OrderInfo: 'Thu thang 11 - 1A',
    vnp_ResponseCode: '00',
    vnp_TransactionStatus: '00',
    vnp_TxnRef: 'ref-1',
    vnp_TransactionNo: expect.stringMatching(/^\d{1,15}$/),
    vnp_BankTranNo: expect.stringMatching(/^VNP\d+$/),
  });
  await until(() => state('ref-1') === 'taken');
  expect(heard).toEqual([returned]);
});

test.each([
  ['cancel', {}, '24', '02'],
  ['fail', {}, '51', '02'],
  ['fail', { code: '75' }, '75', '02'],
  ['fail', { code: '07' }, '07', '07'],
])('%s %o is reported as %s/%s', async (outcome, extra, responseCode, transactionStatus) => {
  await press(payUrl(), outcome, extra);
  await until(() => state('ref-1') === 'taken');
  expect(heard).toMatchObject([{ vnp_ResponseCode: responseCode, vnp_TransactionStatus: transactionStatus }]);
  expect(isSigned(heard[0] ?? {}, secret)).toBe(true);
});

test.each(['00', '02'])('the answer %s ends the calls', async (answer) => {
  answers = [answer];
  await press(payUrl(), 'pay');
  await until(() => state('ref-1') === 'taken');
  await anotherIsRepeated();
  expect(heardOf('ref-1')).toHaveLength(1);
});

test('01, 04, 97, 99, an error page and an answer that is no JSON are each followed by another call', async () => {
  answers = ['01', '04', '97', '99', { status: 500, body: '{"RspCode":"00"}' }, { status: 200, body: '<html>' }, '00'];
  await press(payUrl(), 'pay');
  await until(() => state('ref-1') === 'taken');
  expect(new Set(heard.map((notice) => JSON.stringify(notice))).size).toBe(1);
  expect(callsOf('ref-1').map((call) => call.rspCode ?? call.message)).toEqual(['01', '04', '97', '99', 'not HTTP 200', 'not JSON', '00']);
});

test('no answer at all is followed by another call', async () => {
  await sandbox.stop();
  sandbox = await open({ answerLimitMs: 50 });
  answers = Array.from({ length: 10 }, () => 'silence');
  await press(payUrl(), 'pay');
  await until(() => callsOf('ref-1').length > 1);
  expect(callsOf('ref-1')[0]?.message).toBe('no answer in time');
});

test('after ten calls in vain it gives up', async () => {
  answers = Array.from({ length: 10 }, () => '99');
  await press(payUrl(), 'pay');
  await until(() => state('ref-1') === 'given up');
  await anotherIsRepeated();
  expect(heardOf('ref-1')).toHaveLength(10);
});

test('pressing a button twice decides nothing twice', async () => {
  const [first, second] = await Promise.all([press(payUrl(), 'pay'), press(payUrl(), 'cancel')]);
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  await until(() => state('ref-1') === 'taken');
  expect(heard).toHaveLength(1);
  expect(await (await fetch(payUrl())).text()).toContain('đã được xử lý');
});

test('every transaction has a number of its own', async () => {
  const numbers = new Set<string>();
  for (let n = 0; n < 30; n++) {
    await press(payUrl({ vnp_TxnRef: `many-${n}` }), 'pay');
    numbers.add(sandbox.transaction(`many-${n}`)?.transactionNo ?? '');
  }
  expect(numbers.size).toBe(30);
});

test('a payer who hesitates past the expiry gets the outcome 11', async () => {
  await fetch(payUrl());
  clock = new Date(clock.getTime() + 16 * 60_000);
  await press(payUrl({}, new Date('2026-11-21T03:00:00Z')), 'pay');
  await until(() => state('ref-1') === 'taken');
  expect(heard).toMatchObject([{ vnp_ResponseCode: '11', vnp_TransactionStatus: '02' }]);
});

test.each<[string, string, Record<string, string>]>([
  ['70', 'a wrong signature', { vnp_SecureHash: 'f'.repeat(128) }],
  ['72', 'an unknown merchant', { vnp_TmnCode: 'SCHOOL02' }],
  ['03', 'another version', { vnp_Version: '2.0.0' }],
  ['03', 'an amount that is no whole đồng', { vnp_Amount: '35000050' }],
  ['03', 'an order text beyond ASCII', { vnp_OrderInfo: 'Thu tháng 11' }],
  ['03', 'a return address that is no web page', { vnp_ReturnUrl: 'javascript:alert(1)' }],
  ['15', 'an expiry in the past', { vnp_CreateDate: '20261121090000', vnp_ExpireDate: '20261121091500' }],
])('the pay page shows code %s for %s', async (code, _, changed) => {
  const response = await fetch(payUrl(changed));
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(`Code ${code}`);
  expect((await press(payUrl({ ...changed, vnp_TxnRef: 'x' }), 'pay')).status).toBe(400);
});

test('a parameter given twice and a reference used for another order are refused', async () => {
  expect(await (await fetch(`${payUrl()}&vnp_Amount=100`)).text()).toContain('vnp_Amount');
  expect((await fetch(payUrl())).status).toBe(200);
  expect(await (await fetch(payUrl({ vnp_Amount: '100' }))).text()).toContain('Code 01');
});

test('the page speaks the language of vnp_Locale, shows the amount and escapes what it shows', async () => {
  const vietnamese = await (await fetch(payUrl())).text();
  expect(vietnamese).toContain('350.000 ₫');
  expect(vietnamese).toContain('Thanh toán qua VNPAY');
  expect(vietnamese).toContain('Trường Tiểu học &lt;Hoa Phượng&gt;');
  const english = await fetch(payUrl({ vnp_Locale: 'en', vnp_TxnRef: 'ref-2' }));
  expect(await english.text()).toContain('Pay with VNPAY');
  expect(english.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:9;");
});

test('the trace of the payer’s click goes on to the merchant', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await press(payUrl(), 'pay', {}, { traceparent });
  await until(() => state('ref-1') === 'taken');
  expect(traces).toEqual([traceparent]);
});

test('the calls of a transaction can be looked up, and an unknown one is not found', async () => {
  answers = ['99'];
  await press(payUrl(), 'pay');
  await until(() => state('ref-1') === 'taken');
  const looked = (await (await fetch(`${sandbox.url}/transactions/ref-1`)).json()) as { ipn: { calls: unknown[] } };
  expect(looked.ipn.calls).toMatchObject([{ rspCode: '99' }, { rspCode: '00', httpStatus: 200 }]);
  expect(JSON.stringify(looked)).not.toContain(secret);
  expect((await fetch(`${sandbox.url}/transactions/none`)).status).toBe(404);
});

function payUrl(changed: Record<string, string> = {}, createdAt = clock): string {
  const parameters: Record<string, string> = {
    vnp_Version: '2.1.0',
    vnp_Command: 'pay',
    vnp_TmnCode: 'SCHOOL01',
    vnp_Amount: '35000000',
    vnp_CreateDate: toGatewayTime(createdAt),
    vnp_CurrCode: 'VND',
    vnp_IpAddr: '203.0.113.7',
    vnp_Locale: 'vn',
    vnp_OrderInfo: 'Thu thang 11 - 1A',
    vnp_OrderType: 'other',
    vnp_ReturnUrl: returnUrl,
    vnp_ExpireDate: toGatewayTime(new Date(createdAt.getTime() + 15 * 60_000)),
    vnp_TxnRef: 'ref-1',
    ...changed,
  };
  const query = new URLSearchParams({ ...parameters, vnp_SecureHash: changed.vnp_SecureHash ?? sign(parameters, secret) });
  return `${sandbox.payUrl}?${query}`;
}

function press(url: string, outcome: string, extra: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams({ outcome, ...extra }), redirect: 'manual', headers });
}

function callsOf(txnRef: string) {
  return sandbox.transaction(txnRef)?.ipn.calls ?? [];
}

function heardOf(txnRef: string) {
  return heard.filter((notice) => notice.vnp_TxnRef === txnRef);
}

/** One that was due before it would have been called by then. */
async function anotherIsRepeated(): Promise<void> {
  answers = ['99'];
  await press(payUrl({ vnp_TxnRef: 'another' }), 'pay');
  await until(() => state('another') === 'taken');
  expect(heardOf('another')).toHaveLength(2);
}

function state(txnRef: string): string | undefined {
  return sandbox.transaction(txnRef)?.ipn.state;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}
