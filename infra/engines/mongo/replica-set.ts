import { type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import { untilPortOpens } from '../ports.ts';
import { untilAnswered } from '../wait.ts';

export const setName = 'schoolbell';
// Far beyond what a busy machine needs: a member that ends is noticed at once.
const readyLimitMs = 300_000;

export function replicaSetUri(hosts: readonly string[]): string {
  return `mongodb://${hosts.join(',')}/?replicaSet=${setName}`;
}

/** Forms the set on its first start, then waits until it has a primary, every member follows and a majority write is through. */
export async function untilSetReady(hosts: readonly string[], signal?: AbortSignal): Promise<void> {
  const [first = ''] = hosts;
  const patience = (what: string) => ({ what, limitMs: readyLimitMs, signal });
  await Promise.all(hosts.map((host) => untilListening(host, signal)));
  // Just after its start a member does not know yet that it has been in a set.
  await withMember(first, (admin) => untilAnswered(() => formSet(admin, hosts), patience('MongoDB to form its replica set')));
  await withMember(first, (admin) =>
    untilAnswered(() => allMembersUp(admin, hosts.length), patience('every MongoDB member to be up and one to be primary')),
  );
  await withSet(hosts, (admin) => untilAnswered(() => majorityWrite(admin), patience('MongoDB to take a majority write')));
}

/** For one member that was restarted: the rest of the set may be down on purpose. */
export async function untilMemberServes(host: string, signal: AbortSignal): Promise<void> {
  const patience = { what: `the MongoDB member ${host} to serve`, limitMs: readyLimitMs, signal };
  await untilListening(host, signal);
  await withMember(host, (admin) => untilAnswered(() => isServing(admin), patience));
}

async function isServing(admin: Db): Promise<true | undefined> {
  const hello = await admin.command({ hello: 1 });
  return hello.isWritablePrimary || hello.secondary ? true : undefined;
}

async function untilListening(host: string, signal: AbortSignal | undefined): Promise<void> {
  const patience = { what: `MongoDB to listen on ${host}`, limitMs: readyLimitMs, signal };
  await untilPortOpens(host, patience);
  // A client that failed to connect once stays closed, so each attempt has its own.
  await untilAnswered(() => withMember(host, (admin) => admin.command({ ping: 1 })), patience);
}

async function formSet(admin: Db, hosts: readonly string[]): Promise<true> {
  const config = await currentConfig(admin);
  if (config === undefined) {
    const members = hosts.map((host, _id) => ({ _id, host }));
    // Ten seconds without a primary, the default, is a long wait on one machine where only a fault test takes a primary away.
    const settings = { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 };
    await admin.command({ replSetInitiate: { _id: setName, members, settings } });
    return true;
  }
  const known = config.members.map((member) => member.host);
  if (known.join() === hosts.join()) return true;
  // The ports of the last start were taken. No member finds itself in the old list, so there is no primary to ask.
  const moved = config.members.map((member, index) => ({ ...member, host: hosts[index] }));
  await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members: moved }, force: true });
  return true;
}

interface SetConfig {
  readonly version: number;
  readonly members: readonly { readonly host: string }[];
}

async function currentConfig(admin: Db): Promise<SetConfig | undefined> {
  const notYetInitialized = 94;
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    return config as SetConfig;
  } catch (error) {
    if ((error as { code?: unknown }).code === notYetInitialized) return undefined;
    throw error;
  }
}

async function allMembersUp(admin: Db, count: number): Promise<true | undefined> {
  const { members }: { members?: { stateStr: string }[] } = await admin.command({ replSetGetStatus: 1 });
  if (!members) return undefined;
  const primaries = members.filter((member) => member.stateStr === 'PRIMARY').length;
  const secondaries = members.filter((member) => member.stateStr === 'SECONDARY').length;
  return primaries === 1 && primaries + secondaries === count ? true : undefined;
}

async function majorityWrite(admin: Db): Promise<true> {
  // A note in the operations log is a real write and leaves nothing in any database.
  await admin.command({ appendOplogNote: 1, data: { schoolbell: 'ready' }, writeConcern: { w: 'majority', wtimeout: 5_000 } });
  return true;
}

function withMember<T>(host: string, work: (admin: Db) => Promise<T>): Promise<T> {
  return withClient(`mongodb://${host}/?directConnection=true`, { serverSelectionTimeoutMS: 1_000, heartbeatFrequencyMS: 500 }, work);
}

function withSet<T>(hosts: readonly string[], work: (admin: Db) => Promise<T>): Promise<T> {
  return withClient(replicaSetUri(hosts), { serverSelectionTimeoutMS: 5_000 }, work);
}

async function withClient<T>(uri: string, options: MongoClientOptions, work: (admin: Db) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, options);
  try {
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
}
