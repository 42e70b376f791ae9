import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImportStatus } from '@schoolbell/contracts/school/registry/v1/registry';
import { until } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patiently } from './patiently.ts';
import { openTown, type Payment, type Town } from './town.ts';

interface Lengths {
  /** How long an engine or the mail server is away. */
  readonly brokerAwayMs: number;
  readonly mongodAwayMs: number;
  readonly mailAwayMs: number;
  /** How often each service is killed at a moment of chance. */
  readonly kills: number;
}

const serviceNames = ['registry', 'attendance', 'canteen', 'billing', 'notification'] as const;
type ServiceName = (typeof serviceNames)[number];

interface Hands {
  readonly town: Town;
  /** SIGKILL, and the supervisor's fresh process is ready. */
  kill(name: ServiceName): Promise<void>;
  engine(name: 'mongodb' | 'kafka'): ReturnType<typeof memberOf>;
  paying(count: number): Promise<Payment[]>;
  calling(count: number): Promise<void>;
}

const seed = Number(process.env.SCHOOLBELL_SEED ?? Math.floor(Math.random() * 2 ** 32));
const chance = chancesOf(seed);

/** Faults of processes, on real ones; the same for minutes by `npm run faults` and for seconds by `npm test`. */
export function processFaults(lengths: Pick<Lengths, 'kills'>): void {
  const hands = openHands();
  killedProcesses(hands, lengths);
  killedInLongWork(hands);
}

/** Engines and the mail server that are away, likewise. */
export function engineFaults(lengths: Omit<Lengths, 'kills'>): void {
  const hands = openHands();
  enginesAway(hands, lengths);
  mailServerAway(hands, lengths);
}

function openHands(): () => Hands {
  console.log(`Moments of chance by SCHOOLBELL_SEED=${seed}`);
  let hands: Hands;
  beforeAll(async () => {
    hands = handsOf(await openTown());
  });
  afterAll(() => hands?.town.close());
  return () => hands;
}

function handsOf(town: Town): Hands {
  const { schoolbell } = town.journey;
  return {
    town,
    kill: async (name) => {
      const service = schoolbell.services[name];
      if (!service) throw new Error(`${name} does not run`);
      const { pid } = service;
      service.signal('SIGKILL');
      await until(async () => service.pid !== undefined && service.pid !== pid, 20);
      await service.untilReady(300_000);
    },
    engine: (name) => memberOf(town, name),
    paying: async (count) => {
      const payments: Payment[] = [];
      for (let paid = 0; paid < count; paid++) payments.push(await town.pay());
      return payments;
    },
    calling: async (count) => {
      for (let called = 0; called < count; called++) await town.mornings.next();
    },
  };
}

function memberOf({ journey }: Town, name: 'mongodb' | 'kafka') {
  const [member] = journey.schoolbell.engines[name].members;
  if (!member) throw new Error(`${name} is not a process of ours`);
  return member;
}

// Longest from a payment to the consumer's transaction: the relay's rest, the poll, and what a fetch waits.
const heardWithinMs = 1_500;

function killedProcesses(hands: () => Hands, { kills }: Pick<Lengths, 'kills'>): void {
  test('killed before a payment or a roll call is committed, and between handing a mail over and noting it, they lose and double nothing', async () => {
    const { town, kill, paying, calling } = hands();
    const handedOver = town.pauseAt('courier:before-record', 'notification');
    const payments: Payment[] = [];
    // Not every pupil has a guardian who asked for mails.
    do payments.push(await town.pay());
    while (!(await Promise.race([handedOver.then(() => true), sleep(2 * heardWithinMs, false)])));
    const reached = [town.pauseAt('transact:before-commit', 'billing'), town.pauseAt('transact:before-commit', 'attendance')];
    const payment = town.pay();
    const called = calling(1);
    await Promise.all(reached);
    town.resume();
    await Promise.all([kill('billing'), kill('notification'), kill('attendance')]);
    await called;
    await town.settled([...payments, await payment, ...(await paying(2))], { senderKilled: true });
  });

  test('killed before their events are published, billing and attendance lose nothing and double nothing', async () => {
    const { town, kill, paying, calling } = hands();
    const reached = [town.pauseAt('relay:before-publish', 'billing'), town.pauseAt('relay:before-publish', 'attendance')];
    const payment = town.pay();
    const called = calling(1);
    await Promise.all(reached);
    town.resume();
    await Promise.all([kill('billing'), kill('attendance')]);
    await called;
    await town.settled([await payment, ...(await paying(2))]);
  });

  test('killed with events published and not marked, and in the transaction that applies them, they lose and double nothing', async () => {
    const { town, kill, paying, calling } = hands();
    const published = [town.pauseAt('relay:before-mark', 'billing'), town.pauseAt('relay:before-mark', 'attendance')];
    const applied = town.pauseAt('transact:before-commit', 'notification');
    const payment = town.pay();
    const called = calling(1);
    await Promise.all([...published, applied]);
    // A look at the roster for an older alert may have been held first; the consumer is held too when it gets there.
    await sleep(heardWithinMs);
    town.resume();
    await Promise.all([kill('billing'), kill('notification'), kill('attendance')]);
    await called;
    await town.settled([await payment, ...(await paying(2))], { senderKilled: true });
  });

  test('services killed at any moment lose nothing and double nothing', async () => {
    const { town, kill, paying, calling } = hands();
    const payments: Payment[] = [];
    for (let round = 0; round < kills; round++) {
      const importId = await planContacts(town, round % 2 === 0 ? 'en' : 'vi');
      // Each at a moment of its own: now one is away, now another, now all.
      const killing = serviceNames.map((name) => sleep(chance() * 600).then(() => kill(name)));
      const [some] = await Promise.all([paying(6), calling(6), applyImport(town, importId), ...killing]);
      payments.push(...some);
    }
    await town.settled(payments, { senderKilled: true });
  });
}

