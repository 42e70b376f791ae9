import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@schoolbell/service-kit';
import { until } from '@schoolbell/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMerchants } from './merchants.ts';

const lines: string[] = [];
const log = createLogger('billing', 'error', { write: (line) => lines.push(line) });
const merchant = (schoolCode: string, secrets = [{ id: 'a', secret: 'secret-one' }]) => ({
  schoolId: `school-${schoolCode}`,
  schoolCode,
  tmnCode: `TMN${schoolCode}`,
  secrets,
});
const content = (merchants: unknown[]) => ({
  vnpay: {
    payUrl: 'https://sandbox.vnpayment.vn/paymentv2/vpcpay.html',
    returnUrl: 'http://127.0.0.1:4000/gateways/vnpay/{schoolCode}/return',
    merchants,
  },
});

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateways-'));
  file = join(folder, 'gateways.json');
});
afterEach(() => rm(folder, { recursive: true }));
const write = (value: unknown) => writeFile(file, typeof value === 'string' ? value : JSON.stringify(value), { mode: 0o600 });
const open = (strictMode = true) => openMerchants({ file, log, strictMode });

test('a merchant is found by school and by code, with the return address of its school', async () => {
  await write(content([merchant('79000701'), merchant('79000702')]));
  const merchants = open();
  expect(merchants.ofCode('vnpay', '79000701')).toMatchObject({
    schoolId: 'school-79000701',
    account: 'TMN79000701',
    returnUrl: 'http://127.0.0.1:4000/gateways/vnpay/79000701/return',
  });
  expect(merchants.ofSchool('vnpay', 'school-79000702')?.schoolCode).toBe('79000702');
  expect(merchants.ofCode('vnpay', '79000799')).toBeUndefined();
  expect(merchants.ofCode('momo', '79000701')).toBeUndefined();
});

test('without a file no school has a gateway', () => {
  expect(openMerchants({ file: undefined, log, strictMode: true }).ofCode('vnpay', '79000701')).toBeUndefined();
});

test.each([
  ['no JSON', '{"secret":"hunter2hunter2"', 'is not JSON'],
  ['an unknown field', content([{ ...merchant('1'), hashSecret: 'hunter2hunter2' }]), 'unrecognized_keys'],
  [
    'two merchants of one code',
    content([merchant('1'), { ...merchant('1'), schoolId: 'b', tmnCode: 'c' }]),
    'two merchants share a schoolCode',
  ],
  ['two merchants of one terminal', content([merchant('1'), { ...merchant('2'), tmnCode: 'TMN1' }]), 'two merchants share a tmnCode'],
  ['a merchant without secrets', content([merchant('1', [])]), 'vnpay.merchants.0.secrets'],
  ['a school code that cannot stand in an order reference', content([merchant('79 000')]), 'vnpay.merchants.0.schoolCode'],
  [
    'a time without a zone',
    content([{ ...merchant('1'), secrets: [{ id: 'a', secret: 'hunter2hunter2', notAfter: '2026-11-21T00:00:00' }] }]),
    'notAfter',
  ],
])('a file with %s is refused at start, naming the place and never a value', async (_, value, text) => {
  await write(value);
  expect(open).toThrow(text);
  expect(open).not.toThrow('hunter2');
});

test('a file that others may read is refused in production and used elsewhere', async () => {
  await write(content([merchant('79000701')]));
  await chmod(file, 0o644);
  expect(() => open(true)).toThrow('chmod 600');
  expect(open(false).ofCode('vnpay', '79000701')).toBeDefined();
});

test('a changed file is in force within seconds, and a broken one leaves the last good one', async () => {
  await write(content([merchant('79000701')]));
  const merchants = open();
  const secretIds = () => merchants.ofCode('vnpay', '79000701')?.secrets.map(({ id }) => id);
  expect(secretIds()).toEqual(['a']);

  await write(
    content([
      merchant('79000701', [
        { id: 'a', secret: 'secret-one' },
        { id: 'b', secret: 'secret-two' },
      ]),
    ]),
  );
  await until(async () => secretIds()?.join() === 'a,b');

  await write('{ broken');
  await until(async () => {
    expect(secretIds()).toEqual(['a', 'b']);
    return lines.some((line) => line.includes('the last good one stays'));
  });
});
