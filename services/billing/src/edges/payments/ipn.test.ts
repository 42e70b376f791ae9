import { request } from 'node:http';
import { vnd } from '@schoolbell/kernel';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Billing, schoolIn, testSchools } from '../../../test/given.ts';
import { type Door, ipnFields, ipnQuery, merchantOf, openDoor, secretOf } from '../../../test/vnpay.ts';
import type { Invoice } from '../../domain/invoices/invoice.ts';
import type { PaymentAttempt } from '../../domain/payments/payment.ts';
import { collections } from '../../store/indexes.ts';
import { billingTx } from '../../tx.ts';
import type { Merchant } from './gateways/gateway.ts';
import { receiveIpn } from './ipn.ts';

const schools = testSchools();
let billing: Billing;
let other: Billing;
let door: Door;
// Another process of billing, over the same database.
let secondDoor: Door;
let clock = () => new Date();
let numbers = 79000100;
let ours: Merchant;
let theirs: Merchant;
// The merchant of the published vectors, with the secret that was published with them.
const published = {
  ...merchantOf(crypto.randomUUID(), '79000700', 'TEST_TMN_CODE'),
  secrets: [{ id: 'published', secret: 'test_secret', notBefore: undefined, notAfter: undefined }],
};
const merchants: Merchant[] = [published];

beforeAll(async () => {
  const facts = { database: schools.newSchool().database, merchants, now: () => clock() };
  door = await openDoor([receiveIpn], facts);
  secondDoor = await openDoor([receiveIpn], facts);
});
afterAll(() => Promise.all([door.stop(), secondDoor.stop()]));
beforeEach(() => {
  clock = () => new Date();
  billing = schools.newSchool();
  other = schools.newSchool();
  ours = merchantOf(billing.schoolId, String(numbers++));
  theirs = merchantOf(other.schoolId, String(numbers++));
  merchants.push(ours, theirs);
});

interface Answered {
  readonly status: number;
  readonly code: string;
}

async function call(
  query: string,
  {
    schoolCode = ours.schoolCode,
    method = 'GET',
    body,
    at = door,
  }: { schoolCode?: string; method?: string; body?: string; at?: Door } = {},
): Promise<Answered> {
  const response = await fetch(`${at.url}/gateways/vnpay/${schoolCode}/ipn?${query}`, {
    method,
    ...(body === undefined ? {} : { body }),
  });
  const told = (await response.json()) as { RspCode: string; Message: string };
  expect(told.Message).not.toBe('');
  return { status: response.status, code: told.RspCode };
}

let invoice: Invoice;
let attempt: PaymentAttempt;
beforeEach(async () => {
  invoice = await billing.given.openInvoice();
  attempt = await billing.given.attempt(invoice);
});
const signed = (changed: Record<string, string | undefined> = {}) => ipnQuery(ipnFields(ours, attempt, changed), secretOf(ours));
const invoiceNow = async () => {
  return (await billing.read((tx) => tx.invoices.find(invoice.id)))?.status;
};
const attemptNow = async () => {
  return (await billing.read((tx) => tx.attempts.find(attempt.id)))?.status;
};
const workList = async () =>
  (await billing.read((tx) => tx.suspense.list({ includeResolved: false, after: '', size: 100 }))).rows.map(({ reason }) => reason);
const kept = () => billing.count('notices');
const nothingBooked = async () => {
  expect(await billing.count('receipts')).toBe(0);
  expect(await billing.count('ledger')).toBe(1);
  expect(await invoiceNow()).toBe('OPEN');
};

