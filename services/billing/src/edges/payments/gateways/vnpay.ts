import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Money, vnd } from '@schoolbell/kernel';
import type { NoticeOutcome, PaymentAttempt, PaymentNotice } from '../../../domain/payments/payment.ts';
import { type Gateway, type Merchant, type Reading, type Secret, validSecrets } from './gateway.ts';
import { neededFields } from './vnpay-fields.ts';

/**
 * VNPAY PAY 2.1.0 (VNPAY: sandbox.vnpayment.vn/apis/docs/thanh-toan-pay/pay.html). Its amounts are đồng × 100 and its times are
 * GMT+7 without saying so; neither leaves this file.
 */
export const vnpay: Gateway = {
  name: 'vnpay',
  amountLimit: vnd(9_999_999_999n), // vnp_Amount has at most 12 digits, two of which are the × 100.
  payUrl,
  read,
  reply: (answer) => replies[answer],
};

// VNPAY ends its calls on 00 and 02 and repeats on everything else, at most 10 times, 5 minutes apart.
const replies = {
  CONFIRMED: { RspCode: '00', Message: 'Confirm Success' },
  UNKNOWN_ORDER: { RspCode: '01', Message: 'Order not Found' },
  ALREADY_CONFIRMED: { RspCode: '02', Message: 'Order already confirmed' },
  AMOUNT_DIFFERS: { RspCode: '04', Message: 'Invalid amount' },
  BAD_SIGNATURE: { RspCode: '97', Message: 'Invalid Checksum' },
  OUR_FAULT: { RspCode: '99', Message: 'Unknown error' },
} as const;

function payUrl(merchant: Merchant, attempt: PaymentAttempt, now: Date): string {
  const [secret] = validSecrets(merchant, now);
  if (!secret) throw new Error(`No secret of merchant ${merchant.account} is valid now`);
  const fields = {
    vnp_Version: '2.1.0',
    vnp_Command: 'pay',
    vnp_TmnCode: merchant.account,
    vnp_Amount: String(attempt.amount.minorUnits * 100n),
    vnp_CreateDate: toVnpayTime(attempt.createdAt),
    vnp_CurrCode: 'VND',
    vnp_IpAddr: attempt.payerIp,
    vnp_Locale: attempt.language === 'vi' ? 'vn' : 'en',
    vnp_OrderInfo: attempt.orderInfo,
    vnp_OrderType: 'billpayment',
    vnp_ReturnUrl: merchant.returnUrl,
    vnp_ExpireDate: toVnpayTime(attempt.expiresAt),
    vnp_TxnRef: attempt.orderRef,
  };
  const query = canonical(new Map(Object.entries(fields)), encoders.form);
  return `${merchant.payUrl}?${query}&vnp_SecureHash=${hmac(secret.secret, query)}`;
}

type Encode = (text: string) => string;

const percent: Encode = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
const node: Encode = (text) => encodeURIComponent(text).replaceAll('%20', '+');

