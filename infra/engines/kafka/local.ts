import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choosePorts, type PortClaims } from '../ports.ts';
import type { LocalPlace, LocalProcess } from '../processes.ts';
import { readState, writeState } from '../state.ts';
import { lastLine, runTool } from '../tool.ts';
import type { KafkaHome } from './fetch.ts';
import { type KafkaPlan, serverProperties } from './properties.ts';
import { untilKafkaServes } from './ready.ts';

export interface LocalKafka {
  readonly brokers: readonly string[];
  readonly members: readonly LocalProcess[];
}

export interface KafkaCluster {
  readonly clusterId: string;
  readonly ports: readonly number[];
  readonly controllerPorts: readonly number[];
}

export interface KafkaProgram extends KafkaHome {
  /** Flags for every Java of this cluster, and those for its brokers only. */
  readonly jvm: readonly string[];
  readonly brokerJvm: readonly string[];
}

export async function startLocalKafka(kafka: KafkaProgram, plan: KafkaPlan, place: LocalPlace): Promise<LocalKafka> {
  const { processes } = place;
  const dir = join(place.stateDir, 'kafka');
  const cluster = await rememberCluster(dir, plan, place.claims);
  const configs = await Promise.all(cluster.ports.map((_, index) => formatted(kafka, dir, cluster, index + 1)));
  const brokers = cluster.ports.map((port) => `127.0.0.1:${port}`);
  const heap = plan.brokers === 1 ? '-Xmx512m' : '-Xmx384m';
  const members = brokers.map((broker, index) =>
    processes.run({
      name: `kafka ${index + 1}`,
      command: kafka.java,
      args: [heap, ...kafka.brokerJvm, ...javaArguments(kafka), 'kafka.Kafka', configs[index] as string],
      logFile: join(dir, `${index + 1}.log`),
      untilReady: (signal) => untilKafkaServes([broker], signal),
    }),
  );
  await untilKafkaServes(brokers, processes.running());
  return { brokers, members };
}

function javaArguments({ jvm, classpath }: KafkaProgram): string[] {
  return [...jvm, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', classpath];
}

export async function rememberCluster(dir: string, { brokers, port }: KafkaPlan, claims: PortClaims): Promise<KafkaCluster> {
  const file = join(dir, 'cluster.json');
  const before = readState<KafkaCluster>(file);
  if (before && before.ports.length !== brokers) {
    throw new Error(
      `${dir} holds a cluster of ${before.ports.length}, not of ${brokers}: use another state directory, or delete this one to start from nothing.`,
    );
  }
  const ports = await choosePorts({ fixed: port, remembered: before?.ports, count: brokers, engine: 'Kafka' }, claims);
  // Nobody but the brokers uses these, so they may change with every start.
  const controllerPorts = await claims.takeAny(brokers);
  const cluster = { clusterId: before?.clusterId ?? newClusterId(), ports, controllerPorts };
  writeState(file, cluster);
  return cluster;
}

function newClusterId(): string {
  // Kafka's tools would read a leading dash as an option.
  return randomBytes(16).toString('base64url').replace(/^-/, 'A');
}

async function formatted(kafka: KafkaProgram, dir: string, cluster: KafkaCluster, id: number): Promise<string> {
  const nodeDir = join(dir, String(id));
  const logDir = join(nodeDir, 'data');
  const config = join(nodeDir, 'server.properties');
  mkdirSync(nodeDir, { recursive: true });
  writeFileSync(config, serverProperties({ ...cluster, id, logDir, bind: '127.0.0.1', host: '127.0.0.1' }));
  if (existsSync(join(logDir, 'meta.properties'))) return config;
  // Files of a format that was cut short are filled in rather than refused.
  const format = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', cluster.clusterId, '-c', config];
  const done = await runTool(kafka.java, [...javaArguments(kafka), ...format]);
  if (!done?.ok) throw new Error(`Kafka could not format ${logDir} (${lastLine(done?.output ?? 'no Java')}).`);
  return config;
}