describe('a success', () => {
  test('is confirmed, and the invoice is paid by the time of the answer', async () => {
    expect(await call(signed())).toEqual({ status: 200, code: '00' });
    expect([await invoiceNow(), await attemptNow(), await kept()]).toEqual(['PAID', 'SUCCEEDED', 1]);
  });

  test('with fields that whoever carries it added is the same notice', async () => {
    await call(signed());
    expect((await call(`x=1&${signed()}&utm_source=mail&vnp_SecureHashType=SHA512&vnp_Empty=`)).code).toBe('02');
    expect(await kept()).toBe(1);
  });

  test('is 02 again, and a failure after it is 02 and changes nothing', async () => {
    await call(signed());
    expect(await call(signed())).toEqual({ status: 200, code: '02' });
    expect(await call(signed({ vnp_ResponseCode: '24', vnp_TransactionStatus: '02', vnp_TransactionNo: '0' }))).toEqual({
      status: 200,
      code: '02',
    });
    expect([await invoiceNow(), await attemptNow()]).toEqual(['PAID', 'SUCCEEDED']);
  });

  test('of another amount is 04, also after the right one came; the money that came stands in suspense', async () => {
    expect(await call(signed({ vnp_Amount: '149999900', vnp_TransactionNo: '7' }))).toEqual({ status: 200, code: '04' });
    await call(signed());
    expect(await call(signed({ vnp_Amount: '149999900' }))).toEqual({ status: 200, code: '04' });
    expect(await workList()).toEqual(['AMOUNT_DIFFERS', 'TRANSACTION_DIFFERS']);
    expect(await billing.books()).toMatchObject({ 'suspense:unapplied': -1_499_999n, 'clearing:vnpay': 2_999_999n });
  });

  test.each(['15000050', 'many', '-150000000', '1500000.00'])('of %s is no amount in đồng: 04, nothing booked', async (amount) => {
    expect(await call(signed({ vnp_Amount: amount }))).toEqual({ status: 200, code: '04' });
    await nothingBooked();
    expect(await workList()).toEqual(['AMOUNT_DIFFERS']);
  });

  test('of an unknown order is 01 each time, and its money is booked once', async () => {
    const stray = signed({ vnp_TxnRef: `${ours.schoolCode}-unknown` });
    expect([await call(stray), await call(stray)]).toEqual([
      { status: 200, code: '01' },
      { status: 200, code: '01' },
    ]);
    expect(await billing.books()).toMatchObject({ 'suspense:unapplied': -1_500_000n, 'clearing:vnpay': 1_500_000n });
  });

  test('needs both codes to say so', async () => {
    expect(await call(signed({ vnp_TransactionStatus: '02' }))).toEqual({ status: 200, code: '00' });
    expect(await attemptNow()).toBe('FAILED');
    await nothingBooked();
  });

  test('of the published vector, with an order of that reference, is confirmed', async () => {
    const school = schoolIn(billing.database, published.schoolId);
    const vector =
      'vnp_Amount=1000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14422574&vnp_CardType=ATM&vnp_OrderInfo=Thanh+toan+don+hang+2024-05-21T02%3A17%3A31.249Z&vnp_PayDate=20240521091806&vnp_ResponseCode=00&vnp_TmnCode=TEST_TMN_CODE&vnp_TransactionNo=14422574&vnp_TransactionStatus=00&vnp_TxnRef=1716257871703&vnp_SecureHash=649982421beb422556a1374713c74e58e716ecbd05007c0c0e1f7effdfaf361dbf146889ca446139afe11b9954c4d5c486e99e3b86fcfab6957f29eb0be72895';
    const bill = await school.given.openInvoice({ total: 10_000n });
    await school.transact(async (tx) =>
      tx.attempts.insert({
        ...attempt,
        id: crypto.randomUUID(),
        orderRef: '1716257871703',
        invoiceId: bill.id,
        studentId: bill.studentId,
        amount: vnd(10_000n),
      }),
    );
    expect(await call(vector, { schoolCode: published.schoolCode })).toEqual({ status: 200, code: '00' });
    expect(await school.read((tx) => tx.invoices.find(bill.id))).toMatchObject({
      status: 'PAID',
      paidAt: new Date('2024-05-21T02:18:06Z'),
    });
  });
});

