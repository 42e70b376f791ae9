import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  type ContainerRuntimeClient,
  GenericContainer,
  getContainerRuntimeClient,
  getReaper,
  ImageName,
  type StartedTestContainer,
} from 'testcontainers';
import { rememberCluster } from '../kafka/local.ts';
import { type KafkaPlan, serverProperties } from '../kafka/properties.ts';
import { untilKafkaServes } from '../kafka/ready.ts';
import { type MongoPlan, mongodArguments } from '../mongo/arguments.ts';
import { portsOfSet } from '../mongo/local.ts';
import { replicaSetUri, untilSetReady } from '../mongo/replica-set.ts';
import type { EnginePlan, KafkaEngine, MongoEngine, Started } from '../plan.ts';
import { failedStart, type PortClaims } from '../ports.ts';
import { type Log, reasonOf } from '../wait.ts';

const mongoImage = 'mongo:8';
const kafkaImage = 'apache/kafka:4.3.1';

export async function startInDocker(plan: EnginePlan): Promise<Started | { readonly cannotPull: string }> {
  const images = [...(plan.mongo ? [mongoImage] : []), ...(plan.kafka ? [kafkaImage] : [])];
  let docker: ContainerRuntimeClient;
  try {
    docker = await getContainerRuntimeClient();
    for (const image of images) await pull(docker, image, plan.log);
    await getReaper(docker);
  } catch (error) {
    return { cannotPull: `its images cannot be had (${reasonOf(error)})` };
  }
  const host = docker.info.containerRuntime.host.replace('localhost', '127.0.0.1');
  const place: Place = { docker, host, stateDir: join(plan.stateDir, 'docker'), claims: plan.claims, containers: [] };
  // Both are waited for even if one fails, so that no container is forgotten.
  const starts = [plan.mongo && startMongo(place, plan.mongo), plan.kafka && startKafka(place, plan.kafka)] as const;
  const [mongodb, kafka] = await Promise.allSettled(starts);
  if (mongodb.status === 'fulfilled' && kafka.status === 'fulfilled') {
    return { mongodb: mongodb.value, kafka: kafka.value, stop: () => stopAll(place) };
  }
  await stopAll(place);
  throw mongodb.status === 'rejected' ? mongodb.reason : kafka.status === 'rejected' ? kafka.reason : undefined;
}

interface Place {
  readonly docker: ContainerRuntimeClient;
  /** Where the published ports are reached: a Docker engine may run on another machine. */
  readonly host: string;
  readonly stateDir: string;
  readonly claims: PortClaims;
  readonly containers: StartedTestContainer[];
}

async function pull(docker: ContainerRuntimeClient, image: string, log: Log): Promise<void> {
  const name = ImageName.fromString(image);
  if (await docker.image.exists(name)) return;
  // Silent at first: an engine that cannot pull says so soon, and then that one line is all there is to say.
  const progress = setInterval(() => log(`Pulling ${image} (once) …`), 5_000);
  await docker.image.pull(name).finally(() => clearInterval(progress));
  // Docker reports a failure in the middle of a pull inside the stream, where the library does not look.
  if (!(await docker.image.exists(name))) throw new Error(`the pull of ${image} did not succeed`);
}

/**
 * All members live in one container: they reach each other at the loopback addresses, and the ports are published
 * under the same numbers, so the addresses the set hands out are right inside and outside.
 */
async function startMongo(place: Place, plan: MongoPlan): Promise<MongoEngine> {
  const ports = await portsOfSet(join(place.stateDir, 'mongo'), plan, place.claims);
  const commands = ports.map((port, index) => {
    const dbPath = `/data/db/${index + 1}`;
    return `mkdir -p ${dbPath} && exec mongod ${mongodArguments({ plan, port, dbPath, bindIp: '0.0.0.0' }).join(' ')}`;
  });
  await runContainer(place, { name: 'mongo', image: mongoImage, dataPath: '/data/db', ports, commands, files: [], environment: {} });
  const hosts = ports.map((port) => `${place.host}:${port}`);
  await untilSetReady(hosts);
  return { uri: replicaSetUri(hosts), ...noProcesses };
}

