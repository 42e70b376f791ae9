import { createHmac } from 'node:crypto';
import { vnd } from '@schoolbell/kernel';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { PaymentAttempt } from '../../../domain/payments/payment.ts';
import type { Merchant } from './gateway.ts';
import { fromVnpayTime, toVnpayTime, vnpay } from './vnpay.ts';

const now = new Date('2026-11-21T02:00:00Z');
const secret = (id: string, text: string, window: { notBefore?: Date; notAfter?: Date } = {}) => ({
  id,
  secret: text,
  notBefore: window.notBefore,
  notAfter: window.notAfter,
});
const merchant: Merchant = {
  schoolId: 'school',
  schoolCode: '79000701',
  account: 'TEST_TMN_CODE',
  secrets: [secret('first', 'test_secret')],
  payUrl: 'https://sandbox.vnpayment.vn/paymentv2/vpcpay.html',
  returnUrl: 'http://127.0.0.1:4000/gateways/vnpay/79000701/return',
};

// Published in the test fixtures of lehuygiang28/vnpay; the hash was recomputed with a second implementation.
const published =
  'vnp_Amount=1000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14422574&vnp_CardType=ATM&vnp_OrderInfo=Thanh+toan+don+hang+2024-05-21T02%3A17%3A31.249Z&vnp_PayDate=20240521091806&vnp_ResponseCode=00&vnp_TmnCode=TEST_TMN_CODE&vnp_TransactionNo=14422574&vnp_TransactionStatus=00&vnp_TxnRef=1716257871703';
const publishedHash =
  '649982421beb422556a1374713c74e58e716ecbd05007c0c0e1f7effdfaf361dbf146889ca446139afe11b9954c4d5c486e99e3b86fcfab6957f29eb0be72895';

