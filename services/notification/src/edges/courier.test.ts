import { createLogger, startTelemetry, stopTelemetry } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { day, elapse, guardian, markedAt, steps } from '../../test/given.ts';
import { type Mailbox, openMailbox } from '../../test/mail-server.ts';
import { collections } from '../store/indexes.ts';
import { notificationTx } from '../tx.ts';
import { claimDeliveries } from '../usecases/deliveries/claim-deliveries.ts';
import { type EmailChannel, openEmailChannel } from './channels/email.ts';
import { openCourier } from './courier.ts';

let database: Awaited<ReturnType<typeof open>>;
let mailbox: Mailbox;
/** A mail server that ponders this answers when the test lets it. */
let answers: PromiseWithResolvers<void>;
let channels: EmailChannel[];
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  database = await open();
  mailbox = await openMailbox();
  answers = Promise.withResolvers();
  channels = [];
  given = steps(database.transact);
  for (const event of [given.school, given.student, () => given.guardian(guardian('g1'))]) await event();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const channel of channels) channel.close();
  await mailbox.close();
  await database.close();
});

const never = new AbortController().signal;
const leaseMs = 600_000;
interface Given {
  connections?: number;
  timeoutMs?: number;
  dataTimeoutMs?: number;
  stopping?: AbortSignal;
  transact?: typeof database.transact;
}
function courier({ connections = 3, timeoutMs = 60_000, dataTimeoutMs = 60_000, stopping = never, transact }: Given = {}) {
  const channel = openEmailChannel({
    url: mailbox.url,
    from: 'thong-bao@truong.example.vn',
    connections,
    timeoutMs,
    dataTimeoutMs,
    breakerResetMs: 200,
  });
  channels.push(channel);
  const log = createLogger('notification', 'silent');
  const run = openCourier({ ...database, ...(transact && { transact }), channel, connections, leaseMs, timeoutMs, log });
  return () => run(stopping);
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(met: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await met())) await pause(20);
}
async function runUntil(ticks: readonly (() => Promise<boolean>)[], met: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await met())) {
    await Promise.all(ticks.map((tick) => tick()));
    await pause(20);
  }
}
const stored = () => database.db.collection('deliveries').find().sort({ _id: 1 }).toArray();
const allIn = (status: string) => async () => (await stored()).every((delivery) => delivery.status === status);
const ids = () => mailbox.messages.map(({ messageId }) => messageId);
async function queue(events: number, overrides: { studentId?: string } = {}, school = given) {
  for (let event = 0; event < events; event++) await school.paid(`${overrides.studentId ?? 'pupil-1'}-${event}`, overrides);
}

test('everything that is due is sent, several at once, recorded and announced', async () => {
  await queue(12);
  await runUntil([courier()], allIn('SENT'));
  expect(mailbox.messages).toHaveLength(12);
  expect(mailbox.mostAtOnce).toBeLessThanOrEqual(3);
  expect(await database.announced()).toEqual(Array.from({ length: 12 }, () => 'school.notification.v1.AlertDelivered'));
  const [first] = await stored();
  expect(first).toMatchObject({ attempts: 1, lastError: '' });
  expect(JSON.stringify(await stored())).not.toMatch(/Giang|Phan|example\.vn/);
});

test('two workers never send the same message', async () => {
  await queue(30);
  await runUntil([courier(), courier()], allIn('SENT'));
  expect(new Set(ids()).size).toBe(30);
  expect(ids()).toHaveLength(30);
});

test('nothing to do is known at once and nothing is connected', async () => {
  expect(await courier()()).toBe(false);
  expect(mailbox.connections).toBe(0);
});

test('what a worker held when it was killed is sent by another after the lease', async () => {
  await queue(1);
  await given.run((tx) => claimDeliveries(tx, { limit: 10, leaseMs })); // And then it was killed.
  const alive = courier();
  await alive();
  expect(mailbox.messages).toHaveLength(0);
  await elapse(database, leaseMs);
  await runUntil([alive], allIn('SENT'));
  expect(mailbox.messages).toHaveLength(1);
});

test('when the record of a sent message is lost with its worker, the second message is recognisably the first', async () => {
  await queue(1);
  await courier({ transact: crashAfterClaim() })();
  expect(mailbox.messages).toHaveLength(1);
  await elapse(database, leaseMs);
  await runUntil([courier()], allIn('SENT'));
  expect(ids()).toHaveLength(2);
  expect(new Set(ids()).size).toBe(1);
});

