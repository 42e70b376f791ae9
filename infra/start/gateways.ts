import { join } from 'node:path';
import type { Identity } from './identity.ts';
import type { Ports } from './ports.ts';
import { type RunFile, writePrivate } from './run-file.ts';

export interface Gateways {
  /** What billing reads. */
  readonly file: string;
  /** What the stand-in for VNPAY's sandbox reads. */
  readonly merchantsFile: string;
  readonly shown: RunFile['gateways'];
}

/** The school's account with VNPAY as both sides must know it: one secret, one IPN address. */
export function writeGateways(stateDir: string, { school, vnpay }: Identity, ports: Ports): Gateways {
  const door = `http://127.0.0.1:${ports['billing-http']}/gateways/vnpay/${school.code}`;
  const file = join(stateDir, 'gateways.json');
  const merchantsFile = join(stateDir, 'vnpay-merchants.json');
  const ipn = `${door}/ipn`;
  const merchant = {
    schoolId: school.id,
    schoolCode: school.code,
    tmnCode: vnpay.tmnCode,
    secrets: [{ id: 'demo', secret: vnpay.hashSecret }],
  };
  const payUrl = `http://127.0.0.1:${ports.vnpay}/paymentv2/vpcpay.html`;
  writePrivate(file, JSON.stringify({ vnpay: { payUrl, returnUrl: `${door}/return`, merchants: [merchant] } }));
  writePrivate(merchantsFile, JSON.stringify({ merchants: [{ ...vnpay, ipnUrl: ipn, name: school.name }] }));
  return { file, merchantsFile, shown: { vnpay: { ...vnpay, ipn } } };
}
