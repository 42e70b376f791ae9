import { createServer } from 'node:net';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDir, isAlive, withMongo } from './fixtures.ts';
import { type Engines, ensureTopics, startEngines, topicWishes } from './index.ts';
import { withAdmin } from './kafka/ready.ts';

const stateDir = freshDir();
const start = () => startEngines({ stateDir, log: () => {}, source: 'local', mongo: { testCommands: true } });
let engines: Engines;

beforeAll(async () => {
  engines = await start();
});
afterAll(() => engines.stop());

test('a fresh start serves transactions, fail points and consumer groups', async () => {
  await withMongo(engines.mongodb.uri, async (client) => {
    const rolls = client.db('test').collection('rolls');
    await client.withSession((session) => session.withTransaction(() => rolls.insertOne({ pupil: 'An' }, { session })));
    expect(await rolls.countDocuments()).toBe(1);
    await client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });
  });
  const groups = await withAdmin(engines.kafka.brokers, (admin) => admin.describeGroups(['a new group']));
  expect(groups.groups[0]?.state).toBe('Dead');
});

test('a second start on the same state directory is refused', async () => {
  await expect(start()).rejects.toThrow(`already belong to process ${process.pid}`);
});

describe('topics', () => {
  test('are made as infra/topics.yaml says, once', async () => {
    const wishes = topicWishes('development');

    expect(await ensureTopics({ brokers: engines.kafka.brokers })).toEqual(wishes.map((wish) => wish.topic));
    expect(await ensureTopics({ brokers: engines.kafka.brokers })).toEqual([]);

    const { topics, resources } = await withAdmin(engines.kafka.brokers, async (admin) => ({
      ...(await admin.fetchTopicMetadata({ topics: wishes.map((wish) => wish.topic) })),
      ...(await admin.describeConfigs({ includeSynonyms: false, resources: wishes.map(({ topic: name }) => ({ type: 2, name })) })),
    }));
    for (const wish of wishes) {
      const partitions = topics.find((topic) => topic.name === wish.topic)?.partitions ?? [];
      expect(partitions.map((partition) => partition.replicas.length)).toEqual(Array(wish.partitions).fill(wish.replication));
      const entries = resources.find((resource) => resource.resourceName === wish.topic)?.configEntries ?? [];
      expect(Object.fromEntries(entries.map((entry) => [entry.configName, entry.configValue]))).toMatchObject(wish.config);
    }
  });

  test('never get more partitions', async () => {
    await ensureTopics({ brokers: engines.kafka.brokers });
    await expect(ensureTopics({ brokers: engines.kafka.brokers, profile: 'production', replication: 1 })).rejects.toThrow(
      'school.registry.v1 has 6 partitions and infra/topics.yaml asks for 24',
    );
  });

  test('in production have three copies of which two must be written, and a parked topic for each group', () => {
    const wishes = topicWishes('production');

    expect(wishes.map((wish) => wish.topic)).toEqual([
      'school.registry.v1',
      'school.registry.v1.parked.attendance.registry',
      'school.registry.v1.parked.canteen.registry',
      'school.registry.v1.parked.billing.registry',
      'school.registry.v1.parked.notification.registry',
      'school.attendance.v1',
      'school.attendance.v1.parked.canteen.attendance',
      'school.attendance.v1.parked.notification.attendance',
      'school.canteen.v1',
      'school.canteen.v1.parked.billing.canteen',
      'school.canteen.v1.parked.notification.canteen',
      'school.billing.v1',
      'school.billing.v1.parked.notification.billing',
      'school.notification.v1',
    ]);
    const registry = wishes.find(({ topic }) => topic === 'school.registry.v1');
    const billing = wishes.find(({ topic }) => topic === 'school.billing.v1');
    expect(registry).toMatchObject({ config: { 'retention.ms': '-1' } });
    expect(billing).toMatchObject({
      partitions: 24,
      replication: 3,
      config: { 'min.insync.replicas': '2', 'retention.ms': '2592000000' },
    });
    expect(new Set(wishes.map((wish) => wish.config['unclean.leader.election.enable']))).toEqual(new Set(['false']));
  });
});