test('a mail server that is down for a while costs no message and no try that counts', async () => {
  await mailbox.down();
  await queue(8);
  const working = courier();
  await runUntil([working], async () => (await stored()).some(({ attempts }) => attempts >= 1) && !(await working()));
  expect((await stored()).every(({ status, strikes }) => status === 'PENDING' && strikes === 0)).toBe(true);
  await mailbox.up();
  await runUntil([working], allIn('SENT'));
  expect(new Set(ids()).size).toBe(8);
  expect(ids()).toHaveLength(8);
});

test('a refused address is given up while the others are told', async () => {
  await queue(1);
  mailbox.behave('refuses');
  await courier()();
  mailbox.behave('takes');
  await given.paid('later');
  await runUntil([courier()], async () => (await stored()).every(({ status }) => status !== 'PENDING'));
  expect((await stored()).map(({ status, reason }) => [status, reason])).toEqual([
    ['FAILED', 'ADDRESS_REFUSED'],
    ['SENT', undefined],
  ]);
  expect(JSON.stringify(await stored())).not.toMatch(/example\.vn/);
});

test('a greylisted message goes out a little later', async () => {
  mailbox.behave('greylists');
  await queue(1);
  await runUntil([courier()], allIn('SENT'));
  expect((await stored())[0]).toMatchObject({ attempts: 2, strikes: 0 });
});

test('a message that hangs holds up neither the others nor itself for good', async () => {
  await queue(4);
  mailbox.behave('hangs');
  const working = courier({ timeoutMs: 2_000, connections: 4 });
  const first = working();
  await until(() => mailbox.hanging > 0);
  mailbox.behave('takes');
  await first;
  await runUntil([working], allIn('SENT'));
  expect(new Set(ids()).size).toBe(4);
});

test('a mail server that thinks long about a message gets it once, and nobody else takes it meanwhile', async () => {
  mailbox.ponder(answers.promise);
  await queue(1);
  // Leases are renewed by the test's clock.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const slow = courier()();
  await until(() => mailbox.messages.length > 0);
  const heldUntil = async () => Number((await stored())[0]?.dueAt);
  for (let renewals = 0; renewals < 2; renewals++) {
    await elapse(database, 0.9 * leaseMs);
    const before = await heldUntil();
    vi.advanceTimersByTime(leaseMs / 4);
    await until(async () => (await heldUntil()) > before);
    expect(await courier()()).toBe(false);
  }
  answers.resolve();
  await slow;
  expect(mailbox.messages).toHaveLength(1);
  expect((await stored())[0]).toMatchObject({ attempts: 1, strikes: 0 });
});

test.each(['thinks longer than we wait', 'drops the line'])(
  'a mail server that took a message and %s gives a parent two copies at most',
  async (how) => {
    if (how === 'drops the line') mailbox.behave('drops');
    else mailbox.ponder(answers.promise);
    await queue(1);
    const working = courier({ dataTimeoutMs: 2_000 });
    const tryAll = async () => {
      for (let run = 0; run < 3; run++) {
        await elapse(database, 60_000);
        await working();
      }
    };
    await tryAll();
    await tryAll();
    expect(mailbox.messages).toHaveLength(2);
    expect(new Set(ids()).size).toBe(1);
    expect((await stored())[0]).toMatchObject({ status: 'FAILED', reason: 'OUTCOME_UNKNOWN', strikes: 2 });
  },
);

test('one message that the server thinks long about holds up no other', async () => {
  mailbox.ponder(answers.promise);
  await queue(1);
  const run = courier({ connections: 2 })();
  await until(() => mailbox.messages.length > 0);
  mailbox.ponder(0);
  for (const event of ['later', 'still later']) {
    await given.paid(event);
    await until(async () => (await stored()).some(({ eventId, status }) => eventId === event && status === 'SENT'));
  }
  expect((await stored())[0]).toMatchObject({ status: 'SENDING' });
  answers.resolve();
  await run;
  expect(await allIn('SENT')()).toBe(true);
});

test('a stop takes no further message, gives back what was not begun, and sees through what is on the wire', async () => {
  mailbox.ponder(answers.promise);
  await queue(12);
  const stop = new AbortController();
  const run = courier({ connections: 2, stopping: stop.signal })();
  await until(() => mailbox.messages.length === 2);
  stop.abort();
  answers.resolve();
  await run;
  expect(mailbox.messages).toHaveLength(2);
  const left = (await stored()).filter(({ status }) => status !== 'SENT');
  expect(left).toHaveLength(10);
  for (const delivery of left) expect(delivery).toMatchObject({ status: 'PENDING', attempts: 0, strikes: 0 });
  await until(() => mailbox.open === 0);

  mailbox.ponder(0);
  await runUntil([courier()], allIn('SENT'));
  expect(ids()).toHaveLength(12);
  expect(new Set(ids()).size).toBe(12);
});