describe('fifty copies', () => {
  const copies = (query: string, { toBoth = false, answers = [] as string[] } = {}) =>
    Promise.all(
      Array.from({ length: 50 }, async (_, copy) => {
        answers.push((await call(query, { at: toBoth && copy % 2 === 1 ? secondDoor : door })).code);
      }),
    ).then(() => answers.sort());
  const onceConfirmed = ['00', ...Array.from({ length: 49 }, () => '02')];
  /** Somebody else's transaction holds the order and its notices: until it ends, none can be settled. */
  const holdOrder = async () => {
    const session = billing.database.db.client.startSession();
    session.startTransaction();
    const { orderRef } = attempt;
    const { db } = billing.database;
    await db.collection<{ _id: string }>('attempts').updateOne({ _id: orderRef }, { $inc: { version: 1 } }, { session });
    await db.collection('notices').updateMany({ 'notice.orderRef': orderRef }, { $set: { raw: 'held' } }, { session });
    return { letGo: () => session.abortTransaction().then(() => session.endSession()) };
  };
  const areKept = (count: number) => expect.poll(kept, { timeout: 30_000 }).toBe(count);
  const haveCome = (count: number) => expect.poll(() => door.asked(), { timeout: 30_000 }).toBe(count);

  test.each([
    ['one process', false],
    ['two processes', true],
  ])('at once to %s are confirmed once and told to be known forty-nine times', async (_, toBoth) => {
    expect(await copies(signed(), { toBoth })).toEqual(onceConfirmed);
    expect([await billing.count('receipts'), await billing.count('ledger'), await kept()]).toEqual([1, 2, 1]);
  });

  test('of an unknown order are 01 each, and its money is booked once', async () => {
    const stray = signed({ vnp_TxnRef: `${ours.schoolCode}-unknown` });
    expect(new Set(await copies(stray, { toBoth: true }))).toEqual(new Set(['01']));
    expect([await billing.count('receipts'), await kept(), await workList()]).toEqual([1, 1, ['UNKNOWN_ORDER']]);
  });

  test('that lack what it takes are 99 each, and a person is asked once', async () => {
    expect(new Set(await copies(signed({ vnp_TransactionNo: '0' }), { toBoth: true }))).toEqual(new Set(['99']));
    expect([await kept(), await workList(), await attemptNow()]).toEqual([1, ['OUTCOME_UNKNOWN'], 'UNKNOWN']);
  });

  test('make no other payment wait: it is answered before any of them', async () => {
    const otherAttempt = await billing.given.attempt(await billing.given.openInvoice());
    const order = await holdOrder();
    const [before, answers] = [door.asked(), [] as string[]];
    const waiting = copies(signed(), { answers });
    await haveCome(before + 50);
    const theirs = ipnQuery(ipnFields(ours, otherAttempt, { vnp_TransactionNo: '9' }), secretOf(ours));
    expect([(await call(theirs)).code, answers]).toEqual(['00', []]);
    await order.letGo();
    expect(await waiting).toEqual(onceConfirmed);
  });

  test('that wait for another notice of their order are then answered by a look', async () => {
    const suspected = signed({ vnp_ResponseCode: '07' });
    await call(suspected);
    const order = await holdOrder();
    const success = call(signed());
    await areKept(2);
    const [before, from] = [door.asked(), door.lines.length];
    const waiting = copies(suspected);
    await haveCome(before + 50);
    await order.letGo();
    expect([(await success).code, new Set(await waiting)]).toEqual(['00', new Set(['02'])]);
    expect(door.lines.slice(from).filter((line) => line.includes('came again'))).toHaveLength(50);
  });

  test('that come one by one write nothing either: they are known while somebody else holds their rows', async () => {
    await call(signed());
    const order = await holdOrder();
    expect([await call(signed()), await call(signed())].map(({ code }) => code)).toEqual(['02', '02']);
    await order.letGo();
  });

  test('wait in their own time: a notice whose time is over before its turn is 99 and not begun', async () => {
    const order = await holdOrder();
    const first = call(signed());
    await areKept(1);
    clock = () => new Date(Date.now() - 9_999);
    const before = door.asked();
    const late = call(signed({ vnp_ResponseCode: '24', vnp_TransactionStatus: '02', vnp_TransactionNo: '0' }));
    await haveCome(before + 1);
    await order.letGo();
    expect([(await first).code, (await late).code]).toEqual(['00', '99']);
    expect([await kept(), await attemptNow()]).toEqual([1, 'SUCCEEDED']);
  });
});

