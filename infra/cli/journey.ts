import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Invoice, InvoiceStatus, PaymentAttemptStatus } from '@schoolbell/contracts/school/billing/v1/billing';
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
  /** What was seen in one look is told in the order in which it happened. */
  const tell = (...seen: Stop[]) => {
    for (const stop of seen.sort((a, b) => a.at.getTime() - b.at.getTime())) {
      stops.push(stop);
      onStop(stop);
    }
  };
  const invoice = present((await clients.billing.getInvoice({ invoiceId })).invoice);
  refuseUnpayable(invoice);
  const guardians = await guardiansToTell(clients, invoice.studentId);

  const attemptId = uuidv7();
  const language = guardians[0]?.language === 'en' ? 'en' : 'vi';
  const wanted = { attemptId, invoiceId, gateway: 'vnpay', amount: undefined, payerIp: '127.0.0.1', language };
  const { url, attempt } = await clients.billing.createPaymentUrl(wanted, { idempotencyKey: attemptId });
  tell(stop('pay-url', `billing made the pay URL over ${moneyText(present(attempt).amount)}`));

  const traceId = randomBytes(16).toString('hex');
  const payer = createPayer(url, `00-${traceId}-${randomBytes(8).toString('hex')}-01`);
  await payer.open();
  const click = stop('click', 'click on "pay"');
  tell(stop('page', "VNPAY's page is open"), click);
  await payer.comeBack(await payer.pay());
  const back = stop('return', "the payer is back on the school's page");

  const settled = await settledAttempt(clients, attemptId, Date.now() + limitMs, () => payer.ipnCalls(present(attempt).orderRef));
  tell(back, ...settled);
  await everyMail({ clients, mailbox, invoiceId, guardians, clickAt: click.at, tell }, Date.now() + limitMs);
  return { attemptId, traceId, clickAt: click.at, lastAt: stops.at(-1)?.at ?? click.at, stops };
}

function stop(name: Stop['name'], text: string, at = new Date()): Stop {
  return { name, text, at };
}

function refuseUnpayable({ status }: Invoice): void {
  if (status === InvoiceStatus.OPEN || status === InvoiceStatus.PARTIALLY_PAID) return;
  throw refused(
    'INVOICE_NOT_OPEN',
    `This invoice is ${enumText(InvoiceStatus, status)}; only an open one can be paid. "./schoolbell invoice list --status open" shows those.`,
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

async function settledAttempt({ billing }: Clients, attemptId: string, deadline: number, ipnCalls: () => Promise<string>): Promise<Stop[]> {
  for (;;) {
    const { noticeAt, settledAt, status } = present((await billing.getPaymentAttempt({ attemptId })).attempt);
    if (noticeAt && settledAt) {
      if (status !== PaymentAttemptStatus.SUCCEEDED) {
        throw refused('NOT_PAID', `The payment ended as ${enumText(PaymentAttemptStatus, status)}, so no mail comes.`);
      }
      return [stop('notice', "billing kept VNPAY's notice", noticeAt), stop('settled', 'billing settled it', settledAt)];
    }
    if (Date.now() > deadline) {
      throw refused('NOT_SETTLED', `Billing did not settle the payment in time. It answered VNPAY's notice with: ${await ipnCalls()}.`);
    }
    await sleep(pollMs);
  }
}

interface Following extends Pick<JourneyOptions, 'clients' | 'mailbox' | 'invoiceId'> {
  readonly guardians: readonly Guardian[];
  readonly clickAt: Date;
  readonly tell: (...seen: Stop[]) => void;
}

/** Watches the deliveries and the mailbox until every guardian's mail is there and noted as sent. */
async function everyMail({ clients, mailbox, invoiceId, guardians, clickAt, tell }: Following, deadline: number): Promise<void> {
  const told = new Set<string>();
  for (;;) {
    const asked = { invoiceId, studentId: '', status: DeliveryStatus.UNSPECIFIED, page: { size: 100, token: '' } };
    const { deliveries } = await clients.notification.listDeliveries(asked);
    const ours = deliveries.filter(({ occurredAt }) => occurredAt !== undefined && occurredAt >= clickAt);
    const mails = ((await (await ask(mailbox)).json()) as Mail[]).filter(({ receivedAt }) => new Date(receivedAt) >= clickAt);
    const perGuardian = guardians.map((guardian, index) => stopsOf(guardian, `guardian ${index + 1}`, ours, mails));
    const seen = new Map(perGuardian.flat());
    const fresh = [...seen].filter(([key]) => !told.has(key));
    for (const [key] of fresh) told.add(key);
    tell(...fresh.map(([, each]) => each));
    const waiting = guardians.filter(
      (_, index) => !['sent', 'mailbox'].every((name) => perGuardian[index]?.some(([, each]) => each.name === name)),
    );
    if (waiting.length === 0) return;
    if (Date.now() > deadline) throw refused('NO_MAIL', missing(waiting, ours));
    await sleep(pollMs);
  }
}

interface Mail {
  readonly messageId: string;
  readonly subject: string;
  readonly receivedAt: string;
}

/** Each stop under a key that stays the same from one look to the next. */
function stopsOf(guardian: Guardian, who: string, deliveries: readonly Delivery[], mails: readonly Mail[]): [string, Stop][] {
  const stops: [string, Stop][] = [];
  for (const { deliveryId, eventId, kind, announcedAt, queuedAt, sentAt, language, guardianId } of deliveries) {
    if (guardianId !== guardian.guardianId) continue;
    if (announcedAt) stops.push([`announced ${eventId}`, stop('announced', `the event is on Kafka (${kind})`, announcedAt)]);
    if (queuedAt)
      stops.push([`queued ${deliveryId}`, stop('queued', `notification heard it and queued a mail in "${language}" for ${who}`, queuedAt)]);
    if (sentAt) stops.push([`sent ${deliveryId}`, stop('sent', `notification noted that the mail server took it for ${who}`, sentAt)]);
    // The id of the delivery is in the mail's own id: two guardians may share one address.
    const mail = mails.find(({ messageId }) => messageId.includes(deliveryId));
    if (!mail) continue;
    const text = `in the mailbox of ${who} (${masked(guardian.email)}): "${mail.subject}"`;
    stops.push([`mailbox ${deliveryId}`, stop('mailbox', text, new Date(mail.receivedAt))]);
  }
  return stops;
}

function missing(waiting: readonly Guardian[], deliveries: readonly Delivery[]): string {
  const states = deliveries.map(({ status, lastError }) => `${enumText(DeliveryStatus, status)}${lastError ? ` (${lastError})` : ''}`);
  const seen = states.length === 0 ? 'notification has queued nothing for it' : `its deliveries are ${states.join(', ')}`;
  return `The payment is settled, but no mail came for ${waiting.map(({ email }) => masked(email)).join(', ')} in time: ${seen}.`;
}
