import { resolve } from 'node:path';
import { dockerAnswers } from './docker/probe.ts';
import { checkGivenKafka, checkGivenMongo } from './given.ts';
import type { KafkaPlan } from './kafka/properties.ts';
import { startLocally } from './local.ts';
import { takeLock } from './lock.ts';
import type { MongoPlan } from './mongo/arguments.ts';
import type { EnginePlan, KafkaEngine, MongoEngine, Source, Started } from './plan.ts';
import { onClaimedPorts } from './ports.ts';
import type { Log } from './wait.ts';

export interface EnginesOptions {
  /** Data, logs and ports live here; a directory that is gone is a start from nothing. */
  readonly stateDir: string;
  readonly log: Log;
  readonly mongo?: { readonly members?: 1 | 3; readonly testCommands?: boolean; readonly port?: number };
  readonly kafka?: { readonly brokers?: 1 | 3; readonly port?: number };
  readonly only?: 'mongo' | 'kafka';
  /** Allows one source and no other; SCHOOLBELL_ENGINES does the same. */
  readonly source?: Source;
}

export interface Engines {
  readonly mongodb: MongoEngine;
  readonly kafka: KafkaEngine;
  stop(): Promise<void>;
}

export function startEngines(options: EnginesOptions & { only: 'mongo' }): Promise<Omit<Engines, 'kafka'>>;
export function startEngines(options: EnginesOptions & { only: 'kafka' }): Promise<Omit<Engines, 'mongodb'>>;
export function startEngines(options: EnginesOptions): Promise<Engines>;
export async function startEngines(options: EnginesOptions): Promise<Partial<Engines> & { stop(): Promise<void> }> {
  const { only, log } = options;
  const source = options.source ?? readSource();
  const given = source === undefined || source === 'given' ? await takeGiven(only, source === 'given') : {};
  const mongo = only === 'kafka' || given.mongodb ? undefined : mongoPlan(options);
  const kafka = only === 'mongo' || given.kafka ? undefined : kafkaPlan(options);
  const started = mongo || kafka ? await startWanted({ ...options, mongo, kafka }, source) : undefined;
  const mongodb = given.mongodb ?? started?.mongodb;
  const brokers = given.kafka ?? started?.kafka;
  if (mongodb) log(`MongoDB is ready (${mongodb.via}): ${mongodb.uri.replace(/\/\/[^/]*@/, '//')}`);
  if (brokers) log(`Kafka is ready (${brokers.via}): ${brokers.brokers.join(',')}`);
  return { ...(mongodb && { mongodb }), ...(brokers && { kafka: brokers }), stop: async () => started?.stop() };
}

function readSource(): Source | undefined {
  const named = process.env.SCHOOLBELL_ENGINES;
  if (!named) return undefined;
  if (named === 'given' || named === 'docker' || named === 'local') return named;
  throw new Error(`SCHOOLBELL_ENGINES is "${named}"; it can be given, docker or local.`);
}

async function takeGiven(
  only: EnginesOptions['only'],
  required: boolean,
): Promise<Pick<Started, 'mongodb' | 'kafka'> | Record<string, never>> {
  const uri = only === 'kafka' ? undefined : process.env.MONGODB_URI;
  const list = only === 'mongo' ? undefined : process.env.KAFKA_BROKERS;
  if (required && !uri && only !== 'kafka') throw new Error('SCHOOLBELL_ENGINES is given, so MONGODB_URI must name a replica set.');
  if (required && !list && only !== 'mongo') throw new Error('SCHOOLBELL_ENGINES is given, so KAFKA_BROKERS must name a cluster.');
  const none = { via: 'given' as const, pids: [], members: [] };
  const [, brokers] = await Promise.all([uri ? checkGivenMongo(uri) : undefined, list ? checkGivenKafka(list) : undefined]);
  return { mongodb: uri ? { uri, ...none } : undefined, kafka: brokers ? { brokers, ...none } : undefined };
}

type Wanted = Omit<EnginePlan, 'lock' | 'claims'>;

async function startWanted(wanted: Wanted, source: Source | undefined): Promise<Started> {
  const stateDir = resolve(wanted.stateDir);
  const lock = await takeLock(stateDir, wanted.log);
  try {
    const started = await onClaimedPorts(wanted.log, async (claims) => {
      const engines = await fromDockerOrLocal({ ...wanted, stateDir, lock, claims }, source);
      return { ...engines, stop: () => engines.stop().then(() => claims.release()) };
    });
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= started.stop().then(() => lock.release());
      return stopped;
    };
    return { ...started, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function fromDockerOrLocal(plan: EnginePlan, source: Source | undefined): Promise<Started> {
  if (source === 'local') return startLocally(plan);
  if (!(await dockerAnswers())) {
    if (source === 'docker')
      throw new Error('SCHOOLBELL_ENGINES is docker, but no Docker engine answers: start Docker, or unset SCHOOLBELL_ENGINES.');
    return startLocally(plan);
  }
  // Loaded late: where no Docker answers, nobody pays for its libraries.
  const { startInDocker } = await import('./docker/start.ts');
  const started = await startInDocker(plan);
  if (!('cannotPull' in started)) return started;
  if (source === 'docker') throw new Error(`SCHOOLBELL_ENGINES is docker, but ${started.cannotPull}.`);
  plan.log(`Docker answers, but ${started.cannotPull}; using local processes instead.`);
  return startLocally(plan);
}

function mongoPlan({ mongo = {} }: EnginesOptions): MongoPlan {
  return { members: mongo.members ?? 1, testCommands: mongo.testCommands ?? false, port: mongo.port };
}

function kafkaPlan({ kafka = {} }: EnginesOptions): KafkaPlan {
  return { brokers: kafka.brokers ?? 1, port: kafka.port };
}
