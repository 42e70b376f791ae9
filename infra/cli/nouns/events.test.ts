import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { topics } from '@schoolbell/contracts';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { createKafka, createLogger } from '@schoolbell/service-kit';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTopics } from '../../engines/topics.ts';
import { runCommandLine } from '../program.ts';

const kafka = createKafka({ brokers: inject('kafkaBrokers'), clientId: 'events-cli-test' }, createLogger('test', 'silent'));
const admin = kafka.admin();
const producer = kafka.producer({ allowAutoTopicCreation: false });

beforeAll(async () => {
  await admin.connect();
  await producer.connect();
  const wanted = Object.values(topics).map((topic) => ({ topic, numPartitions: 6 }));
  await createTopics(admin, wanted);
});
afterAll(async () => {
  await producer.disconnect();
  await admin.disconnect();
});

test('events are shown one a line as they are announced, without what they say of anybody', async () => {
  const [before, first, second] = [randomUUID(), randomUUID(), randomUUID()];
  await announce(before);
  const tail = follow('--service', 'registry', '--limit', '2');
  await tail.ready;
  await announce(first);
  await announce(second);
  const { exit, out } = await tail.ended;
  expect(exit).toBe(0);
  const line = (id: string) => `2026-11-20 08:00:00  school.registry.v1.GuardianRegistered  key-of-${id}  ${id}  school-a  v7`;
  expect(out.trimEnd().split('\n').toSorted()).toEqual([line(first), line(second)].toSorted());
});

test('--from-start shows what was announced before, --payload what it says, and --json is one object a line', async () => {
  const id = randomUUID();
  await announce(id);
  const tail = follow('--service', 'registry', '--from-start', '--payload', '--json');
  const seen = await tail.until((line) => line.includes(id));
  expect(JSON.parse(seen)).toMatchObject({
    time: '2026-11-20T01:00:00.000Z',
    type: 'school.registry.v1.GuardianRegistered',
    key: `key-of-${id}`,
    id,
    school: 'school-a',
    version: 7,
    topic: 'school.registry.v1',
    payload: {},
  });
  tail.interrupt();
  expect((await tail.ended).exit).toBe(0);
});

test('what is no event is told by its place alone, and nobody writes to the terminal through a header', async () => {
  const tail = follow('--limit', '2');
  await tail.ready;
  await producer.send({ topic: topics.billing, messages: [{ key: 'Lê Thu Hà', value: 'Nguyễn Thị Mai' }] });
  await announce(randomUUID(), { ce_schoolid: 'school\u001b[2J' });
  const { out } = await tail.ended;
  expect(out).toMatch(/ {2}no event {2}school\.billing\.v1 \d+:\d+\n/);
  for (const hidden of ['Hà', 'Mai', '\u001b']) expect(out).not.toContain(hidden);
});

test('it leaves no group behind', async () => {
  const groups = async () => (await admin.listGroups()).groups.map(({ groupId }) => groupId);
  const before = await groups();
  const tail = follow('--service', 'registry', '--limit', '1');
  await tail.ready;
  await announce(randomUUID());
  await tail.ended;
  // Tests beside this one follow topics too; their groups go when they end.
  const left = (await groups()).filter((group) => !before.includes(group) && group.startsWith('schoolbell.operator.'));
  await expect.poll(async () => (await groups()).filter((group) => left.includes(group))).toEqual([]);
});

test('where no Kafka answers it ends with 3, and a service that announces nothing is wrong usage', async () => {
  const nowhere = await follow('--brokers', '127.0.0.1:1').ended;
  expect(nowhere).toMatchObject({ exit: 3, err: expect.stringContaining('127.0.0.1:1') });
  expect((await follow('--service', 'kitchen').ended).exit).toBe(2);
});

async function announce(id: string, headers: Record<string, string> = {}): Promise<void> {
  const value = Buffer.from(RegistryEvent.encode(RegistryEvent.create({})).finish());
  const known = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: 'school.registry.v1.GuardianRegistered',
    ce_time: '2026-11-20T01:00:00.000Z',
    ce_schoolid: 'school-a',
    ce_aggregateversion: '7',
  };
  await producer.send({ topic: topics.registry, messages: [{ key: `key-of-${id}`, value, headers: { ...known, ...headers } }] });
}

function follow(...args: string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const ready = new Promise<void>((resolve) => {
    stderr.on('data', (chunk) => String(chunk).includes('Following') && resolve());
  });
  let interrupt = (): void => {};
  const onInterrupt = (stop: () => void): void => {
    interrupt = stop;
  };
  const env = { KAFKA_BROKERS: inject('kafkaBrokers').join(','), KAFKA_PLAINTEXT: 'true' };
  const finish = async () => {
    const exit = await runCommandLine(['events', 'tail', ...args], { stdin, stdout, stderr, env, cwd: '/', onInterrupt });
    stdout.end();
    stderr.end();
    return { exit, out: await out, err: await err };
  };
  const until = (fits: (line: string) => boolean): Promise<string> =>
    new Promise((resolve) => {
      let read = '';
      stdout.on('data', (chunk) => {
        read += chunk;
        const found = read.split('\n').slice(0, -1).find(fits);
        if (found !== undefined) resolve(found);
      });
    });
  return { ready, until, interrupt: () => interrupt(), ended: finish() };
}
