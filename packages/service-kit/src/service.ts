import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import type { Address } from './address.ts';
import { startAdmin } from './admin.ts';
import { openAuthenticate } from './auth.ts';
import { startTick, type Tick, type Ticking, wakeByName } from './clock.ts';
import type { ServiceConfig } from './config.ts';
import { openConnection } from './connection.ts';
import { type Listening, startListener } from './consumer.ts';
import { assertCollections, type CollectionDef, databaseOf, ensureCollections, type Stored } from './documents.ts';
import type { HttpApp, HttpOptions, HttpServer, RequireCaller } from './http.ts';
import type { InboxTx, Listener } from './inbox.ts';
import { createKafka, withDeadline } from './kafka.ts';
import { readKafkaAccess } from './kafka-access.ts';
import { kitCollections } from './kit-collections.ts';
import type { Logger } from './logger.ts';
import { isInfrastructure } from './mongo-errors.ts';
import { purgeTick } from './purge.ts';
import { watchReadiness } from './readiness.ts';
import { type Relay, startRelay } from './relay.ts';
import type { RpcService } from './rpc.ts';
import { startRpcServer } from './rpc-server.ts';
import type { Session } from './session.ts';
import { readTls } from './tls.ts';
import { createTransact, type Read, type Transact } from './transact.ts';

/** What edges get: the only ways to the service's data, and its settings. */
export interface Deps<C, T> {
  readonly transact: Transact<T>;
  readonly read: Read<T>;
  readonly config: C;
  readonly log: Logger;
  readonly now: () => Date;
  /** A tick of this service has work: it runs now instead of after its pause. The work itself is in the database. A wrong name is logged. */
  readonly wake: (tick: string) => void;
}

export interface HttpDeps<C, T> extends Deps<C, T> {
  readonly requireCaller: RequireCaller;
}

export interface ServiceOptions<C extends ServiceConfig, T> {
  /** "billing": its topic is school.billing.v1, its metrics and spans carry it. */
  readonly name: string;
  readonly config: C;
  readonly collections: readonly Pick<CollectionDef<Stored>, 'name' | 'schema' | 'jsonSchema'>[];
  /** Builds what a use case may hold over one transaction. */
  readonly tx: (session: Session) => T;
  readonly rpc?: (deps: Deps<C, T>) => readonly RpcService[];
  /** Largest gRPC request in bytes; 4 MB when not given. */
  readonly rpcMessageBytes?: number;
  readonly http?: (app: HttpApp, deps: HttpDeps<C, T>) => void | Promise<void>;
  readonly listen?: readonly Listener<T>[];
  readonly clock?: (deps: Deps<C, T>) => readonly Tick[];
  readonly now?: () => Date;
}

export interface Started {
  readonly grpc?: Address;
  readonly http?: Address;
  readonly admin: Address;
  /** Not ready, no new work, drain, close: within ten seconds. */
  stop(): Promise<void>;
}

interface Hooks {
  readonly log: Logger;
  /** The process cannot go on and must end. */
  readonly onFatal: (error: Error) => void;
  readonly onReady: (ready: boolean) => void;
}

const drainMs = 5_000;

/** Creates collections and indexes, and nothing else. */
export async function migrate(
  { config, collections }: Pick<ServiceOptions<ServiceConfig, unknown>, 'config' | 'collections'>,
  log: Logger,
): Promise<void> {
  const connection = await connect(config, log);
  await ensureCollections(connection, [...kitCollections, ...collections]);
  await connection.close();
}