async function planContacts({ journey }: Town, language: 'vi' | 'en'): Promise<string> {
  const list = await readFile('infra/demo/school/phu-huynh.csv', 'utf8');
  const file = join(tmpdir(), `schoolbell-contacts-${randomBytes(4).toString('hex')}.csv`);
  await writeFile(file, list.replaceAll(',vi,x', `,${language},x`));
  const { importId } = await journey.plan('contacts', file);
  await rm(file);
  return importId;
}

/** The invariants then wait for it. */
async function applyImport({ journey }: Town, importId: string): Promise<void> {
  await patiently(() => journey.schoolbell.clients.registry.applyImport({ importId }));
  journey.acknowledged.imports.push(importId);
}

function killedInLongWork(hands: () => Hands): void {
  test('an invoice run whose service is killed goes on by itself and bills each pupil once', async () => {
    const { town, kill } = hands();
    const { billing } = town.journey.schoolbell.clients;
    const { runs } = town.journey.acknowledged;
    const before = runs.length;
    const running = town.journey.runInvoices(2_000n, 'Nước uống');
    await until(async () => runs.length > before, 1);
    await kill('billing');
    const runId = await running;
    const { run } = await patiently(() => billing.getInvoiceRun({ runId }));
    expect(run?.issued).toBe(run?.pupils);
    const billed = (await town.invoices()).filter((invoice) => invoice.runId === runId).map(({ studentId }) => studentId);
    expect(billed.length).toBe(run?.pupils);
    expect(new Set(billed).size).toBe(run?.pupils);
    await town.booksHold();
  });

  test('an import whose service is killed goes on by itself and announces each change once', async () => {
    const { town, kill } = hands();
    const { registry } = town.journey.schoolbell.clients;
    const importId = await planContacts(town, 'en');
    await applyImport(town, importId);
    await kill('registry');
    await until(async () => (await patiently(() => registry.getImport({ importId }))).import?.status === ImportStatus.APPLIED);
    const { guardians } = await registry.listGuardians({ studentId: '', page: { size: 500, token: '' } });
    expect(guardians.filter(({ wantsNotices, language }) => wantsNotices && language !== 'en')).toEqual([]);
    await town.booksHold();
  });
}

function enginesAway(hands: () => Hands, { brokerAwayMs, mongodAwayMs }: Omit<Lengths, 'kills'>): void {
  test('while the broker is away payments are taken, and told when it is back', async () => {
    const { town, engine, paying } = hands();
    engine('kafka').freeze();
    // Each ends with 00 or 02, while the broker is away.
    const payments = await paying(5);
    await sleep(brokerAwayMs);
    engine('kafka').thaw();
    await town.settled([...payments, ...(await paying(2))]);
  });

  test('a broker that is killed and comes back is joined again without a hand', async () => {
    const { town, engine, paying } = hands();
    await engine('kafka').kill();
    const payments = await paying(3);
    await sleep(brokerAwayMs / 2);
    await engine('kafka').restart();
    await town.settled([...payments, ...(await paying(2))]);
  });

  test('while MongoDB is away nothing is acknowledged that is not kept', async () => {
    const { town, engine, paying } = hands();
    engine('mongodb').freeze();
    const payment = town.pay();
    await sleep(mongodAwayMs);
    engine('mongodb').thaw();
    const { answers } = await payment;
    // VNPAY asks again after 99 and after silence; anything else would end its tries before the money is kept.
    expect(answers.slice(0, -1).filter((answer) => !['99', 'no answer'].includes(answer))).toEqual([]);
    await town.settled([await payment, ...(await paying(2))]);
  });

  test('a MongoDB that is killed and comes back is used again without a hand', async () => {
    const { town, engine, paying } = hands();
    const before = await paying(2);
    await engine('mongodb').kill();
    const payment = town.pay();
    await sleep(1_000);
    await engine('mongodb').restart();
    await town.settled([...before, await payment, ...(await paying(1))]);
  });
}

function mailServerAway(hands: () => Hands, { mailAwayMs }: Omit<Lengths, 'kills'>): void {
  test('while the mail server is away messages wait, and each goes out once', async () => {
    const { town, paying } = hands();
    await town.journey.schoolbell.mailbox.stop();
    await town.forgetMails();
    const payments = await paying(4);
    await sleep(mailAwayMs);
    town.journey.schoolbell.mailbox.start();
    await town.settled(payments);
  });
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function chancesOf(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
