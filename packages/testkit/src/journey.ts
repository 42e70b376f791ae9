import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Invoice, InvoiceRunStatus } from '@schoolbell/contracts/school/billing/v1/billing';
import { Import, ImportKind, ImportStatus } from '@schoolbell/contracts/school/registry/v1/registry';
import { type Schoolbell, type StartOptions, startSchoolbell } from '@schoolbell/infra/start/schoolbell.ts';
import { sign } from '@schoolbell/infra/vnpay-sandbox/signature.ts';
import { v7 as uuidv7 } from 'uuid';
import { type Collector, startCollector } from './collector.ts';
import { type Acknowledged, nothingAcknowledged } from './oracle/acknowledged.ts';

/** A mail as the mailbox shows it. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
}

/** VNPAY's own reply dialect. */
export interface IpnReply {
  readonly status: number;
  readonly RspCode: string;
  readonly Message: string;
}

/** A whole Schoolbell, spoken to as the world does: gRPC, HTTP, Kafka and mail. */
export interface Journey {
  readonly schoolbell: Schoolbell;
  readonly collector: Collector;
  /** What it was told is done, for the invariants to look for. */
  readonly acknowledged: Acknowledged;
  /** Plans and applies a file, and waits until it is taken over. Returns the plan. */
  importFile(kind: 'roster' | 'contacts', file: string): Promise<Import>;
  plan(kind: 'roster' | 'contacts', file: string): Promise<Import>;
  /** Defines a fee item and issues invoices for all pupils; waits until the run is done. */
  runInvoices(unitPrice: bigint, title: string): Promise<string>;
  /** The first open invoice of a pupil. */
  invoiceOf(studentId: string): Promise<Invoice>;
  /** Parameters of VNPAY's notice for a payment of this invoice, signed; `change` is signed too. */
  noticeFor(invoiceId: string, change?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
  /** Calls the IPN door as VNPAY does. */
  notify(notice: Readonly<Record<string, string>>): Promise<IpnReply>;
  mails(): Promise<Mail[]>;
  stop(): Promise<void>;
}

export async function startJourney(options: Partial<StartOptions> = {}): Promise<Journey> {
  const stateDir = await mkdtemp(join(tmpdir(), 'schoolbell-journey-'));
  const collector = await startCollector();
  const env = { ...options.env, all: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...options.env?.all } };
  const schoolbell = await startSchoolbell({ stateDir, nodeEnv: 'production', log: () => undefined, ...options, env });
  const acknowledged = nothingAcknowledged();
  return {
    schoolbell,
    collector,
    acknowledged,
    ...roster(schoolbell, acknowledged),
    ...money(schoolbell, acknowledged),
    ...vnpay(schoolbell, acknowledged),
    mails: async () => (await (await fetch(schoolbell.run.mailbox)).json()) as Mail[],
    stop: async () => {
      await schoolbell.stop();
      await collector.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Looks again and again until there is something; the test's own limit ends it. */
export async function until<T>(look: () => Promise<T | undefined | false>, everyMs = 100): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(everyMs);
  }
}

const kinds = { roster: ImportKind.ROSTER, contacts: ImportKind.CONTACTS } as const;

function roster({ clients: { registry } }: Schoolbell, { imports }: Acknowledged): Pick<Journey, 'plan' | 'importFile'> {
  const plan: Journey['plan'] = async (kind, file) => {
    const content = await readFile(file);
    const { import: planned } = await registry.planImport({
      importId: uuidv7(),
      kind: kinds[kind],
      fileName: file.split('/').at(-1) ?? file,
      content,
    });
    return planned ?? Import.create();
  };
  return {
    plan,
    importFile: async (kind, file) => {
      const planned = await plan(kind, file);
      await registry.applyImport({ importId: planned.importId });
      imports.push(planned.importId);
      await until(async () => (await registry.getImport({ importId: planned.importId })).import?.status === ImportStatus.APPLIED);
      return planned;
    },
  };
}

function money({ clients: { billing } }: Schoolbell, { runs }: Acknowledged): Pick<Journey, 'runInvoices' | 'invoiceOf'> {
  return {
    runInvoices: async (unitPrice, title) => {
      const feeItemId = uuidv7();
      const price = { currencyCode: 'VND', minorUnits: unitPrice };
      const feeItem = {
        feeItemId,
        code: `BAN_TRU_${feeItemId.slice(-4).toUpperCase()}`,
        name: 'Dịch vụ phục vụ bán trú',
        unitPrice: price,
        unit: 'tháng',
        effectiveFrom: '2026-09-01',
        effectiveUntil: '',
        citation: 'NQ 18/2025/NQ-HĐND',
      };
      await billing.defineFeeItem({ feeItem });
      const runId = uuidv7();
      const dueOn = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
      await billing.startInvoiceRun({ runId, title, charges: [{ feeItemId, quantity: 1 }], dueOn, classIds: [] });
      runs.push(runId);
      await until(async () => (await billing.getInvoiceRun({ runId }).catch(() => undefined))?.run?.status === InvoiceRunStatus.DONE);
      return runId;
    },
    invoiceOf: async (studentId) => {
      const { invoices } = await billing.listInvoices({ studentId, status: 0, page: undefined });
      const [first] = invoices;
      if (!first) throw new Error(`The pupil ${studentId} has no invoice`);
      return first;
    },
  };
}

function vnpay(schoolbell: Schoolbell, { orders, notices }: Acknowledged): Pick<Journey, 'noticeFor' | 'notify'> {
  const { billing } = schoolbell.clients;
  const { hashSecret, ipn } = merchantOf(schoolbell);
  let transactionNo = 14_000_000 + Math.floor(Math.random() * 1_000_000);
  return {
    noticeFor: async (invoiceId, change = {}) => {
      const attempt = { attemptId: uuidv7(), invoiceId, gateway: 'vnpay', amount: undefined, payerIp: '203.0.113.7', language: 'vi' };
      const asked = new URL((await billing.createPaymentUrl(attempt)).url).searchParams;
      orders.push(asked.get('vnp_TxnRef') ?? '');
      const notice = {
        vnp_TmnCode: asked.get('vnp_TmnCode') ?? '',
        vnp_Amount: asked.get('vnp_Amount') ?? '',
        vnp_BankCode: 'NCB',
        vnp_CardType: 'ATM',
        vnp_PayDate: '20261121091806',
        vnp_OrderInfo: asked.get('vnp_OrderInfo') ?? '',
        vnp_TransactionNo: String(++transactionNo),
        vnp_ResponseCode: '00',
        vnp_TransactionStatus: '00',
        vnp_TxnRef: asked.get('vnp_TxnRef') ?? '',
        ...change,
      };
      return { ...notice, vnp_SecureHash: sign(notice, hashSecret) };
    },
    notify: async (notice) => {
      const reply = await fetch(`${ipn}?${new URLSearchParams({ ...notice })}`);
      const told = (await reply.json()) as { RspCode: string; Message: string };
      const { vnp_TxnRef: orderRef = '', vnp_TransactionNo: gatewayTransaction = '' } = notice;
      if (told.RspCode === '00' || told.RspCode === '02') notices.push({ orderRef, gatewayTransaction });
      return { status: reply.status, ...told };
    },
  };
}

function merchantOf({ run }: Schoolbell): { readonly hashSecret: string; readonly ipn: string } {
  const merchant = run.gateways.vnpay;
  if (!merchant) throw new Error('The school has no account with VNPAY');
  return merchant;
}