describe('no success', () => {
  test('a failure is recorded and confirmed, and again is known', async () => {
    const failure = signed({ vnp_ResponseCode: '24', vnp_TransactionStatus: '02', vnp_TransactionNo: '0' });
    expect([await call(failure), await call(failure)].map(({ code }) => code)).toEqual(['00', '02']);
    expect(await attemptNow()).toBe('FAILED');
    await nothingBooked();
    expect(await call(signed())).toEqual({ status: 200, code: '00' });
    expect(await invoiceNow()).toBe('PAID');
  });

  test('suspected money is held for a person and confirmed', async () => {
    expect(await call(signed({ vnp_ResponseCode: '07' }))).toEqual({ status: 200, code: '00' });
    expect([await attemptNow(), await workList()]).toEqual(['HELD', ['HELD_BY_GATEWAY']]);
    await nothingBooked();
  });

  test('money debited at the bank only is asked about and confirmed', async () => {
    expect(await call(signed({ vnp_TransactionStatus: '04' }))).toEqual({ status: 200, code: '00' });
    expect([await attemptNow(), await workList()]).toEqual(['UNKNOWN', ['OUTCOME_UNKNOWN']]);
    await nothingBooked();
  });
});

describe('a bad signature', () => {
  test.each([
    ['a wrong hash', (query: string) => query.replace(/vnp_SecureHash=./, 'vnp_SecureHash=x')],
    ['no hash', (query: string) => query.replace(/&vnp_SecureHash=.*/, '')],
    ['a changed amount', (query: string) => query.replace('vnp_Amount=150000000', 'vnp_Amount=250000000')],
    ['a changed order', (query: string) => query.replace(/vnp_TxnRef=\d/, 'vnp_TxnRef=8')],
    ['a changed outcome', (query: string) => query.replace('vnp_ResponseCode=00', 'vnp_ResponseCode=24')],
    ['an added field', (query: string) => `${query}&vnp_Extra=1`],
    ['a field twice', (query: string) => `${query}&vnp_Amount=150000000`],
    ['a broken escape', (query: string) => `${query}&vnp_X=%zz`],
    ['eight kilobytes more', (query: string) => `${query}&vnp_X=${'x'.repeat(8_192)}`],
  ])('%s is 97, and nothing is stored', async (_, spoil) => {
    expect(await call(spoil(signed()))).toEqual({ status: 200, code: '97' });
    expect(await kept()).toBe(0);
    await nothingBooked();
  });

  test("another school's notice is 97, at its door and at ours, whichever of the two signed it", async () => {
    const foreign = ipnFields(theirs, attempt);
    expect(await call(ipnQuery(foreign, secretOf(theirs)))).toEqual({ status: 200, code: '97' });
    expect(await call(ipnQuery(foreign, secretOf(ours)))).toEqual({ status: 200, code: '97' });
    expect(await call(signed(), { schoolCode: theirs.schoolCode })).toEqual({ status: 200, code: '97' });
    expect([await kept(), await other.count('notices')]).toEqual([0, 0]);
    // At its own door the other school's notice is good, and our order is unknown there.
    expect(await call(ipnQuery(foreign, secretOf(theirs)), { schoolCode: theirs.schoolCode })).toEqual({ status: 200, code: '01' });
    await nothingBooked();
  });

  test('a school that nobody knows is 97', async () => {
    expect(await call(signed(), { schoolCode: '99999999' })).toEqual({ status: 200, code: '97' });
  });

  test('is logged without the query, the secret or the address of the caller', async () => {
    const from = door.lines.length;
    await call(signed().replace(/vnp_SecureHash=./, 'vnp_SecureHash=x'));
    const logged = door.lines.slice(from).join('');
    expect(logged).toContain('bad signature');
    expect(logged).not.toMatch(/vnp_|secret-|127\.0\.0\.1/);
  });

  test('in a flood is answered 429 and logged no more, while a good notice is taken', async () => {
    const bad = signed().replace(/vnp_SecureHash=./, 'vnp_SecureHash=x');
    const answers: Answered[] = [];
    for (let wave = 0; wave < 8; wave++) answers.push(...(await Promise.all(Array.from({ length: 50 }, () => call(bad)))));
    expect(answers.at(-1)).toEqual({ status: 429, code: '97' });
    const from = door.lines.length;
    await call(bad);
    expect(door.lines.slice(from).join('')).not.toContain('bad signature');
    expect(await call(signed())).toEqual({ status: 200, code: '00' });
  });
});

