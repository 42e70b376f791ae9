import { MongoClient } from 'mongodb';
import { withAdmin } from './kafka/ready.ts';
import { reasonOf } from './wait.ts';

const answerLimitMs = 15_000;

/** Addresses are never repeated with what stands before the @: it may be a password. */
export async function checkGivenMongo(uri: string): Promise<void> {
  const client = await readUri(uri);
  const hosts = client.options.hosts.map(String).join(', ');
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    if (hello.setName === undefined && hello.msg !== 'isdbgrid') {
      throw new Error(`MONGODB_URI names a MongoDB at ${hosts} that is not a replica set; transactions and change streams need one.`);
    }
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('MONGODB_URI')) throw error;
    throw new Error(
      `MONGODB_URI is given, but no MongoDB primary answers at ${hosts} (${reasonOf(error)}). Start it, or unset MONGODB_URI to let Schoolbell get one.`,
    );
  } finally {
    await client.close();
  }
}

async function readUri(uri: string): Promise<MongoClient> {
  try {
    return new MongoClient(uri, { serverSelectionTimeoutMS: answerLimitMs, connectTimeoutMS: answerLimitMs });
  } catch (error) {
    throw new Error(`MONGODB_URI cannot be read (${reasonOf(error)}): it looks like mongodb://host:port/?replicaSet=name.`);
  }
}

export async function checkGivenKafka(list: string): Promise<string[]> {
  const brokers = list
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean);
  try {
    await withAdmin(brokers, (admin) => admin.describeCluster());
    return brokers;
  } catch (error) {
    throw new Error(
      `KAFKA_BROKERS is given, but no Kafka broker answers at ${brokers.join(', ')} (${reasonOf(error)}). Start it, or unset KAFKA_BROKERS to let Schoolbell get one.`,
    );
  }
}