// VNPAY's samples sign with the encoder of their language, and these disagree on ! ' ( ) * ~ only.
const encoders = {
  node,
  form: (text) => node(text).replace(/[!'()~]/g, percent),
  php: (text) => node(text).replace(/[!'()*~]/g, percent),
  dotnet: (text) => node(text).replace(/['~]/g, percent),
} as const satisfies Record<string, Encode>;

/** What is signed: fields that are not empty, by name, form-encoded. */
function canonical(fields: ReadonlyMap<string, string>, encode: Encode): string {
  const names = [...fields.keys()].filter((name) => fields.get(name) !== '').sort();
  return names.map((name) => `${encode(name)}=${encode(fields.get(name) ?? '')}`).join('&');
}

/** HMAC-SHA512 in lower-case hex. */
function hmac(secret: string, text: string): string {
  return createHmac('sha512', secret).update(text, 'utf8').digest('hex');
}

function read(merchant: Merchant, raw: string, now: Date): Reading {
  const parsed = parse(raw);
  if (parsed === 'MALFORMED' || parsed === 'FIELD_TWICE') return { kind: 'BAD_SIGNATURE', why: parsed };
  const { fields, asReceived, signature } = parsed;
  if (fields.size === 0 && signature === undefined) return { kind: 'NO_INPUT' };
  if (signature === undefined) return { kind: 'BAD_SIGNATURE', why: 'NO_SIGNATURE' };

  const secrets = validSecrets(merchant, now);
  const signerOf = (texts: readonly string[]) => secrets.find((candidate) => isSignedWith(candidate, texts, signature));
  const secret = signerOf([asReceived]) ?? signerOf(Object.values(encoders).map((encode) => canonical(fields, encode)));
  if (!secret) return { kind: 'BAD_SIGNATURE', why: 'DIFFERS' };

  const secretId = secret.id;
  // Of what was signed, not of the query: whoever carries it can add fields of his own to that, and each would be another notice.
  const signed = `${merchant.account}\n${canonical(fields, encoders.form)}`;
  const noticeId = `vnpay:${createHash('sha256').update(signed).digest('hex')}`;
  const account = fields.get('vnp_TmnCode') ?? '';
  if (account !== '' && account !== merchant.account) return { kind: 'OTHER_MERCHANT', secretId };
  const missing = missingFrom(fields);
  if (missing.length > 0) return { kind: 'INCOMPLETE', noticeId, missing, doubt: doubtOf(noticeId, fields), secretId };
  return { kind: 'NOTICE', notice: toNotice(noticeId, fields), secretId };
}

interface Parsed {
  /** Decoded vnp_ fields but the signature's own. */
  readonly fields: ReadonlyMap<string, string>;
  /** The same as the sender encoded them, in the order in which they are signed. */
  readonly asReceived: string;
  readonly signature: string | undefined;
}

function parse(raw: string): Parsed | 'MALFORMED' | 'FIELD_TWICE' {
  const fields = new Map<string, string>();
  const received = new Map<string, string>();
  for (const pair of raw.split('&')) {
    const cut = pair.indexOf('=');
    const name = decode(cut < 0 ? pair : pair.slice(0, cut));
    // Others on the way may add parameters of their own; VNPAY signs only its own.
    if (!name?.startsWith('vnp_')) continue;
    const value = decode(cut < 0 ? '' : pair.slice(cut + 1));
    if (value === undefined) return 'MALFORMED';
    if (fields.has(name)) return 'FIELD_TWICE';
    fields.set(name, value);
    if (value !== '') received.set(name, pair);
  }
  const signature = fields.get('vnp_SecureHash');
  for (const name of ['vnp_SecureHash', 'vnp_SecureHashType']) {
    fields.delete(name);
    received.delete(name);
  }
  const asReceived = [...received.keys()].sort().map((name) => received.get(name));
  return { fields, asReceived: asReceived.join('&'), signature };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function isSignedWith({ secret }: Secret, texts: readonly string[], signature: string): boolean {
  const claimed = Buffer.from(signature.toLowerCase());
  let fits = false;
  for (const text of texts) {
    const ours = Buffer.from(hmac(secret, text));
    if (claimed.length === ours.length && timingSafeEqual(claimed, ours)) fits = true;
  }
  return fits;
}

function missingFrom(fields: ReadonlyMap<string, string>): string[] {
  const missing = neededFields.filter((name) => !fields.get(name));
  // Failures carry the number 0; money needs its own, or a repeat could not be told from a second payment.
  const numbered = /^(?!0+$)[0-9A-Za-z-]{1,40}$/.test(fields.get('vnp_TransactionNo') ?? '');
  if (outcomeOf(fields) === 'SUCCEEDED' && !numbered) missing.push('vnp_TransactionNo');
  return missing;
}

/** What a person is asked about where an incomplete notice may tell of money. */
function doubtOf(id: string, fields: ReadonlyMap<string, string>): PaymentNotice | undefined {
  const mayBeMoney = outcomeOf(fields) !== 'FAILED' || fields.get('vnp_ResponseCode') === '00';
  return mayBeMoney ? { ...toNotice(id, fields), outcome: 'UNKNOWN' } : undefined;
}

function toNotice(id: string, fields: ReadonlyMap<string, string>): PaymentNotice {
  return {
    id,
    gateway: 'vnpay',
    orderRef: fields.get('vnp_TxnRef') ?? '',
    amount: toAmount(fields.get('vnp_Amount') ?? ''),
    gatewayTransaction: fields.get('vnp_TransactionNo') ?? '',
    outcome: outcomeOf(fields),
    paidAt: fromVnpayTime(fields.get('vnp_PayDate') ?? ''),
  };
}

/**
 * Success only where both codes say so. 07 is "debited but suspicious"; 04 to 06 and 09 are debited money on its way back,
 * and a status 00 under another response code contradicts itself: a person must ask.
 */
function outcomeOf(fields: ReadonlyMap<string, string>): NoticeOutcome {
  const response = fields.get('vnp_ResponseCode') ?? '';
  const status = fields.get('vnp_TransactionStatus') ?? '';
  if (response === '00' && status === '00') return 'SUCCEEDED';
  if (response === '07' || status === '07') return 'HELD';
  return ['00', '04', '05', '06', '09'].includes(status) ? 'UNKNOWN' : 'FAILED';
}

function toAmount(text: string): Money | undefined {
  if (!/^[1-9]\d{0,17}$/.test(text) || !text.endsWith('00')) return undefined;
  return vnd(BigInt(text) / 100n);
}

const vietnamOffsetMs = 7 * 3_600_000;

/** yyyyMMddHHmmss in GMT+7, whatever zone the process runs in. */
export function toVnpayTime(instant: Date): string {
  return new Date(instant.getTime() + vietnamOffsetMs).toISOString().replace(/\D/g, '').slice(0, 14);
}

/** Undefined for what is no instant. */
export function fromVnpayTime(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const instant = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+07:00`);
  return !Number.isNaN(instant.getTime()) && toVnpayTime(instant) === text ? instant : undefined;
}