async function startKafka(place: Place, plan: KafkaPlan): Promise<KafkaEngine> {
  const cluster = await rememberCluster(join(place.stateDir, 'kafka'), plan, place.claims);
  const nodes = cluster.ports.map((_, index) => ({ id: index + 1, config: `/tmp/schoolbell-${index + 1}.properties` }));
  const dataPath = '/var/lib/kafka/data';
  const files = nodes.map(({ id, config }) => ({
    target: config,
    mode: 0o644,
    content: serverProperties({ ...cluster, id, logDir: `${dataPath}/${id}`, bind: '0.0.0.0', host: place.host }),
  }));
  const commands = nodes.map(
    ({ config }) =>
      `/opt/kafka/bin/kafka-storage.sh format --ignore-formatted -t ${cluster.clusterId} -c ${config} && exec /opt/kafka/bin/kafka-server-start.sh ${config}`,
  );
  const environment = { KAFKA_HEAP_OPTS: plan.brokers === 1 ? '-Xmx512m' : '-Xmx384m' };
  await runContainer(place, { name: 'kafka', image: kafkaImage, dataPath, ports: cluster.ports, commands, files, environment });
  const brokers = cluster.ports.map((port) => `${place.host}:${port}`);
  await untilKafkaServes(brokers);
  return { brokers, ...noProcesses };
}

const noProcesses = { via: 'docker' as const, pids: [], members: [] };

interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  readonly dataPath: string;
  readonly ports: readonly number[];
  /** One for each process; they run side by side. */
  readonly commands: readonly string[];
  readonly files: { target: string; content: string; mode: number }[];
  readonly environment: Record<string, string>;
}

async function runContainer(place: Place, plan: ContainerPlan): Promise<void> {
  const dir = join(place.stateDir, plan.name);
  // The name is that of the state directory, so what a killed run left behind is found again.
  const name = `schoolbell-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}-${plan.name}`;
  await clearAway(place, name, dir);
  const log = createWriteStream(join(dir, 'container.log'));
  const container = await new GenericContainer(plan.image)
    .withName(name)
    .withEntrypoint(['sh', '-c'])
    .withCommand([sideBySide(plan.commands)])
    .withEnvironment(plan.environment)
    .withCopyContentToContainer(plan.files)
    .withBindMounts([{ source: name, target: plan.dataPath }])
    .withExposedPorts(...plan.ports.map((port) => ({ container: port, host: port })))
    .withLogConsumer((lines) => (lines as Readable).pipe(log))
    .start()
    .catch((error) => {
      throw failedStart(reasonOf(error), String(error));
    });
  place.containers.push(container);
}

/** The first process of a container gets SIGTERM alone and has to pass it on. */
export function sideBySide(commands: readonly string[]): string {
  const background = commands.map((command) => `( ${command} ) & pids="$pids $!"`);
  return [`pids=''`, `trap 'kill -TERM $pids' TERM INT`, ...background, 'wait', 'wait'].join('\n');
}

async function clearAway({ docker }: Place, name: string, dir: string): Promise<void> {
  const { dockerode } = docker.container as typeof docker.container & { dockerode: Dockerode };
  await ignoringMissing(dockerode.getContainer(name).remove({ force: true }));
  // The data is in a volume, which Docker lets every image write to; a fresh state directory means fresh data.
  const known = join(dir, 'volume-made');
  if (!existsSync(known)) await ignoringMissing(dockerode.getVolume(name).remove());
  mkdirSync(known, { recursive: true });
}

interface Dockerode {
  getContainer(name: string): { remove(options: { force: boolean }): Promise<unknown> };
  getVolume(name: string): { remove(): Promise<unknown> };
}

async function ignoringMissing(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if ((error as { statusCode?: unknown }).statusCode !== 404) throw error;
  }
}

async function stopAll({ containers }: Place): Promise<void> {
  // Named volumes outlive this; only the nameless ones of the images go with the container.
  await Promise.all(containers.map((container) => container.stop({ timeout: 10_000, remove: true, removeVolumes: true })));
}