test('what the mail server has not answered when a stop can wait no longer is repeated once, not at once', async () => {
  mailbox.ponder(answers.promise);
  await queue(1);
  const stop = new AbortController();
  const run = courier({ stopping: stop.signal })();
  await until(() => mailbox.messages.length === 1);
  stop.abort();
  await run;
  expect((await stored())[0]).toMatchObject({ status: 'PENDING', unknowns: 1 });
  expect(await courier()()).toBe(false);
  expect(mailbox.messages).toHaveLength(1);
});

test('a school with one message does not wait behind another with many', async () => {
  await queue(20);
  const small = steps(database.transact, 'ffffffff-small');
  for (const event of [
    small.school,
    () => small.student('pupil-9'),
    () => small.guardian(guardian('g9', { guardianships: [{ studentId: 'pupil-9', from: day('2026-09-05') }] })),
  ])
    await event();
  await queue(1, { studentId: 'pupil-9' }, small);
  await runUntil([courier({ connections: 1 })], allIn('SENT'));
  const place = mailbox.messages.findIndex(({ to }) => to?.[0]?.address === 'g9@example.vn');
  expect(place).toBeLessThan(4);
});

test('what a parent must hear now does not wait behind a collection round, however slow the mail server is', async () => {
  database.setNow(new Date(markedAt.getTime() + 3_600_000));
  await queue(40);
  mailbox.ponder(150);
  const stopping = new AbortController();
  const running = courier({ connections: 2, stopping: stopping.signal })();
  await until(() => mailbox.messages.length >= 2);
  await given.marked(1);
  await given.release();
  const before = mailbox.messages.length;
  const absences = () => mailbox.messages.findIndex(({ subject }) => subject?.startsWith('Vắng mặt'));
  await until(() => absences() >= 0);
  stopping.abort();
  await running;
  expect(absences() - before).toBeLessThan(6);
});

test('a connection is kept free for what is urgent while the server thinks about all the others', async () => {
  database.setNow(new Date(markedAt.getTime() + 3_600_000));
  await queue(6);
  mailbox.ponder(answers.promise);
  const stopping = new AbortController();
  const running = courier({ connections: 3, stopping: stopping.signal })();
  await until(() => mailbox.messages.length === 2);
  await given.marked(1);
  await given.release();
  await until(() => mailbox.messages.length === 3);
  expect(mailbox.messages[2]?.subject).toMatch(/^Vắng mặt/);
  stopping.abort();
  answers.resolve();
  await running;
});

test('consent withdrawn while the mail server was away stops the message', async () => {
  await queue(2);
  await given.guardian(guardian('g1', { wantsNotices: false }), 2);
  await runUntil([courier()], allIn('FAILED'));
  expect(mailbox.messages).toHaveLength(0);
  expect((await stored()).map(({ reason }) => reason)).toEqual(['CONSENT_WITHDRAWN', 'CONSENT_WITHDRAWN']);
});

test('sending and what it announces belong to the trace of the fact, and no span names anybody', async () => {
  type Processor = NonNullable<Parameters<typeof startTelemetry>[0]['processors']>[number];
  const ended: Parameters<Processor['onEnd']>[0][] = [];
  const done = async (): Promise<void> => undefined;
  await startTelemetry({
    service: 'notification',
    level: 'silent',
    processors: [{ onStart: () => undefined, onEnd: (span) => ended.push(span), forceFlush: done, shutdown: done }],
  });
  const trace = '0af7651916cd43dd8448eb211c80319c';
  await given.paid('e1', { traceparent: `00-${trace}-b7ad6b7169203331-01` });
  await runUntil([courier()], allIn('SENT'));
  await stopTelemetry();

  const sending = ended.filter(({ name }) => name === 'smtp send');
  expect(sending.map((span) => [span.spanContext().traceId, span.attributes['schoolbell.outcome']])).toEqual([[trace, 'SENT']]);
  const row = await database.db.collection('outbox').findOne();
  expect(String(row?.traceparent)).toContain(trace);
  expect(JSON.stringify(ended.map(({ name, attributes }) => ({ name, attributes })))).not.toMatch(/@|Giang|Phan/);
});

/** The worker's database connection after it was killed: the claim was committed, nothing later is. */
function crashAfterClaim(): typeof database.transact {
  let calls = 0;
  return (scope, useCase) => {
    calls++;
    if (calls > 1) throw new Error('killed');
    return database.transact(scope, useCase);
  };
}
