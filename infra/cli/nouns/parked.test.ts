import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createKafka, createLogger } from '@schoolbell/service-kit';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createTopics } from '../../engines/topics.ts';
import { runCommandLine } from '../program.ts';

const id = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10';
const kafka = createKafka({ brokers: inject('kafkaBrokers'), clientId: 'parked-cli-test' }, createLogger('test', 'silent'));
const admin = kafka.admin();
const producer = kafka.producer({ allowAutoTopicCreation: false });
let group: string;
let topic: string;

beforeAll(async () => {
  await admin.connect();
  await producer.connect();
});
beforeEach(async () => {
  group = `test.${randomBytes(5).toString('hex')}`;
  topic = `school.test.v1.parked.${group}`;
  await createTopics(admin, [
    { topic: 'school.test.v1', numPartitions: 1 },
    { topic, numPartitions: 2 },
  ]);
  await producer.send({ topic, messages: [event, garbage] });
});
afterAll(async () => {
  await producer.disconnect();
  await admin.disconnect();
});

const parked = (cause: string, at: string) => ({ 'parked-cause': cause, 'parked-attempts': '1', 'parked-at': at });
const event = {
  partition: 0,
  key: 'k1',
  value: 'Nguyễn Thị Mai',
  headers: {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: 'school.test.v1.Said',
    ce_time: '2026-11-20T01:00:00.000Z',
    ce_schoolid: 'school-a',
    ce_aggregateversion: '1',
    'x-from': 'Trần Văn Long',
    ...parked('NOT_WANTED', '2026-11-21T03:15:02.000Z'),
  },
};
const garbage = {
  partition: 1,
  key: 'Lê Thu Hà',
  value: 'garbage',
  headers: { ce_id: 'Lê Thu Hà', ...parked('NOT_AN_EVENT', '2026-11-21T04:00:00.000Z') },
};

test('a list shows what waits, with cause, place and time in Vietnam, and --json gives the same to a script', async () => {
  const { exit, out } = await run('parked', 'list', '--group', group);
  expect(exit).toBe(0);
  expect(out).toMatch(new RegExp(`2026-11-21 10:15:02 +${group} +0:0 +NOT_WANTED +1 +1 +\\d+ +school.test.v1.Said +${id}\n`));
  expect(out).toMatch(/ 1:0 +NOT_AN_EVENT +1 +1 +7 +no event\n/);
  const rows = JSON.parse((await run('parked', 'list', '--group', topic, '--json')).out);
  expect(rows).toMatchObject([
    { topic, group, partition: 0, offsets: ['0'], cause: 'NOT_WANTED', event: { id } },
    { cause: 'NOT_AN_EVENT' },
  ]);
  const one = await run('parked', 'list', '--group', group, '--records', '1', '--json');
  expect(JSON.parse(one.out)).toHaveLength(1);
  expect(one.err).toContain('1 older ones were not');
});

test('what could be personal data is shown only when it is asked for', async () => {
  const shown = await run('parked', 'show', group, id, '1:0');
  expect(shown).toMatchObject({ exit: 0, out: expect.stringContaining('school.test.v1.Said') });
  expect(shown.out).not.toMatch(/Mai|Long|Hà/);
  const json = await run('parked', 'show', group, id, '1:0', '--json');
  expect(json.out).not.toMatch(/Mai|Long|Hà/);
  expect(JSON.parse(json.out)).toMatchObject([{ headers: { 'x-from': '(16 bytes)', ce_id: id } }, { headers: { ce_id: '(11 bytes)' } }]);
  const whole = JSON.parse((await run('parked', 'show', group, id, '--payload-base64', '--json')).out);
  expect(Buffer.from(whole[0].payload, 'base64').toString()).toBe('Nguyễn Thị Mai');
});

test('what was given back or discarded waits no more; --done shows who did it and why', async () => {
  expect(await run('parked', 'retry', group, '1:0')).toMatchObject({ exit: 1, err: expect.stringContaining('no event') });
  expect(await run('parked', 'retry', group, '--all')).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/^1 given back/),
    err: expect.stringContaining('1 more'),
  });
  expect(await run('parked', 'retry', group, id)).toMatchObject({ exit: 1, err: expect.stringContaining('waits no more: retried') });
  expect((await run('parked', 'discard', group, '1:0', '--reason', 'vendor test', '--by', 'operator 7')).exit).toBe(0);
  expect(await run('parked', 'list', '--group', group)).toMatchObject({ exit: 0, out: 'Nothing waits for a person.\n' });
  const done = (await run('parked', 'list', '--group', group, '--done')).out;
  expect(done).toMatch(/retried .* by /);
  expect(done).toMatch(/discarded .* by operator 7 vendor test/);
});

