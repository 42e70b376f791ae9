import { kafkaSchema, readConfig, readKafkaAccess, securityOf } from '@schoolbell/service-kit';
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { untilPortOpens } from '../ports.ts';
import { type Patience, untilAnswered } from '../wait.ts';

// Far beyond what a busy machine needs: a broker that ends is noticed at once.
const readyLimitMs = 300_000;

/**
 * An open port is not yet a ready broker: the first group of a new cluster is told that no coordinator is available
 * until Kafka has made its topic for offsets. Asking for a group makes Kafka do that.
 */
export async function untilKafkaServes(brokers: readonly string[], signal?: AbortSignal): Promise<void> {
  const patience: Patience = { what: `Kafka to serve groups at ${brokers.join(', ')}`, limitMs: readyLimitMs, signal };
  await Promise.all(brokers.map((broker) => untilPortOpens(broker, patience)));
  await untilAnswered(() => withAdmin(brokers, (admin) => servesGroups(admin, brokers)), patience);
}

async function servesGroups(admin: Admin, brokers: readonly string[]): Promise<true | undefined> {
  const cluster = await admin.describeCluster();
  const known = cluster.brokers.map((broker) => `${broker.host}:${broker.port}`);
  if (!brokers.every((broker) => known.includes(broker))) return undefined;
  await admin.describeGroups(['schoolbell.ready']);
  return true;
}

export async function withAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId: 'schoolbell-engines',
    ...securityTo(brokers),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 10_000,
    requestTimeout: 30_000,
    retry: { retries: 3, initialRetryTime: 50 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/**
 * The environment by which a process reaches these brokers. What ours says of TLS and SASL is about the brokers that it names, never
 * about engines that Schoolbell brought itself. Those may stand in containers off loopback, and whoever starts a Schoolbell for
 * development names engines of a network of his own: plain text is meant, where TLS is not asked for.
 */
export function kafkaEnv(brokers: readonly string[]): Record<string, string> {
  const given = addresses(process.env.KAFKA_BROKERS) === brokers.join() ? Object.entries(process.env) : [];
  const security = Object.fromEntries(
    given.filter((entry): entry is [string, string] => entry[1] !== undefined && /^KAFKA_(TLS|SASL)_?/.test(entry[0])),
  );
  return { KAFKA_BROKERS: brokers.join(), ...security, KAFKA_PLAINTEXT: String(security.KAFKA_TLS !== 'true') };
}

function addresses(list = ''): string {
  return list
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean)
    .join();
}

function securityTo(brokers: readonly string[]): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  const read = readConfig(kafkaSchema(), kafkaEnv(brokers));
  if (!read.ok) throw new Error(read.refusal.text);
  return securityOf(readKafkaAccess(read.value));
}
