import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Invoice, InvoiceStatus, type PaymentAttempt, PaymentAttemptStatus } from '@schoolbell/contracts/school/billing/v1/billing';
import { type Delivery, DeliveryStatus } from '@schoolbell/contracts/school/notification/v1/notification';
import type { Guardian } from '@schoolbell/contracts/school/registry/v1/registry';
import { schoolDateOf } from '@schoolbell/kernel';
import { v7 as uuidv7 } from 'uuid';
import type { Clients } from '../start/clients.ts';
import { refused, unreachable } from './failure.ts';
import { present } from './long-work.ts';
import { enumText, masked, moneyText } from './wording.ts';

/** One stop of a payment on its way from the payer's click to a guardian's mailbox. */
export interface Stop {
  readonly name: 'pay-url' | 'page' | 'click' | 'return' | 'notice' | 'settled' | 'announced' | 'queued' | 'sent' | 'mailbox';
  readonly text: string;
  readonly at: Date;
}

export interface Journey {
  readonly attemptId: string;
  readonly traceId: string;
  readonly clickAt: Date;
  readonly lastAt: Date;
  readonly stops: readonly Stop[];
}

export interface JourneyOptions {
  readonly clients: Clients;
  /** The mailbox's messages as JSON. */
  readonly mailbox: string;
  readonly invoiceId: string;
  readonly onStop: (stop: Stop) => void;
  /** How long mails may take. */
  readonly limitMs?: number;
}

const pollMs = 40;

/** Pays as a browser would, then watches each stop from outside until every guardian who wants notices has the mail. */
export async function payAndFollow({ clients, mailbox, invoiceId, onStop, limitMs = 60_000 }: JourneyOptions): Promise<Journey> {
  const stops: Stop[] = [];
  const tell = (name: Stop['name'], text: string, at = new Date()) => {
    const stop = { name, text, at };
    stops.push(stop);
    onStop(stop);
    return at;
  };
  const invoice = present((await clients.billing.getInvoice({ invoiceId })).invoice);
  refuseUnpayable(invoice);
  const guardians = await guardiansToTell(clients, invoice.studentId);

  const attemptId = uuidv7();
  const language = guardians[0]?.language === 'en' ? 'en' : 'vi';
  const wanted = { attemptId, invoiceId, gateway: 'vnpay', amount: undefined, payerIp: '127.0.0.1', language };
  const { url, attempt } = await clients.billing.createPaymentUrl(wanted, { idempotencyKey: attemptId });
  tell('pay-url', `billing made the pay URL over ${moneyText(present(attempt).amount)}`);

  const traceId = randomBytes(16).toString('hex');
  const payer = createPayer(url, `00-${traceId}-${randomBytes(8).toString('hex')}-01`);
  await payer.open();
  tell('page', "VNPAY's page is open");
  const clickAt = tell('click', 'click on "pay"');
  const back = await payer.pay();
  await payer.comeBack(back);
  tell('return', "the payer is back on the school's page");

  const following = { clients, mailbox, attemptId, invoiceId, guardians, clickAt, tell };
  const settled = await settledAttempt(following, Date.now() + limitMs, () => payer.ipnCalls(present(attempt).orderRef));
  const lastAt = await everyMail(following, settled, Date.now() + limitMs);
  return { attemptId, traceId, clickAt, lastAt, stops };
}

function refuseUnpayable({ status }: Invoice): void {
  if (status === InvoiceStatus.OPEN || status === InvoiceStatus.PARTIALLY_PAID) return;
  throw refused(
    'INVOICE_NOT_OPEN',
    `This invoice is ${enumText(InvoiceStatus, status)}; only an open one can be paid. "npx schoolbell invoice list --status open" shows those.`,
  );
}

async function guardiansToTell({ registry }: Clients, studentId: string): Promise<Guardian[]> {
  const { guardians } = await registry.listGuardians({ studentId, page: { size: 500, token: '' } });
  const today = schoolDateOf(new Date());
  const answersNow = ({ guardianships }: Guardian) =>
    guardianships.some((tie) => tie.studentId === studentId && tie.validFrom <= today && (tie.validUntil === '' || today < tie.validUntil));
  const told = guardians.filter((guardian) => guardian.wantsNotices && guardian.email !== '' && answersNow(guardian));
  if (told.length > 0) return told;
  throw refused(
    'NOBODY_TO_TELL',
    `None of the ${guardians.length} guardians of this pupil wants notices by e-mail, so no mail would come. Nothing was paid; take another invoice.`,
  );
}

/** What a browser does at a gateway: looks at the page, sends its form, follows the redirect. */
function createPayer(url: string, traceparent: string) {
  const page = new URL(url);
  if (page.hostname !== '127.0.0.1' && page.hostname !== 'localhost') {
    throw refused(
      'NOT_THE_STAND_IN',
      `The pay URL leads to ${page.hostname}. "demo pay" pays only at the stand-in for VNPAY on this machine.`,
    );
  }
  return {
    async open() {
      const response = await ask(url);
      const html = await response.text();
      if (!response.ok || !html.includes('name="outcome"')) {
        throw refused('PAGE_REFUSED', `VNPAY's stand-in does not take the pay URL: ${textOf(html)}`);
      }
    },
    async pay(): Promise<string> {
      const body = new URLSearchParams({ outcome: 'pay' });
      const response = await ask(url, { method: 'POST', body, redirect: 'manual', headers: { traceparent } });
      const target = response.headers.get('location');
      if (response.status !== 302 || target === null)
        throw refused('PAYMENT_REFUSED', `VNPAY's stand-in did not take the click: HTTP ${response.status}.`);
      return target;
    },
    async comeBack(target: string) {
      const response = await ask(target, { headers: { accept: 'text/html' } });
      await response.text();
      if (!response.ok) throw refused('RETURN_REFUSED', `The school's page answered HTTP ${response.status} to the payer who came back.`);
    },
    /** What the merchant answered to the notice, as VNPAY saw it. */
    async ipnCalls(orderRef: string): Promise<string> {
      const response = await ask(new URL(`/transactions/${encodeURIComponent(orderRef)}`, url).href);
      const { ipn } = (await response.json()) as { ipn?: { calls: { rspCode?: string; message: string }[] } };
      return ipn?.calls.map((call) => `${call.rspCode ?? '-'} (${call.message})`).join(', ') || 'no call yet';
    },
  };
}

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
  } catch (error) {
    throw unreachable(`${new URL(url).origin} does not answer (${error instanceof Error ? error.message : error}).`);
  }
}