// Every other signature in this file is self-made, by this second signer.
const sign = (text: string, key = 'test_secret') => createHmac('sha512', key).update(text).digest('hex');
const signed = (text: string, key?: string) => `${text}&vnp_SecureHash=${sign(text, key)}`;
const fields = {
  vnp_Amount: '15000000',
  vnp_ResponseCode: '00',
  vnp_TmnCode: 'TEST_TMN_CODE',
  vnp_TransactionNo: '14422574',
  vnp_TransactionStatus: '00',
  vnp_TxnRef: 'order',
};
const query = (changed: Record<string, string | undefined> = {}) => {
  const all = Object.entries({ ...fields, ...changed }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return all
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
};
const read = (raw: string, by = merchant) => vnpay.read(by, raw, now);
const noticeOf = (raw: string) => {
  const reading = read(raw);
  if (reading.kind !== 'NOTICE') throw new Error(`read as ${reading.kind}`);
  return reading.notice;
};

describe('signature', () => {
  test('the published notice verifies and is read', () => {
    expect(sign(published)).toBe(publishedHash);
    expect(read(`${published}&vnp_SecureHash=${publishedHash}`)).toEqual({
      kind: 'NOTICE',
      secretId: 'first',
      notice: {
        id: expect.stringMatching(/^vnpay:[0-9a-f]{64}$/),
        gateway: 'vnpay',
        orderRef: '1716257871703',
        amount: vnd(10_000n),
        gatewayTransaction: '14422574',
        outcome: 'SUCCEEDED',
        paidAt: new Date('2024-05-21T02:18:06Z'),
      },
    });
  });

  test('fields in another order, a hash type, empty fields and foreign parameters do not break it', () => {
    const shuffled = `vnp_SecureHash=${publishedHash.toUpperCase()}&utm=1&utm=2&${published.split('&').reverse().join('&')}&vnp_SecureHashType=HmacSHA512&vnp_Bill_Mobile=`;
    expect(read(shuffled).kind).toBe('NOTICE');
  });

  test('one changed character in any field is refused', () => {
    const raw = `${published}&vnp_SecureHash=${publishedHash}`;
    for (let at = 0; at < published.length; at++) {
      if (!/[A-Za-z0-9]/.test(raw[at] ?? '')) continue;
      const changed = raw.slice(0, at) + (raw[at] === '1' ? '2' : '1') + raw.slice(at + 1);
      expect(read(changed).kind, changed.slice(0, at + 1)).toBe('BAD_SIGNATURE');
    }
  });

  test.each([
    ['a field twice', `${signed(query())}&vnp_Amount=15000000`, 'FIELD_TWICE'],
    ['the hash twice', `${signed(query())}&vnp_SecureHash=${sign(query())}`, 'FIELD_TWICE'],
    ['no hash', query(), 'NO_SIGNATURE'],
    ['a broken escape', `${signed(query())}&vnp_OrderInfo=%zz`, 'MALFORMED'],
    ['bytes that are no UTF-8', `${signed(query())}&vnp_OrderInfo=%ff`, 'MALFORMED'],
    ['a hash of another length', `${query()}&vnp_SecureHash=00`, 'DIFFERS'],
    ['an empty hash', `${query()}&vnp_SecureHash=`, 'DIFFERS'],
    ['another secret', signed(query(), 'other_secret'), 'DIFFERS'],
  ])('%s is a bad signature', (_, raw, why) => {
    expect(read(raw)).toEqual({ kind: 'BAD_SIGNATURE', why });
  });

  test.each(['', 'utm=1', '&&', '=', 'x', '%zz=1'])('without any field of VNPAY there is no input: %j', (raw) => {
    expect(read(raw).kind).toBe('NO_INPUT');
  });

  test('the five characters on which encoders disagree verify under each of them, however they arrive', () => {
    const info = "a!b'c(d)e*f~g h";
    const node = 'a!b%27c(d)e*f~g+h'; // %27 arrives encoded: this is no encoder's own form of all six.
    const forms = {
      node: "a!b'c(d)e*f~g+h",
      java: 'a%21b%27c%28d%29e*f%7Eg+h',
      php: 'a%21b%27c%28d%29e%2Af%7Eg+h',
      dotnet: 'a!b%27c(d)e*f%7Eg+h',
    };
    for (const signedForm of Object.values(forms)) {
      const hash = sign(query({ vnp_OrderInfo: signedForm }));
      for (const arrived of [...Object.values(forms), node, encodeURIComponent(info)]) {
        expect(read(`${query({ vnp_OrderInfo: arrived })}&vnp_SecureHash=${hash}`).kind, `${signedForm} as ${arrived}`).toBe('NOTICE');
      }
    }
  });

  test('a message signed over its own unusual encoding verifies as received', () => {
    expect(read(signed(query({ vnp_OrderInfo: '%41%3a%20b' }))).kind).toBe('NOTICE');
  });

  test('any text in any field survives signing and reading', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (text) => {
        const encoded = new URLSearchParams({ v: text }).toString().slice(2);
        expect(read(signed(query({ vnp_OrderInfo: encoded }))).kind).toBe('NOTICE');
      }),
    );
  });

  test('while secrets change both verify, and the log can tell which', () => {
    const changing = {
      ...merchant,
      secrets: [
        secret('old', 'old_secret_', { notAfter: new Date('2026-11-22T00:00:00Z') }),
        secret('new', 'new_secret_', { notBefore: new Date('2026-11-20T00:00:00Z') }),
      ],
    };
    expect(read(signed(query(), 'old_secret_'), changing)).toMatchObject({ kind: 'NOTICE', secretId: 'old' });
    expect(read(signed(query(), 'new_secret_'), changing)).toMatchObject({ kind: 'NOTICE', secretId: 'new' });
    const after = new Date('2026-11-22T00:00:00Z');
    expect(vnpay.read(changing, signed(query(), 'old_secret_'), after).kind).toBe('BAD_SIGNATURE');
    const before = new Date('2026-11-19T00:00:00Z');
    expect(vnpay.read(changing, signed(query(), 'new_secret_'), before).kind).toBe('BAD_SIGNATURE');
  });
});

