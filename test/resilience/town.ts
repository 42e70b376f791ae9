import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Invoice } from '@schoolbell/contracts/school/billing/v1/billing';
import { brokenInvariants, type Journey, type Mail, startJourney, until } from '@schoolbell/testkit';
import { expect } from 'vitest';
import { type Mornings, openMornings } from './mornings.ts';
import { patiently } from './patiently.ts';

// A message in the hands of a killed sender waits until its lease has run out; the mail server here answers at once.
const quickLeases = { SCHOOLBELL_SMTP_TIMEOUT_MS: '2000', SCHOOLBELL_DELIVERY_LEASE_MS: '8000' };

/** A running Schoolbell with pupils who owe money, and what a fault test needs of it. */
export interface Town {
  readonly journey: Journey;
  readonly mornings: Mornings;
  /** Pays the next open invoice as VNPAY would, with VNPAY's patience: the same notice again until it is answered 00 or 02. */
  pay(): Promise<Payment>;
  /** Arms a place at which the service stops when it next comes by; resolves when it has. */
  pauseAt(place: string, name: Pausing): Promise<void>;
  /** Lets processes pass again. */
  resume(): void;
  /** What the mailbox held is gone with its process: from here on mails are counted anew. */
  forgetMails(): Promise<void>;
  /** Every invoice of the school. */
  invoices(): Promise<Invoice[]>;
  /** Waits until events are through, and the invariants hold. */
  booksHold(): Promise<void>;
  /** Waits until every payment was told to whoever asked, once, then checks the invariants. */
  settled(payments: readonly Payment[], options?: { senderKilled?: boolean }): Promise<void>;
  close(): Promise<void>;
}

export type Pausing = 'attendance' | 'billing' | 'notification';

export interface Payment {
  readonly invoiceId: string;
  readonly notice: Readonly<Record<string, string>>;
  readonly answers: readonly string[];
}

export async function openTown(pupils = 400): Promise<Town> {
  const pauseFile = join(tmpdir(), `schoolbell-pause-${randomBytes(6).toString('hex')}`);
  const fileOf = (name: Pausing): string => `${pauseFile}.${name}`;
  const pauseFiles = { attendance: fileOf('attendance'), billing: fileOf('billing'), notification: fileOf('notification') };
  const journey = await startJourney({
    env: {
      attendance: { SCHOOLBELL_PAUSE_FILE: pauseFiles.attendance },
      billing: { SCHOOLBELL_PAUSE_FILE: pauseFiles.billing },
      notification: { SCHOOLBELL_PAUSE_FILE: pauseFiles.notification, ...quickLeases },
    },
  });
  const [open, mornings] = await opened(journey, pupils).catch(async (error: unknown) => {
    await journey.stop();
    throw error;
  });
  const resume = (): void => {
    for (const file of Object.values(pauseFiles)) {
      rmSync(file, { force: true });
      rmSync(`${file}.reached`, { force: true });
    }
  };
  return {
    journey,
    mornings,
    pay: async () => {
      const invoice = open.shift();
      if (!invoice) throw new Error('Every invoice is paid');
      const notice = await patiently(() => journey.noticeFor(invoice.invoiceId));
      const answers: string[] = [];
      await until(async () => {
        answers.push(
          await journey.notify(notice).then(
            ({ RspCode }) => RspCode,
            () => 'no answer',
          ),
        );
        return ['00', '02'].includes(answers.at(-1) ?? '');
      }, 300);
      return { invoiceId: invoice.invoiceId, notice, answers };
    },
    pauseAt: async (place, name) => {
      const file = pauseFiles[name];
      rmSync(`${file}.reached`, { force: true });
      writeFileSync(file, place);
      await until(async () => existsSync(`${file}.reached`));
    },
    resume,
    forgetMails: async () => {
      const { sent } = await journey.schoolbell.clients.notification.countDeliveries({});
      mailCounts.set(journey, { sentBefore: Number(sent), repeats: 0 });
    },
    invoices: () => allInvoices(journey),
    booksHold: () => booksHold(journey),
    settled: (payments, { senderKilled = false } = {}) => settled(journey, payments, senderKilled),
    close: async () => {
      resume();
      await journey.stop();
    },
  };
}