function textOf(html: string): string {
  const [, main = html] = /<section[^>]*>([\s\S]*?)<\/section>/.exec(html) ?? [];
  return main
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}

interface Following extends Pick<JourneyOptions, 'clients' | 'mailbox' | 'invoiceId'> {
  readonly attemptId: string;
  readonly guardians: readonly Guardian[];
  readonly clickAt: Date;
  readonly tell: (name: Stop['name'], text: string, at?: Date) => Date;
}

async function settledAttempt({ clients, attemptId, tell }: Following, deadline: number, ipnCalls: () => Promise<string>): Promise<Date> {
  for (;;) {
    const attempt: PaymentAttempt = present((await clients.billing.getPaymentAttempt({ attemptId })).attempt);
    if (attempt.noticeAt && attempt.settledAt) {
      tell('notice', "billing kept VNPAY's notice", attempt.noticeAt);
      tell('settled', `billing settled it: ${enumText(PaymentAttemptStatus, attempt.status)}`, attempt.settledAt);
      if (attempt.status === PaymentAttemptStatus.SUCCEEDED) return attempt.settledAt;
      throw refused('NOT_PAID', `The payment ended as ${enumText(PaymentAttemptStatus, attempt.status)}, so no mail comes.`);
    }
    if (Date.now() > deadline) {
      throw refused('NOT_SETTLED', `Billing did not settle the payment in time. It answered VNPAY's notice with: ${await ipnCalls()}.`);
    }
    await sleep(pollMs);
  }
}

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly receivedAt: string;
}

/** Resolves to the time of the last mail. Deliveries are told in the order of their stops, and each of them once. */
async function everyMail(following: Following, settledAt: Date, deadline: number): Promise<Date> {
  const { clients, mailbox, invoiceId, guardians, clickAt, tell } = following;
  const told = new Set<string>();
  const tellOnce = (key: string, ...stop: Parameters<Following['tell']>) => {
    if (told.has(key)) return;
    told.add(key);
    tell(...stop);
  };
  const waiting = new Map(guardians.map((guardian) => [guardian.email.toLowerCase(), guardian]));
  let last = settledAt;
  while (waiting.size > 0) {
    const { deliveries } = await clients.notification.listDeliveries({
      invoiceId,
      studentId: '',
      status: DeliveryStatus.UNSPECIFIED,
      page: { size: 100, token: '' },
    });
    const ours = deliveries.filter((delivery) => (delivery.occurredAt ?? clickAt) >= clickAt).reverse();
    for (const delivery of ours) tellDelivery(delivery, tellOnce);
    const mails = (await (await ask(mailbox)).json()) as Mail[];
    for (const mail of mails) {
      const at = new Date(mail.receivedAt);
      const address = mail.to.find((to) => waiting.has(to.toLowerCase()))?.toLowerCase();
      const isDelivered = ours.some((delivery) => delivery.sentAt && delivery.guardianId === waiting.get(address ?? '')?.guardianId);
      if (address === undefined || at < clickAt || !isDelivered) continue;
      waiting.delete(address);
      last = at > last ? at : last;
      tell('mailbox', `in the mailbox of ${masked(address)}: "${mail.subject}"`, at);
    }
    if (waiting.size === 0) break;
    if (Date.now() > deadline) throw refused('NO_MAIL', missing(waiting, ours));
    await sleep(pollMs);
  }
  return last;
}

function tellDelivery(delivery: Delivery, tellOnce: (key: string, name: Stop['name'], text: string, at?: Date) => void): void {
  const { deliveryId, eventId, kind, announcedAt, queuedAt, sentAt, language } = delivery;
  if (announcedAt) tellOnce(`announced ${eventId}`, 'announced', `the event is on Kafka (${kind})`, announcedAt);
  if (queuedAt) tellOnce(`queued ${deliveryId}`, 'queued', `notification heard it and queued a message in "${language}"`, queuedAt);
  if (sentAt) tellOnce(`sent ${deliveryId}`, 'sent', 'the mail server took it', sentAt);
}

function missing(waiting: ReadonlyMap<string, unknown>, deliveries: readonly Delivery[]): string {
  const states = deliveries.map(({ status, lastError }) => `${enumText(DeliveryStatus, status)}${lastError ? ` (${lastError})` : ''}`);
  const seen = states.length === 0 ? 'notification has queued nothing for it' : `its deliveries are ${states.join(', ')}`;
  return `The payment is settled, but no mail came for ${[...waiting.keys()].map(masked).join(', ')} in time: ${seen}.`;
}