test('what is not parked, a group without parked topic and an offset of two partitions are refused', async () => {
  const other = id.replace('0198', '0199');
  expect(await run('parked', 'show', group, other)).toMatchObject({ exit: 1, err: expect.stringContaining(other) });
  expect(await run('parked', 'list', '--group', 'no.such')).toMatchObject({ exit: 1, err: expect.stringContaining('no.such') });
  const twice = await run('parked', 'discard', group, '0', '--reason', 'x', '--json');
  expect(twice.exit).toBe(1);
  expect(JSON.parse(twice.err)).toMatchObject({ error: { code: 'AMBIGUOUS' } });
});

test.each([
  [['show', 'g']],
  [['show', 'g', 'not-an-id']],
  [['show', 'g', '1:2:3']],
  [['retry', 'g']],
  [['retry', 'g', id, '--all']],
  [['discard', 'g', id]],
  [['discard', 'g', id, '--reason', ' ']],
  [['discard', 'g', '--all', '--reason', 'x']],
  [['list', '--records', '0']],
  [['list', '--records', '100001']],
  [['list', '--brokers', 'nowhere']],
])('parked %j is wrong usage: it ends with 2, says why and asks nobody', async (args) => {
  const { exit, err } = await runWith({ KAFKA_BROKERS: '127.0.0.1:1' }, 'parked', ...args);
  expect(exit).toBe(2);
  expect(err).not.toBe('');
});

test('brokers are those of --brokers, else of KAFKA_BROKERS; where none answers it ends with 3', async () => {
  const [given = ''] = inject('kafkaBrokers');
  expect(
    (await runWith({ KAFKA_BROKERS: '127.0.0.1:1', KAFKA_PLAINTEXT: 'true' }, 'parked', 'list', '--group', group, '--brokers', given)).exit,
  ).toBe(0);
  expect(await runWith({ KAFKA_BROKERS: '127.0.0.1:1' }, 'parked', 'list')).toMatchObject({
    exit: 3,
    err: expect.stringContaining('127.0.0.1:1'),
  });
  expect(await runWith({ KAFKA_BROKERS: 'nowhere' }, 'parked', 'list')).toMatchObject({
    exit: 2,
    err: expect.stringContaining('KAFKA_BROKERS'),
  });
});

test('brokers off loopback are not spoken to in plain text unless that is said, and a password file that is missing is named', async () => {
  const away = await runWith({ KAFKA_BROKERS: 'kafka.example:9092' }, 'parked', 'list');
  expect(away).toMatchObject({ exit: 2, err: expect.stringContaining('KAFKA_TLS') });
  const secret = 'hunter2';
  const sasl = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'operator', KAFKA_SASL_PASSWORD_FILE: secret };
  const missing = await runWith({ KAFKA_BROKERS: '127.0.0.1:1', ...sasl }, 'parked', 'list');
  expect(missing).toMatchObject({ exit: 2, err: expect.stringContaining('KAFKA_SASL_PASSWORD_FILE cannot be read (ENOENT)') });
  expect(missing.err).not.toContain(secret);
});

test('help says that it needs Kafka itself', async () => {
  for (const verb of ['list', 'show', 'retry', 'discard']) {
    const { exit, out } = await run('parked', verb, '--help');
    expect(exit).toBe(0);
    expect(out).toMatch(/operators' work: it reads and writes Kafka itself/);
    expect(out).toContain(`$ ./schoolbell parked ${verb}`);
  }
});

interface Ended {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

function run(...args: string[]): Promise<Ended> {
  return runWith({ KAFKA_BROKERS: inject('kafkaBrokers').join(','), KAFKA_PLAINTEXT: 'true' }, ...args);
}

async function runWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const exit = await runCommandLine(args, { stdin, stdout, stderr, env, cwd: '/' });
  stdout.end();
  stderr.end();
  return { exit, out: await out, err: await err };
}