describe('what is no notice', () => {
  test.each(['', 'utm_source=mail', '&&='])('a query of %j has no input: 99', async (query) => {
    expect(await call(query)).toEqual({ status: 200, code: '99' });
  });

  test.each(['vnp_TxnRef', 'vnp_Amount', 'vnp_ResponseCode', 'vnp_TransactionStatus', 'vnp_TransactionNo', 'vnp_TmnCode'])(
    'signed but without %s is 99, kept, and books nothing',
    async (name) => {
      expect(await call(signed({ [name]: undefined }))).toEqual({ status: 200, code: '99' });
      expect(await kept()).toBe(1);
      await nothingBooked();
    },
  );

  test('a signed success without a number of its own is on the work list, once, and its attempt is in doubt', async () => {
    for (const bank of ['NCB', 'VCB']) expect((await call(signed({ vnp_TransactionNo: '0', vnp_BankCode: bank }))).code).toBe('99');
    expect([await workList(), await attemptNow()]).toEqual([['OUTCOME_UNKNOWN'], 'UNKNOWN']);
    await nothingBooked();
  });

  test('a signed failure that lacks a field asks nobody', async () => {
    const failure = { vnp_ResponseCode: '24', vnp_TransactionStatus: '02', vnp_Amount: undefined };
    expect((await call(signed(failure))).code).toBe('99');
    expect([await workList(), await attemptNow()]).toEqual([[], 'PENDING']);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is not allowed, whatever its body', async (method) => {
    const url = `${door.url}/gateways/vnpay/${ours.schoolCode}/ipn?${signed()}`;
    const body = method === 'OPTIONS' ? null : 'x'.repeat(1_048_576);
    const response = await fetch(url, { method, body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect([response.status, response.headers.get('allow'), await response.json()]).toEqual([
      405,
      'GET',
      { RspCode: '99', Message: expect.any(String) },
    ]);
    await nothingBooked();
  });

  test('HEAD is not allowed and books nothing', async () => {
    const response = await fetch(`${door.url}/gateways/vnpay/${ours.schoolCode}/ipn?${signed()}`, { method: 'HEAD' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
    await nothingBooked();
  });

  test('a megabyte of address is refused as a whole', async () => {
    const path = `/gateways/vnpay/${ours.schoolCode}/ipn?${signed()}&vnp_X=${'x'.repeat(1_048_576)}`;
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: door.address.port, path }, (response) => resolve(response.statusCode ?? 0));
      sent.on('error', reject);
      sent.end();
    });
    expect(status).toBe(431);
    await nothingBooked();
  });
});

test('a notice that comes while the database is gone is 99, so that VNPAY repeats it, and nothing inside is shown', async () => {
  const gone = await testDatabase(collections, billingTx);
  await gone.close();
  const broken = await openDoor([receiveIpn], { database: gone, merchants });
  const response = await fetch(`${broken.url}/gateways/vnpay/${ours.schoolCode}/ipn?${signed()}`);
  expect([response.status, await response.json()]).toEqual([200, { RspCode: '99', Message: 'Unknown error' }]);
  await broken.stop();
  expect(await call(signed())).toEqual({ status: 200, code: '00' });
});