describe('content', () => {
  test("another merchant's notice is not ours, even under our secret", () => {
    expect(read(signed(query({ vnp_TmnCode: 'OTHER' }))).kind).toBe('OTHER_MERCHANT');
  });

  test.each(['vnp_TmnCode', 'vnp_TxnRef', 'vnp_Amount', 'vnp_ResponseCode', 'vnp_TransactionStatus', 'vnp_TransactionNo'])(
    'a signed notice without %s is incomplete',
    (name) => {
      expect(read(signed(query({ [name]: undefined })))).toMatchObject({ kind: 'INCOMPLETE', missing: expect.arrayContaining([name]) });
    },
  );

  test('money needs a transaction number of its own, a failure does not', () => {
    expect(read(signed(query({ vnp_TransactionNo: '0' }))).kind).toBe('INCOMPLETE');
    expect(noticeOf(signed(query({ vnp_TransactionNo: '0', vnp_ResponseCode: '24', vnp_TransactionStatus: '02' })))).toMatchObject({
      outcome: 'FAILED',
    });
  });

  test.each([
    ['00', '00', 'SUCCEEDED'],
    ['00', '02', 'FAILED'],
    ['00', '01', 'FAILED'],
    ['24', '02', 'FAILED'],
    ['51', '02', 'FAILED'],
    ['24', '00', 'UNKNOWN'],
    ['07', '00', 'HELD'],
    ['00', '07', 'HELD'],
    ['00', '04', 'UNKNOWN'],
    ['00', '05', 'UNKNOWN'],
    ['00', '09', 'UNKNOWN'],
  ])('response %s with status %s is %s', (response, status, outcome) => {
    expect(noticeOf(signed(query({ vnp_ResponseCode: response, vnp_TransactionStatus: status }))).outcome).toBe(outcome);
  });

  test.each(['15000050', '-100', '1e6', '1500000.00', 'NaN', '0', '00', '015000000', '9'.repeat(30)])(
    'the amount %s is no whole number of đồng',
    (amount) => {
      expect(noticeOf(signed(query({ vnp_Amount: amount }))).amount).toBeUndefined();
    },
  );

  test('copies of one notice share an id, other notices do not', () => {
    expect(noticeOf(signed(query())).id).toBe(noticeOf(signed(query())).id);
    expect(noticeOf(signed(query({ vnp_TxnRef: 'other' }))).id).not.toBe(noticeOf(signed(query())).id);
  });
});

describe('time', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    process.env.TZ = zone;
  });

  test.each(['UTC', 'Asia/Ho_Chi_Minh', 'America/New_York'])('is GMT+7 whatever zone the process runs in: %s', (tz) => {
    process.env.TZ = tz;
    const instant = new Date('2026-11-21T17:05:13Z');
    expect(toVnpayTime(instant)).toBe('20261122000513');
    expect(fromVnpayTime('20261122000513')).toEqual(instant);
  });

  test.each(['20261322000513', '20260231000000', '2026112200051', '20261122240000', ''])('%j is no instant', (text) => {
    expect(fromVnpayTime(text)).toBeUndefined();
  });
});

describe('pay URL', () => {
  const attempt: PaymentAttempt = {
    id: '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10',
    orderRef: '79000701-0198c1de6c1e7b5e9c1a0d3b1f6f2a10',
    invoiceId: 'invoice',
    studentId: 'student',
    gateway: 'vnpay',
    amount: vnd(1_250_000n),
    wholeAmount: true,
    orderInfo: 'Thanh toan hoa don 0d3b1f6f2a10 truong 79000701',
    payerIp: '203.0.113.7',
    language: 'vi',
    createdAt: now,
    expiresAt: new Date('2026-11-21T02:15:00Z'),
    noticeAt: undefined,
    version: 1,
    status: 'PENDING',
  };

  test('carries what VNPAY requires, with the amount times 100 and the times in GMT+7', () => {
    const url = new URL(vnpay.payUrl(merchant, attempt, now));
    expect(url.origin + url.pathname).toBe(merchant.payUrl);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      vnp_Version: '2.1.0',
      vnp_Command: 'pay',
      vnp_TmnCode: 'TEST_TMN_CODE',
      vnp_Amount: '125000000',
      vnp_CreateDate: '20261121090000',
      vnp_CurrCode: 'VND',
      vnp_IpAddr: '203.0.113.7',
      vnp_Locale: 'vn',
      vnp_OrderInfo: 'Thanh toan hoa don 0d3b1f6f2a10 truong 79000701',
      vnp_OrderType: 'billpayment',
      vnp_ReturnUrl: merchant.returnUrl,
      vnp_ExpireDate: '20261121091500',
      vnp_TxnRef: attempt.orderRef,
      vnp_SecureHash: expect.stringMatching(/^[0-9a-f]{128}$/),
    });
  });

  test('is signed over what it shows, by the newest secret that is valid', () => {
    const secrets = [
      secret('new', 'new_secret_', { notBefore: new Date('2026-11-20T00:00:00Z') }),
      secret('old', 'old_secret_'),
      secret('next', 'next_secret', { notBefore: new Date('2026-12-01T00:00:00Z') }),
    ];
    const [text = '', hash] = (vnpay.payUrl({ ...merchant, secrets }, attempt, now).split('?')[1] ?? '').split('&vnp_SecureHash=');
    expect(hash).toBe(sign(text, 'new_secret_'));
  });

  test('is the same for the same attempt', () => {
    expect(vnpay.payUrl(merchant, attempt, new Date('2026-11-21T05:00:00Z'))).toBe(vnpay.payUrl(merchant, attempt, now));
  });
});