async function opened(journey: Journey, pupils: number): Promise<[Invoice[], Mornings]> {
  const open = await openInvoicesOf(journey, pupils);
  return [open, await openMornings(journey)];
}

/** Pupils and guardians are taken over, and each pupil owes a million đồng. */
async function openInvoicesOf(journey: Journey, pupils: number): Promise<Invoice[]> {
  await journey.importFile('roster', 'infra/demo/school/C1-HocSinh.xlsx');
  await journey.importFile('contacts', 'infra/demo/school/phu-huynh.csv');
  // The run takes every pupil whom billing knows by then.
  await booksHold(journey);
  const runId = await journey.runInvoices(1_000_000n, 'Thu tháng 11/2026');
  const { billing } = journey.schoolbell.clients;
  const { invoices } = await billing.listInvoices({ studentId: '', status: 0, page: { size: pupils, token: '' } });
  return invoices.filter((one) => one.runId === runId);
}

async function booksHold({ schoolbell, acknowledged }: Journey): Promise<void> {
  // Says what is broken before the test's own limit ends it.
  const limit = Date.now() + 600_000;
  for (;;) {
    const broken = await brokenInvariants(schoolbell.engines, { acknowledged });
    if (broken.length === 0) return;
    if (Date.now() > limit) expect(broken).toEqual([]);
    await sleep(500);
  }
}

async function allInvoices({ schoolbell }: Journey): Promise<Invoice[]> {
  const all: Invoice[] = [];
  for (let token = ''; ; ) {
    const { invoices, page } = await schoolbell.clients.billing.listInvoices({ studentId: '', status: 0, page: { size: 500, token } });
    all.push(...invoices);
    token = page?.nextToken ?? '';
    if (token === '') return all;
  }
}

async function settled(journey: Journey, payments: readonly Payment[], senderKilled: boolean): Promise<void> {
  const { clients } = journey.schoolbell;
  const students: string[] = [];
  for (const { invoiceId } of payments) {
    const { invoice } = await patiently(() => clients.billing.getInvoice({ invoiceId }));
    expect(invoice?.paid).toEqual(invoice?.total);
    students.push(invoice?.studentId ?? '');
  }
  await booksHold(journey);
  await until(async () => {
    const { pending, sending, waitingForRoster } = await patiently(() => clients.notification.countDeliveries({}));
    return pending === 0n && sending === 0n && waitingForRoster === 0n;
  }, 300);
  const { sent, failed, mails } = await mailsAtRest(journey);
  expect(failed).toBe(0n);
  const messages = new Set(mails.map(({ messageId }) => messageId));
  const { sentBefore, repeats } = mailCounts.get(journey) ?? { sentBefore: 0, repeats: 0 };
  expect(messages.size).toBe(Number(sent) - sentBefore);
  // A sender that is killed between the server's word and its own note sends the same message again, under the same Message-ID.
  if (!senderKilled) expect(mails.length - repeats).toBe(messages.size);
  else mailCounts.set(journey, { sentBefore, repeats: mails.length - messages.size });
  for (const [at, { invoiceId }] of payments.entries()) {
    const { deliveries } = await clients.notification.listDeliveries({ invoiceId, studentId: '', status: 0, page: undefined });
    const { guardians } = await clients.registry.listGuardians({ studentId: students[at] ?? '', page: undefined });
    const asked = guardians.filter(({ wantsNotices, email }) => wantsNotices && email !== '').map(({ guardianId }) => guardianId);
    expect(deliveries.map(({ guardianId }) => guardianId).sort()).toEqual(asked.sort());
  }
}

/** Letters about absences go out when their time to be put right is over, in the midst of counting too. */
function mailsAtRest({ schoolbell, mails }: Journey): Promise<{ sent: bigint; failed: bigint; mails: Mail[] }> {
  const { notification } = schoolbell.clients;
  return until(async () => {
    const before = await notification.countDeliveries({});
    const found = await mails();
    const { sent, sending, failed } = await notification.countDeliveries({});
    return before.sent === sent && sending === 0n && { sent, failed, mails: found };
  });
}

/** Messages that were sent before the mailbox began to count, and mails it holds twice because their sender was killed. */
const mailCounts = new WeakMap<Journey, { readonly sentBefore: number; readonly repeats: number }>();
