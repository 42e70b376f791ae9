import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupsOf, parkedTopic, serviceNames, services, topics } from '@schoolbell/contracts';
import type { Admin, ITopicConfig } from 'kafkajs';
import { parse } from 'yaml';
import { withAdmin } from './kafka/ready.ts';
import { untilAnswered } from './wait.ts';

export type Profile = 'development' | 'production';

export interface TopicWish {
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  readonly config: Readonly<Record<string, string>>;
}

interface TopicsFile {
  readonly profiles: Readonly<Record<Profile, Sizes>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly retentionDays: number;
  readonly parkedRetentionDays: number;
}

interface Sizes {
  readonly partitions: number;
  readonly parkedPartitions: number;
  readonly replication: number;
  readonly minInSyncReplicas: number;
}

export interface TopicsOptions {
  readonly brokers: readonly string[];
  readonly profile?: Profile;
  /** Other than the profile says: 3 for the three local brokers of a fault test. */
  readonly replication?: number;
}

/** Makes the topics of every service that are missing, as infra/topics.yaml says; resolves to their names. */
export async function ensureTopics({ brokers, profile = 'development', replication }: TopicsOptions): Promise<string[]> {
  const wishes = topicWishes(profile, replication);
  return withAdmin(brokers, async (admin) => {
    const there = await partitionsThere(admin, wishes);
    for (const wish of wishes) refuseMorePartitions(wish, there.get(wish.topic));
    const missing = wishes.filter((wish) => !there.has(wish.topic));
    if (missing.length > 0) await create(admin, missing);
    return missing.map((wish) => wish.topic);
  });
}

const forever = 'forever';

export function topicWishes(profile: Profile, replication?: number): TopicWish[] {
  const file = parse(readFileSync(join(import.meta.dirname, '..', 'topics.yaml'), 'utf8')) as TopicsFile;
  const sizes = file.profiles[profile];
  const copies = replication ?? sizes.replication;
  const minInSync = replication === undefined ? sizes.minInSyncReplicas : Math.max(1, replication - 1);
  const wish = (topic: string, partitions: number, days: number | typeof forever): TopicWish => ({
    topic,
    partitions,
    replication: copies,
    config: {
      ...asText(file.config),
      'min.insync.replicas': String(minInSync),
      'retention.ms': days === forever ? '-1' : String(days * 86_400_000),
    },
  });
  return serviceNames.flatMap((name) => [
    wish(topics[name], sizes.partitions, 'keepsTopic' in services[name] ? forever : file.retentionDays),
    ...groupsOf(name).map((group) => wish(parkedTopic(topics[name], group), sizes.parkedPartitions, file.parkedRetentionDays)),
  ]);
}

function asText(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]));
}

async function partitionsThere(admin: Admin, wishes: readonly TopicWish[]): Promise<Map<string, number>> {
  const names = new Set(await admin.listTopics());
  const topics = wishes.map((wish) => wish.topic).filter((topic) => names.has(topic));
  if (topics.length === 0) return new Map();
  const metadata = await admin.fetchTopicMetadata({ topics });
  return new Map(metadata.topics.map((topic) => [topic.name, topic.partitions.length]));
}

function refuseMorePartitions({ topic, partitions }: TopicWish, there: number | undefined): void {
  if (there === undefined || there >= partitions) return;
  throw new Error(
    `${topic} has ${there} partitions and infra/topics.yaml asks for ${partitions}: adding them would move keys to other partitions and break the order of events. Make a new version of the topic instead.`,
  );
}

async function create(admin: Admin, missing: readonly TopicWish[]): Promise<void> {
  const topics = missing.map(
    ({ topic, partitions, replication, config }): ITopicConfig => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replication,
      configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
    }),
  );
  try {
    await createTopics(admin, topics);
  } catch (error) {
    const reasons = (error as { errors?: { message: string }[] }).errors?.map((each) => each.message).join('; ');
    throw new Error(`The topics of infra/topics.yaml could not be made: ${reasons ?? (error as Error).message}`);
  }
}

/**
 * Makes topics and waits until each of their partitions answers. kafkajs' own waiting gives up when a busy broker does not know a topic
 * yet that it has just been told to make; topics that are there already are left as they are.
 */
export async function createTopics(admin: Admin, topics: readonly ITopicConfig[]): Promise<void> {
  if (topics.length === 0) return;
  await admin.createTopics({ topics: [...topics], waitForLeaders: false, timeout: 30_000 });
  const names = topics.map(({ topic }) => topic);
  const patience = { what: `Kafka to serve ${names.join(', ')}`, limitMs: 30_000 };
  await untilAnswered(() => admin.fetchTopicMetadata({ topics: names }), patience);
  await Promise.all(names.map((topic) => untilAnswered(() => admin.fetchTopicOffsets(topic), patience)));
}
