import { createHmac, timingSafeEqual } from 'node:crypto';

/** The parameters of a request or an answer, by their VNPAY names ("vnp_Amount"). */
export type Parameters = Readonly<Record<string, string>>;

const unsigned = new Set(['vnp_SecureHash', 'vnp_SecureHashType']);

/**
 * VNPAY PAY 2.1.0: every filled-in `vnp_` parameter but the hash itself, sorted by name, form-encoded, joined by "&";
 * HMAC-SHA512 under the merchant's secret, in lower-case hex. Written from VNPAY's description and shared with nobody,
 * so that a mistake in the code under test is not repeated here.
 */
export function sign(parameters: Parameters, hashSecret: string): string {
  return createHmac('sha512', hashSecret).update(signedText(parameters), 'utf8').digest('hex');
}

export function signedText(parameters: Parameters): string {
  return Object.entries(parameters)
    .filter(([name, value]) => name.startsWith('vnp_') && !unsigned.has(name) && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${formEncoded(name)}=${formEncoded(value)}`)
    .join('&');
}

export function isSigned(parameters: Parameters, hashSecret: string): boolean {
  const given = Buffer.from((parameters.vnp_SecureHash ?? '').toLowerCase());
  const right = Buffer.from(sign(parameters, hashSecret));
  return given.length === right.length && timingSafeEqual(given, right);
}

/** As java.net.URLEncoder does it, which is what VNPAY's own servers run: only `. - _ *` stay besides letters and digits. */
function formEncoded(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9.*_-]/.test(character)) encoded += character;
    else if (character === ' ') encoded += '+';
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
