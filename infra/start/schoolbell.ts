import { join, resolve } from 'node:path';
import { groupsOf, type ServiceName, serviceNames, topics } from '@schoolbell/contracts';
import { type Engines, ensureTopics, startEngines } from '../engines/index.ts';
import { onClaimedPorts, type PortClaims } from '../engines/ports.ts';
import type { Log } from '../engines/wait.ts';
import { type Clients, openClients } from './clients.ts';
import { findParent } from './demo-parent.ts';
import { bringUpDemoSchool, registerSchool } from './demo-school.ts';
import { keepUp } from './keep-up.ts';
import { migrateAll } from './migrate.ts';
import { doorsOf } from './ports.ts';
import { emptyStateDir, type Prepared, type PrepareOptions, prepare, takeStateDir } from './prepare.ts';
import { mailboxProgram, type Setting, serviceProgram, vnpayProgram } from './programs.ts';
import { type RunFile, removeRunFile, runFileIn, writeRunFile } from './run-file.ts';
import { untilHeard } from './settled.ts';
import { createSupervisor, type Supervised, type Supervisor } from './supervisor.ts';

/** `stateDir` holds keys, ports, logs, run.json and the engines' data; one that is gone is a start from nothing. */
export interface StartOptions extends PrepareOptions {
  readonly log: Log;
  /** Removes what the state directory holds first. */
  readonly fresh?: boolean;
  readonly enginePorts?: { readonly mongodb?: number; readonly kafka?: number };
  /** Pupils, guardians, fees and open invoices; without them the school is known and empty. */
  readonly demo?: boolean;
  /** Engines of the caller, left running at the end; `replication` is that of the topics to make. */
  readonly engines?: { readonly running: RunningEngines; readonly replication?: number };
  /** Whether a process that ends by itself, an engine too, is started again; it is unless this says no. */
  readonly restart?: boolean;
}

export type RunningEngines = Pick<Engines, 'mongodb' | 'kafka'>;

/** A whole Schoolbell on this machine: engines, services, mailbox and VNPAY's stand-in, each a process of its own. */
export interface Schoolbell {
  /** What `runFile` says now: a process that was started again has another pid. */
  readonly run: RunFile;
  readonly runFile: string;
  readonly engines: RunningEngines;
  readonly services: Services;
  readonly mailbox: Supervised;
  readonly vnpay: Supervised;
  /** Typed clients with the token of the role "system". */
  readonly clients: Clients;
  /** Services first, then the mailbox and VNPAY's stand-in, then the engines that this start brought up. */
  stop(): Promise<void>;
}

type Services = Readonly<Record<ServiceName, Supervised>>;

// Far beyond what a busy machine needs: a process that ends is noticed at once.
const readyLimitMs = 300_000;

