import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDir, withMongo } from './fixtures.ts';
import { type Engines, ensureTopics, startEngines } from './index.ts';
import { withAdmin } from './kafka/ready.ts';

let engines: Engines;

beforeAll(async () => {
  engines = await startEngines({ stateDir: freshDir(), log: () => {}, source: 'local', mongo: { members: 3 }, kafka: { brokers: 3 } });
});
afterAll(() => engines.stop());

test('three members stand the loss of one, which then comes back', async () => {
  const [first] = engines.mongodb.members;
  await first?.kill();
  await withMongo(engines.mongodb.uri, async (client) => {
    await client
      .db('test')
      .collection('rolls')
      .insertOne({}, { writeConcern: { w: 'majority' } });
    await first?.restart();
    const health = async () => {
      const { members } = await client.db('admin').command({ replSetGetStatus: 1 });
      return members.map((member: { health: number }) => member.health);
    };
    await expect.poll(health).toEqual([1, 1, 1]);
  });
});

test('three brokers hold three copies and stand the loss of one, which then comes back', async () => {
  await ensureTopics({ brokers: engines.kafka.brokers, replication: 3 });
  const [first] = engines.kafka.members;
  await first?.kill();
  await first?.restart();

  const { topics } = await withAdmin(engines.kafka.brokers, (admin) => admin.fetchTopicMetadata({ topics: ['school.registry.v1'] }));
  expect(topics[0]?.partitions.map((partition) => partition.replicas.length)).toEqual([3, 3, 3, 3, 3, 3]);
  const brokers = async () => (await withAdmin(engines.kafka.brokers, (admin) => admin.describeCluster())).brokers;
  await expect.poll(brokers).toHaveLength(3);
});
