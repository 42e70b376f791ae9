import { readFileSync, statSync } from 'node:fs';
import type { Logger } from '@schoolbell/service-kit';
import { z } from 'zod';
import type { Merchant } from './gateway.ts';

/** The merchants of every gateway, as the file says now. */
export interface Merchants {
  /** Of the school with this code, as it stands in a gateway's URL. */
  ofCode(gateway: string, schoolCode: string): Merchant | undefined;
  ofSchool(gateway: string, schoolId: string): Merchant | undefined;
}

const secret = z.strictObject({
  id: z.string().min(1).max(64),
  secret: z.string().min(8).max(512),
  notBefore: z.iso.datetime({ offset: true }).optional(),
  notAfter: z.iso.datetime({ offset: true }).optional(),
});

const merchant = z.strictObject({
  schoolId: z.string().min(1).max(100),
  schoolCode: z.string().regex(/^[A-Za-z0-9]{1,32}$/, 'letters and digits, because it stands in order references'),
  tmnCode: z.string().regex(/^[A-Za-z0-9_]{1,20}$/),
  secrets: z.array(secret).min(1).max(4),
});

const gatewaysFile = z.strictObject({
  vnpay: z.strictObject({
    payUrl: z.url({ protocol: /^https?$/ }),
    returnUrl: z
      .url({ protocol: /^https?$/ })
      .min(10)
      .max(220),
    merchants: z.array(merchant).superRefine((merchants, issues) => {
      for (const name of ['schoolId', 'schoolCode', 'tmnCode'] as const) {
        const values = merchants.map((each) => each[name]);
        if (new Set(values).size < values.length) issues.addIssue({ code: 'custom', message: `two merchants share a ${name}` });
      }
    }),
  }),
});

type GatewaysFile = z.infer<typeof gatewaysFile>;

const recheckMs = 1_000;

interface Options {
  /** Absent: no school has a gateway. */
  readonly file: string | undefined;
  readonly log: Logger;
  /** Refuses a file that others than its owner may read, instead of warning. */
  readonly strictMode: boolean;
}

/** Reads the file, and again within seconds of a change. A first version that is wrong throws; a later one is logged and the old one stays. */
export function openMerchants({ file, log, strictMode }: Options): Merchants {
  if (file === undefined) return { ofCode: () => undefined, ofSchool: () => undefined };
  let seen = fingerprint(file);
  let index = load(file, { log, strictMode });
  let checkedAt = performance.now();

  const current = (): Index => {
    if (performance.now() - checkedAt < recheckMs) return index;
    checkedAt = performance.now();
    try {
      const now = fingerprint(file);
      if (now === seen) return index;
      seen = now;
      index = load(file, { log, strictMode });
      log.info('gateways file read again');
    } catch (error) {
      log.error(
        { cause: error instanceof GatewaysFileError ? error.message : 'unreadable' },
        'gateways file is wrong, the last good one stays',
      );
    }
    return index;
  };
  return {
    ofCode: (gateway, schoolCode) => current().get(`${gateway}/code/${schoolCode}`),
    ofSchool: (gateway, schoolId) => current().get(`${gateway}/school/${schoolId}`),
  };
}

type Index = ReadonlyMap<string, Merchant>;

class GatewaysFileError extends Error {}

function fingerprint(file: string): string {
  const { mtimeMs, size, ino } = statSync(file);
  return `${mtimeMs}/${size}/${ino}`;
}

function load(file: string, { log, strictMode }: { log: Logger; strictMode: boolean }): Index {
  if ((statSync(file).mode & 0o077) !== 0) {
    const advice = 'The gateways file holds secrets and may be read by others than its owner: chmod 600';
    if (strictMode) throw new GatewaysFileError(advice);
    log.warn(advice);
  }
  return indexOf(parse(readFileSync(file, 'utf8')));
}

// Parse errors quote what they stumble over, and here that may be a secret: only places are told.
function parse(text: string): GatewaysFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new GatewaysFileError('The gateways file is not JSON');
  }
  const parsed = gatewaysFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, code, message }) => `${path.join('.')}: ${code === 'custom' ? message : code}`);
  throw new GatewaysFileError(`The gateways file is wrong at ${places.join('; ')}`);
}

function indexOf({ vnpay }: GatewaysFile): Index {
  const index = new Map<string, Merchant>();
  for (const { schoolId, schoolCode, tmnCode, secrets } of vnpay.merchants) {
    const found: Merchant = {
      schoolId,
      schoolCode,
      account: tmnCode,
      payUrl: vnpay.payUrl,
      returnUrl: vnpay.returnUrl.replaceAll('{schoolCode}', schoolCode).replaceAll('%7BschoolCode%7D', schoolCode),
      secrets: secrets.map(({ id, secret, notBefore, notAfter }) => ({
        id,
        secret,
        notBefore: toDate(notBefore),
        notAfter: toDate(notAfter),
      })),
    };
    index.set(`vnpay/code/${schoolCode}`, found);
    index.set(`vnpay/school/${schoolId}`, found);
  }
  return index;
}

function toDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