describe('a process in the hands of a fault test', () => {
  test('stands still while frozen and goes on when thawed', async () => {
    const [mongod] = engines.mongodb.members;
    await withMongo(engines.mongodb.uri, async (client) => {
      const insert = () => client.db('test').collection('frozen').insertOne({});
      await insert();
      mongod?.freeze();
      const waiting = insert().then(() => 'done');
      expect(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 500, 'still waiting'))])).toBe('still waiting');
      mongod?.thaw();
      expect(await waiting).toBe('done');
    });
  });

  test('comes back on its port with its data after a kill, though it was frozen', async () => {
    await publish('before the kill');
    await withMongo(engines.mongodb.uri, (client) =>
      client
        .db('test')
        .collection('kills')
        .insertOne({}, { writeConcern: { w: 'majority' } }),
    );
    const members = [...engines.mongodb.members, ...engines.kafka.members];
    const before = members.map((member) => member.pid);
    for (const member of members) member.freeze();

    await Promise.all(members.map((member) => member.kill()));
    expect(before.filter(isAlive)).toEqual([]);
    await Promise.all(members.map((member) => member.restart()));

    expect([...engines.mongodb.pids, ...engines.kafka.pids].filter(isAlive)).toHaveLength(2);
    expect(await withMongo(engines.mongodb.uri, (client) => client.db('test').collection('kills').countDocuments())).toBe(1);
    expect(await published()).toBe(1);
  });
});

describe('after a stop', () => {
  test('nothing is left running, and the next start has the same members, addresses and data', async () => {
    const { mongodb, kafka } = engines;
    const pids = [...mongodb.pids, ...kafka.pids];
    const before = await published();
    await withMongo(mongodb.uri, (client) => client.db('test').collection('kept').insertOne({}));

    await engines.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    const three = startEngines({ stateDir, log: () => {}, source: 'local', mongo: { members: 3 }, only: 'mongo' });
    await expect(three).rejects.toThrow('holds a replica set of 1, not of 3');
    engines = await start();

    expect([engines.mongodb.uri, engines.kafka.brokers]).toEqual([mongodb.uri, kafka.brokers]);
    expect(await withMongo(engines.mongodb.uri, (client) => client.db('test').collection('kept').countDocuments())).toBe(1);
    expect(await published()).toBe(before);
  });

  test('a port that was taken meanwhile costs the addresses, not the data', async () => {
    await withMongo(engines.mongodb.uri, (client) => client.db('test').collection('moved').insertOne({}));
    const before = await published();
    const { mongodb, kafka } = engines;
    await engines.stop();
    const takers = [mongodb.uri, ...kafka.brokers].map((address) =>
      createServer((socket) => socket.destroy())
        // Somebody else was quicker: the port is taken all the same.
        .on('error', () => {})
        .listen(Number(/127\.0\.0\.1:(\d+)/.exec(address)?.[1]), '127.0.0.1'),
    );

    engines = await start();
    for (const taker of takers) taker.close();

    expect(engines.mongodb.uri).not.toBe(mongodb.uri);
    expect(engines.kafka.brokers).not.toEqual(kafka.brokers);
    expect(await withMongo(engines.mongodb.uri, (client) => client.db('test').collection('moved').countDocuments())).toBe(1);
    expect(await published()).toBe(before);
  });
});

async function publish(text: string): Promise<void> {
  await ensureTopics({ brokers: engines.kafka.brokers });
  const kafka = new Kafka({ brokers: [...engines.kafka.brokers], connectionTimeout: 30_000, logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  await producer.connect();
  await producer.send({ topic: 'school.billing.v1', acks: -1, messages: [{ value: text }] });
  await producer.disconnect();
}

async function published(): Promise<number> {
  const ends = await withAdmin(engines.kafka.brokers, (admin) => admin.fetchTopicOffsets('school.billing.v1'));
  return ends.reduce((sum, end) => sum + Number(end.high), 0);
}
