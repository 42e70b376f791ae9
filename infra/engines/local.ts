import { classArchive } from './kafka/archive.ts';
import { type KafkaHome, obtainKafka } from './kafka/fetch.ts';
import { startLocalKafka } from './kafka/local.ts';
import { obtainMongod } from './mongo/fetch.ts';
import { startLocalMongo } from './mongo/local.ts';
import { replicaSetUri } from './mongo/replica-set.ts';
import type { EnginePlan, Started } from './plan.ts';
import { createProcesses, type LocalProcess } from './processes.ts';
import type { Log } from './wait.ts';

export async function startLocally({ stateDir, lock, claims, log, mongo, kafka }: EnginePlan): Promise<Started> {
  const programs = await fetchLocal({ log, mongo: mongo !== undefined, kafka: kafka !== undefined });
  const processes = createProcesses(lock, log);
  const place = { stateDir, processes, claims };
  const startMongo = async () => {
    if (!mongo || !programs.mongod) return undefined;
    const set = await startLocalMongo(programs.mongod, mongo, place);
    return withPids({ via: 'local', uri: replicaSetUri(set.hosts), members: set.members });
  };
  const startKafka = async () => {
    if (!kafka || !programs.kafka) return undefined;
    const cluster = await startLocalKafka({ ...programs.kafka, brokerJvm: [] }, kafka, place);
    return withPids({ via: 'local', brokers: cluster.brokers, members: cluster.members });
  };
  const starts = [startMongo(), startKafka()] as const;
  try {
    const [mongodb, brokers] = await Promise.all(starts);
    return { mongodb, kafka: brokers, stop: processes.stopAll };
  } catch (error) {
    await processes.stopAll();
    // A first start of Kafka may still be at work on its files, where the next start would meet it.
    await Promise.allSettled(starts);
    throw error;
  }
}

export interface LocalPrograms {
  readonly mongod: string | undefined;
  readonly kafka: (KafkaHome & { readonly jvm: readonly string[] }) | undefined;
}

export async function fetchLocal({ log, mongo, kafka }: { log: Log; mongo: boolean; kafka: boolean }): Promise<LocalPrograms> {
  if (process.platform === 'win32') {
    throw new Error('Engines as local processes need Linux or macOS: start Docker, or set MONGODB_URI and KAFKA_BROKERS.');
  }
  const fetchKafka = async () => {
    const home = await obtainKafka(log);
    return { ...home, jvm: await classArchive(home, log) };
  };
  const [mongod, kafkaProgram] = await Promise.all([mongo ? obtainMongod(log) : undefined, kafka ? fetchKafka() : undefined]);
  return { mongod, kafka: kafkaProgram };
}

/** A restarted process has a new number, so the numbers are read each time. */
function withPids<T extends { readonly via: 'local'; readonly members: readonly LocalProcess[] }>(
  engine: T,
): T & { readonly pids: number[] } {
  return Object.defineProperty(engine as T & { readonly pids: number[] }, 'pids', {
    enumerable: true,
    get: () => engine.members.map((member) => member.pid),
  });
}
