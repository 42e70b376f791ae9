import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImportStatus } from '@schoolbell/contracts/school/registry/v1/registry';
import { until } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTown, type Payment, patiently, type Town } from './town.ts';

interface Lengths {
  /** How long an engine or the mail server is away. */
  readonly brokerAwayMs: number;
  readonly mongodAwayMs: number;
  readonly mailAwayMs: number;
  /** How often each service is killed at a moment of chance. */
  readonly kills: number;
}

type ServiceName = 'registry' | 'billing' | 'notification';

interface Hands {
  readonly town: Town;
  /** SIGKILL, and the supervisor's fresh process is ready. */
  kill(name: ServiceName): Promise<void>;
  engine(name: 'mongodb' | 'kafka'): ReturnType<typeof memberOf>;
  paying(count: number): Promise<Payment[]>;
}

/** The faults of the issue, on real processes; the same ones for minutes by `npm run faults` and for seconds by `npm test`. */
export function faultScenarios(lengths: Lengths): void {
  let hands: Hands;
  beforeAll(async () => {
    hands = handsOf(await openTown());
  });
  afterAll(() => hands?.town.close());
  killedProcesses(() => hands, lengths);
  killedInLongWork(() => hands);
  enginesAway(() => hands, lengths);
  mailServerAway(() => hands, lengths);
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
      await service.untilReady(60_000);
    },
    engine: (name) => memberOf(town, name),
    paying: async (count) => {
      const payments: Payment[] = [];
      for (let paid = 0; paid < count; paid++) payments.push(await town.pay());
      return payments;
    },
  };
}

function memberOf({ journey }: Town, name: 'mongodb' | 'kafka') {
  const [member] = journey.schoolbell.engines[name].members;
  if (!member) throw new Error(`${name} is not a process of ours`);
  return member;
}

function killedProcesses(hands: () => Hands, { kills }: Lengths): void {
  for (const [place, name] of [
    ['transact:before-commit', 'billing'],
    ['relay:before-publish', 'billing'],
    ['relay:before-mark', 'billing'],
  ] as const) {
    test(`killed at ${place}, ${name} loses nothing and doubles nothing`, async () => {
      const { town, kill, paying } = hands();
      const reached = town.pauseAt(place);
      const payment = town.pay();
      await reached;
      town.resume();
      await kill(name);
      await town.settled([await payment, ...(await paying(2))]);
    });
  }

  test('a service killed at any moment loses nothing and doubles nothing', async () => {
    const { town, kill, paying } = hands();
    const payments: Payment[] = [];
    for (let killed = 0; killed < kills; killed++) {
      // Each at a moment of its own: now one is away, now the other, now both.
      const killing = (['billing', 'notification'] as const).map((name) => sleep(Math.random() * 600).then(() => kill(name)));
      const [some] = await Promise.all([paying(6), ...killing]);
      payments.push(...some);
    }
    await town.settled(payments, { senderKilled: true });
  });
}

function killedInLongWork(hands: () => Hands): void {
  test('an invoice run whose service is killed goes on by itself and bills each pupil once', async () => {
    const { town, kill } = hands();
    const { billing } = town.journey.schoolbell.clients;
    const running = town.journey.runInvoices(2_000n, 'Nước uống');
    await sleep(150);
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
    const list = await readFile('infra/demo/school/phu-huynh.csv', 'utf8');
    const changed = join(tmpdir(), `schoolbell-contacts-${randomBytes(4).toString('hex')}.csv`);
    await writeFile(changed, list.replaceAll(',vi,x', ',en,x'));
    const planned = await town.journey.plan('contacts', changed);
    await rm(changed);
    await registry.applyImport({ importId: planned.importId });
    await kill('registry');
    await until(
      async () => (await patiently(() => registry.getImport({ importId: planned.importId }))).import?.status === ImportStatus.APPLIED,
    );
    const { guardians } = await registry.listGuardians({ studentId: '', page: { size: 500, token: '' } });
    expect(guardians.filter(({ wantsNotices, language }) => wantsNotices && language !== 'en')).toEqual([]);
    await town.booksHold();
  });
}

function enginesAway(hands: () => Hands, { brokerAwayMs, mongodAwayMs }: Lengths): void {
  test('while the broker is away payments are taken, and told when it is back', async () => {
    const { town, engine, paying } = hands();
    engine('kafka').freeze();
    const payments = await paying(5);
    expect(payments.every(({ answers }) => answers.at(-1) === '00')).toBe(true);
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

function mailServerAway(hands: () => Hands, { mailAwayMs }: Lengths): void {
  test('while the mail server is away messages wait, and each goes out once', async () => {
    const { town, paying } = hands();
    await town.journey.schoolbell.mailbox.stop();
    const payments = await paying(4);
    await sleep(mailAwayMs);
    town.journey.schoolbell.mailbox.start();
    // The development mailbox forgets what it held: from here on it has exactly what came after.
    const { notification } = town.journey.schoolbell.clients;
    await until(async () => {
      const { pending, sending } = await notification.countDeliveries({});
      return pending === 0n && sending === 0n;
    }, 300);
    const deliveries = [];
    for (const { invoiceId } of payments) {
      const page = await notification.listDeliveries({ invoiceId, studentId: '', status: 0, page: undefined });
      deliveries.push(...page.deliveries);
    }
    const mails = await town.journey.mails();
    expect(mails.length).toBe(deliveries.length);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(deliveries.length);
  });
}
