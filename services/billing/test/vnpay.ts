import { createHmac } from 'node:crypto';
import type { Money } from '@schoolbell/kernel';
import { err } from '@schoolbell/kernel';
import { type Address, createLogger, type HttpApp, type Logger } from '@schoolbell/service-kit';
import { createHttpApp, startHttp } from '@schoolbell/service-kit/http';
import type { BillingConfig } from '../src/config.ts';
import type { GatewayDeps } from '../src/edges/deps.ts';
import type { Merchant } from '../src/edges/payments/gateways/gateway.ts';
import type { Billing } from './given.ts';

/** What VNPAY's side of the wire does, written apart from what billing does. Every signature made here is self-made. */
function sign(text: string, secret: string): string {
  return createHmac('sha512', secret).update(text).digest('hex');
}

type Fields = Record<string, string | undefined>;

/** The query of a notice, signed; a field given as undefined is left out. */
export function ipnQuery(fields: Fields, secret: string): string {
  const all = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  all.sort(([a], [b]) => (a < b ? -1 : 1));
  const text = new URLSearchParams(all).toString();
  return `${text}&vnp_SecureHash=${sign(text, secret)}`;
}

/** A success for the order, unless `changed` says otherwise. */
export function ipnFields(merchant: Merchant, order: { orderRef: string; amount: Money }, changed: Fields = {}): Fields {
  return {
    vnp_TmnCode: merchant.account,
    vnp_Amount: String(order.amount.minorUnits * 100n),
    vnp_BankCode: 'NCB',
    vnp_PayDate: '20261121090000',
    vnp_OrderInfo: 'Thanh toan hoa don',
    vnp_TransactionNo: '14422574',
    vnp_ResponseCode: '00',
    vnp_TransactionStatus: '00',
    vnp_TxnRef: order.orderRef,
    ...changed,
  };
}

export function merchantOf(schoolId: string, schoolCode: string, account = `TMN${schoolCode.slice(-5)}`): Merchant {
  return {
    schoolId,
    schoolCode,
    account,
    secrets: [{ id: `secret of ${schoolCode}`, secret: `secret-${schoolCode}-key`, notBefore: undefined, notAfter: undefined }],
    payUrl: 'http://127.0.0.1:9/paymentv2/vpcpay.html',
    returnUrl: `http://127.0.0.1:9/gateways/vnpay/${schoolCode}/return`,
  };
}

export const secretOf = (merchant: Merchant): string => merchant.secrets[0]?.secret ?? '';

export interface Door {
  readonly url: string;
  readonly address: Address;
  /** Every log line so far. */
  readonly lines: string[];
  /** How many requests came so far. */
  readonly asked: () => number;
  stop(): Promise<void>;
}

interface DoorFacts {
  readonly database: Billing['database'];
  readonly merchants: readonly Merchant[];
  readonly now?: () => Date;
}

/** Serves billing's HTTP edges on a real socket over the test's database. */
export async function openDoor(
  routes: readonly ((app: HttpApp, deps: GatewayDeps) => void)[],
  { database, merchants, now = () => new Date() }: DoorFacts,
): Promise<Door> {
  const lines: string[] = [];
  const log: Logger = createLogger('billing', 'info', { write: (line) => void lines.push(line) });
  const { app } = await createHttpApp({ name: 'billing', authenticate: async () => err({ code: 'UNAUTHENTICATED' }), log });
  const { transact, read } = database;
  const config = { SCHOOLBELL_PAYMENT_MINUTES: 15 } as BillingConfig;
  let asked = 0;
  const known = {
    ofCode: (gateway: string, code: string) => {
      asked++;
      return merchants.find(({ schoolCode }) => gateway === 'vnpay' && schoolCode === code);
    },
    ofSchool: (gateway: string, school: string) => merchants.find(({ schoolId }) => gateway === 'vnpay' && schoolId === school),
  };
  for (const route of routes) route(app, { transact, read, config, log, now, wake: () => undefined, merchants: known });
  const server = await startHttp(app, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${server.address.port}`,
    address: server.address,
    lines,
    asked: () => asked,
    stop: () => server.stop(2_000),
  };
}