/** Starts every part of a service. It starts without Kafka and waits for it; it does not start without its indexes. */
export async function startService<C extends ServiceConfig, T>(
  options: ServiceOptions<C, T>,
  { log, onFatal, onReady }: Hooks,
): Promise<Started> {
  const { name, config, listen = [], tx } = options;
  const tls = await readTls(config);
  const kafka = createKafka({ ...readKafkaAccess(config), clientId: `schoolbell-${name}` }, log);
  const authenticate = await openAuthenticate({ jwksFile: config.SCHOOLBELL_JWKS_FILE, log });
  const connection = await connect(config, log);
  await prepareCollections(connection, options);
  const db = databaseOf(connection);
  const relay = startRelay({
    db,
    kafka,
    topic: `school.${name}.v1`,
    source: `/schoolbell/${name}`,
    holder: `${hostname()}:${process.pid}`,
    log,
  });
  const ticking = new Map<string, Ticking>();
  const deps = { ...depsOf(options, connection, relay, log), wake: wakeByName(ticking, log) };
  const { transact } = createTransact<InboxTx<T>>({
    connection,
    makeTx: (session) => ({ session, tx: tx(session) }),
    onCommit: relay.bell,
    ...clockOf(options),
  });
  const listeners = new Map<string, Listening>(
    listen.map((listener) => [listener.group, startListener({ kafka, db, transact, listener, log, wake: deps.wake, onFatal })]),
  );
  const http = options.http && (await openHttp(options.http, deps, { name, tls, authenticate, config, log }));
  const services = options.rpc?.(deps) ?? [];
  const rpc =
    services.length > 0
      ? await startRpcServer({
          address: config.SCHOOLBELL_GRPC_ADDRESS,
          tls,
          services,
          authenticate,
          log,
          maxMessageBytes: options.rpcMessageBytes,
          reflection: config.NODE_ENV === 'development',
        })
      : undefined;
  const { SCHOOLBELL_EVENT_DAYS: days } = config;
  const purging = purgeTick({ db, kafka, topic: `school.${name}.v1`, listeners: listen, days, log });
  for (const tick of [purging, ...(options.clock?.(deps) ?? [])]) ticking.set(tick.name, startTick(tick, log));
  const readiness = watchReadiness({
    db,
    relay,
    listeners,
    log,
    onChange: (ready) => {
      rpc?.setServing(ready);
      onReady(ready);
    },
  });
  const admin = await startAdmin(config.SCHOOLBELL_ADMIN_ADDRESS, readiness.reasons);
  const stop = async (): Promise<void> => {
    await stage('readiness', 1_000, log, [readiness.stop()]);
    const parts = [
      rpc?.stop(drainMs),
      http?.stop(drainMs),
      ...[...ticking.values()].map((tick) => tick.stop()),
      ...[...listeners.values()].map((one) => one.stop()),
    ];
    await stage('drain', drainMs + 500, log, parts);
    await stage('relay', 1_500, log, [relay.stop()]);
    await stage('close', 1_000, log, [connection.close(), admin.stop()]);
  };
  return { ...(rpc ? { grpc: rpc.address } : {}), ...(http ? { http: http.address } : {}), admin: admin.address, stop };
}

function depsOf<C extends ServiceConfig, T>(
  options: ServiceOptions<C, T>,
  connection: Connection,
  relay: Relay,
  log: Logger,
): Omit<Deps<C, T>, 'wake'> {
  const { config, tx, now = () => new Date() } = options;
  return { ...createTransact<T>({ connection, makeTx: tx, onCommit: relay.bell, ...clockOf(options) }), config, log, now };
}

function clockOf({ now }: { now?: () => Date }): { clock?: () => Date } {
  return now ? { clock: now } : {};
}

async function openHttp<C extends ServiceConfig, T>(
  routes: NonNullable<ServiceOptions<C, T>['http']>,
  deps: Deps<C, T>,
  { config, ...options }: Omit<HttpOptions, 'trustProxy'> & { config: C },
): Promise<HttpServer> {
  // Most services have no HTTP, and its libraries are large.
  const { createHttpApp, startHttp } = await import('./http.ts');
  const { app, requireCaller } = await createHttpApp({ ...options, trustProxy: config.SCHOOLBELL_TRUST_PROXY });
  await routes(app, { ...deps, requireCaller });
  return startHttp(app, config.SCHOOLBELL_HTTP_ADDRESS, options.tls);
}

async function prepareCollections(
  connection: Connection,
  { config, collections }: Pick<ServiceOptions<ServiceConfig, unknown>, 'config' | 'collections'>,
): Promise<void> {
  const all = [...kitCollections, ...collections];
  // A production service never changes its database's shape on the way up; that is a step of its own (--migrate).
  if (config.SCHOOLBELL_MIGRATE_ON_START && config.NODE_ENV !== 'production') await ensureCollections(connection, all);
  await assertCollections(connection, all);
}

const patienceMs = 30_000;

// Engines and services are often started together; a little patience saves a round of restarts.
async function connect(config: ServiceConfig, log: Logger): Promise<Connection> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await openConnection({ uri: config.MONGODB_URI, database: config.SCHOOLBELL_DATABASE });
    } catch (error) {
      if (!isInfrastructure(error) || Date.now() > until) throw error;
      log.warn({ err: error }, 'MongoDB does not answer yet');
      await sleep(500);
    }
  }
}

// What does not end in time is left: everything that matters is in the database, and the next start goes on from there.
async function stage(name: string, ms: number, log: Logger, parts: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  const ended = Promise.allSettled(parts).then((results) => {
    for (const result of results)
      if (result.status === 'rejected') log.warn({ err: result.reason, stage: name }, 'a part did not stop cleanly');
  });
  await withDeadline(ended, ms).catch(() => log.warn({ stage: name }, 'a part was left before it had stopped'));
}