export async function startSchoolbell(given: StartOptions): Promise<Schoolbell> {
  const options = { ...given, stateDir: resolve(given.stateDir) };
  const runFile = runFileIn(options.stateDir);
  const lock = await takeStateDir(options.stateDir, options.log);
  if (options.fresh) emptyStateDir(options.stateDir);
  removeRunFile(runFile);
  let onChange = () => {};
  const supervisor = createSupervisor({ lock, log: options.log, restart: options.restart ?? true, onChange: () => onChange() });
  const killAll = () => supervisor.killAll();
  process.on('exit', killAll);
  const undo: Undo = [];
  const goBack = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const stop = async () => {
    onChange = () => {};
    removeRunFile(runFile);
    await goBack();
    process.off('exit', killAll);
    lock.release();
  };
  try {
    const { running, run } = await onClaimedPorts(options.log, async (claims) => {
      undo.push(async () => claims.release());
      try {
        return await bringUp(options, claims, supervisor, undo);
      } catch (error) {
        await goBack();
        throw error;
      }
    });
    onChange = () => writeRunFile(runFile, run());
    onChange();
    return {
      ...running,
      runFile,
      stop,
      get run() {
        return run();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Steps back, the last one first. */
type Undo = (() => Promise<unknown>)[];
type Running = Omit<Schoolbell, 'run' | 'runFile' | 'stop'>;

async function bringUp(
  options: StartOptions,
  claims: PortClaims,
  supervisor: Supervisor,
  undo: Undo,
): Promise<{ running: Running; run: () => RunFile }> {
  const prepared = await prepare(options, claims);
  const { setting, identity, tokens } = prepared;
  const engines = await openEngines(options, undo);
  const beside = startBeside(setting, supervisor, undo);
  const services = await startServices(setting, engines, supervisor, undo, options.log);
  const processes = [beside.mailbox, beside.vnpay, ...Object.values(services)];
  await Promise.all(processes.map((each) => each.untilReady(readyLimitMs)));

  const clients = openClients((name) => ({ address: `127.0.0.1:${setting.ports[`${name}-grpc`]}`, token: tokens.system }));
  undo.push(async () => clients.close());
  await registerSchool(clients, identity.school);
  const parent = options.demo ? await bringUpDemo(options, { clients, setting, engines, identity }) : undefined;
  const run = describe({ ...prepared, tokens: await withParent(prepared, parent) }, engines, services);
  return { running: { engines, services, ...beside, clients }, run };
}

async function openEngines(options: StartOptions, undo: Undo): Promise<RunningEngines> {
  const { stateDir, log, enginePorts = {}, engines } = options;
  if (engines) {
    await ensureTopics({ brokers: engines.running.kafka.brokers, ...(engines.replication && { replication: engines.replication }) });
    return engines.running;
  }
  const { mongodb, kafka } = enginePorts;
  const started = await startEngines({
    stateDir: join(stateDir, 'engines'),
    log,
    mongo: mongodb === undefined ? {} : { port: mongodb },
    kafka: kafka === undefined ? {} : { port: kafka },
  });
  undo.push(() => started.stop());
  if (options.restart ?? true) {
    const letGo = keepUp([...started.mongodb.members, ...started.kafka.members], log);
    undo.push(async () => letGo());
  }
  await ensureTopics({ brokers: started.kafka.brokers });
  return started;
}

function startBeside(setting: Setting, supervisor: Supervisor, undo: Undo): Pick<Running, 'mailbox' | 'vnpay'> {
  const mailbox = supervisor.run(mailboxProgram(setting));
  const vnpay = supervisor.run(vnpayProgram(setting));
  undo.push(() => Promise.all([mailbox.stop(), vnpay.stop()]));
  return { mailbox, vnpay };
}

async function startServices(setting: Setting, engines: RunningEngines, supervisor: Supervisor, undo: Undo, log: Log): Promise<Services> {
  const addresses = { mongodb: engines.mongodb.uri, kafka: engines.kafka.brokers };
  const programs = serviceNames.map((name) => serviceProgram(name, setting, addresses));
  // In development each service does this step itself on its way up.
  if (setting.nodeEnv === 'production') await migrateAll(programs);
  log(`Starting ${serviceNames.join(', ')}, the mailbox and VNPAY's stand-in …`);
  const started = programs.map((program) => supervisor.run(program));
  undo.push(() => Promise.all(started.map((service) => service.stop())));
  return Object.fromEntries(started.map((service) => [service.name, service])) as Services;
}

type Demo = Pick<Running, 'clients' | 'engines'> & Pick<Prepared, 'setting' | 'identity'>;

/** Answers the guardian who is the parent of run.json. */
async function bringUpDemo({ stateDir, log }: StartOptions, { clients, setting, engines, identity }: Demo): Promise<string | undefined> {
  const heard = (from: ServiceName) =>
    untilHeard(
      {
        mongodbUri: engines.mongodb.uri,
        brokers: engines.kafka.brokers,
        database: `${setting.databasePrefix}_${from}`,
        topic: topics[from],
        groups: groupsOf(from),
      },
      readyLimitMs,
    );
  const { id: schoolId, code } = identity.school;
  await bringUpDemoSchool({ clients, stateDir, teacher: `teacher@${code}`, log, schoolId, untilHeard: heard });
  return findParent(clients);
}

/** A parent's rights come from being somebody's guardian; without the demo school the parent's token stays one of nobody. */
async function withParent({ tokens, keys, identity }: Prepared, guardianId: string | undefined): Promise<RunFile['tokens']> {
  return guardianId === undefined ? tokens : { ...tokens, parent: await keys.tokenFor('parent', identity.school, guardianId) };
}

function describe({ setting, identity, tokens }: Prepared, engines: RunningEngines, services: Services): () => RunFile {
  const { ports, gateways } = setting;
  const doors = serviceNames.map((name) => {
    const at = doorsOf(name).map((door) => [door, shownAddress(door, `127.0.0.1:${ports[`${name}-${door}`]}`)]);
    return [name, Object.fromEntries(at)] as const;
  });
  return () => ({
    engines: {
      mongodb: { uri: engines.mongodb.uri, via: engines.mongodb.via },
      kafka: { brokers: [...engines.kafka.brokers], via: engines.kafka.via },
    },
    services: Object.fromEntries(doors.map(([name, shown]) => [name, { ...shown, pid: services[name].pid ?? 0 }])),
    mailbox: `http://127.0.0.1:${ports.mailbox}/messages`,
    school: { id: identity.school.id, code: identity.school.code },
    tokens,
    gateways: gateways.shown,
  });
}

function shownAddress(door: 'grpc' | 'http' | 'metrics', address: string): string {
  if (door === 'grpc') return address;
  return door === 'http' ? `http://${address}` : `http://${address}/metrics`;
}
