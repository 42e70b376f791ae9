import { setTimeout as sleep } from 'node:timers/promises';
import type { Refusal } from '@schoolbell/kernel';
import type { KafkaMessage } from 'kafkajs';
import { readMeta } from './cloud-events.ts';
import { applyEvents, type InboxTx, type Listener, markParked, type Received } from './inbox.ts';
import type { Logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { isInfrastructure } from './mongo-errors.ts';
import { OutcomeUnknown, type Transact } from './transact.ts';

/** Why a message is put aside. */
export interface Parking {
  /** The refusal's code, or the name of the error. */
  readonly cause: string;
  readonly attempts: number;
  /** What was thrown, where something was. */
  readonly error?: unknown;
}

/** What consuming needs besides the listener; `keepAlive` throws when the partition is no longer ours. */
export interface Consuming<T> {
  readonly listener: Listener<T>;
  readonly transact: Transact<InboxTx<T>>;
  readonly park: (message: KafkaMessage, parking: Parking) => Promise<void>;
  readonly keepAlive: () => Promise<void>;
  readonly log: Logger;
}

const mostTries = 5;
const longestBackOffMs = 5_000;
const schoolsAtOnce = 4;

/** Applies the messages of each school in one transaction, a few schools at once. Where that fails, each message alone; what still fails is parked. */
export async function consumeChunk<T>(consuming: Consuming<T>, messages: readonly KafkaMessage[]): Promise<void> {
  const { schools, strangers } = readable(messages);
  const waiting = schools.values();
  const worker = async (): Promise<void> => {
    for (const group of waiting) await applyGroup(consuming, group);
  };
  await settled(Array.from({ length: schoolsAtOnce }, worker));
  // These come last: no inbox mark protects them, so a redelivery after a failure of the rest would park them again.
  for (const message of strangers) await consuming.park(message, { cause: 'NOT_AN_EVENT', attempts: 1 });
}

async function applyGroup<T>(consuming: Consuming<T>, group: readonly Item[]): Promise<void> {
  const outcome = group.length > 1 ? await applyTogether(consuming, group) : 'FAILED';
  if (outcome === 'APPLIED') return;
  if (outcome === 'FAILED') {
    for (const item of group) await applyAlone(consuming, item);
    return;
  }
  const half = Math.ceil(group.length / 2);
  await applyGroup(consuming, group.slice(0, half));
  await applyGroup(consuming, group.slice(half));
}

/** Waits for all of them, then throws the first error, if there was one. */
async function settled(works: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason;
}

interface Item extends Received {
  readonly message: KafkaMessage;
}

/** Groups by school, keeping the order of each; a school's order is all that matters, since a key belongs to one school. */
function readable(messages: readonly KafkaMessage[]): { schools: Item[][]; strangers: KafkaMessage[] } {
  const bySchool = new Map<string, Item[]>();
  const strangers: KafkaMessage[] = [];
  for (const message of messages) {
    const meta = readMeta(message as Parameters<typeof readMeta>[0]);
    if (!meta || !message.value) {
      strangers.push(message);
      continue;
    }
    const item = { message, meta, body: message.value };
    const group = bySchool.get(meta.schoolId);
    if (group) group.push(item);
    else bySchool.set(meta.schoolId, [item]);
  }
  return { schools: [...bySchool.values()], strangers };
}

/** FAILED: one of the events cannot be applied; apply them one by one to find it. TOO_SLOW: they took more than twice the time of a transaction. */
async function applyTogether<T>(consuming: Consuming<T>, group: readonly Item[]): Promise<'APPLIED' | 'FAILED' | 'TOO_SLOW'> {
  const { listener } = consuming;
  let late = 0;
  const work = async () => {
    try {
      return await applyEvents(consuming.transact, listener, group);
    } catch (error) {
      if (error instanceof OutcomeUnknown && ++late === 2) return 'TOO_SLOW';
      throw error;
    }
  };
  try {
    const outcome = await patiently(consuming, work);
    if (outcome === 'TOO_SLOW') return outcome;
    if (outcome.ok) metrics.consumed.inc({ group: listener.group, outcome: 'applied' }, outcome.applied);
    return outcome.ok ? 'APPLIED' : 'FAILED';
  } catch (error) {
    if (error instanceof NotOurs) throw error.cause;
    return 'FAILED';
  }
}

async function applyAlone<T>(consuming: Consuming<T>, item: Item): Promise<void> {
  const { listener, log } = consuming;
  for (let tries = 1; ; tries++) {
    try {
      const outcome = await patiently(consuming, () => applyEvents(consuming.transact, listener, [item]));
      if (outcome.ok) metrics.consumed.inc({ group: listener.group, outcome: 'applied' }, outcome.applied);
      else await parkEvent(consuming, item, { cause: outcome.refusal.code, attempts: tries, ...errorBehind(outcome.refusal) });
      return;
    } catch (error) {
      if (error instanceof NotOurs) throw error.cause;
      log.error({ err: error, eventId: item.meta.id, type: item.meta.type, group: listener.group, tries }, 'An event could not be applied');
      metrics.retries.inc({ where: 'inbox' });
      if (tries >= mostTries) return parkEvent(consuming, item, { cause: errorName(error), attempts: tries, error });
      await sleep(Math.random() * 100 * 2 ** tries);
      await consuming.keepAlive();
    }
  }
}

/** Parks an event and marks it as seen. The mark waits while MongoDB is away, as the work itself would. */
async function parkEvent<T>(consuming: Consuming<T>, item: Item, parking: Parking): Promise<void> {
  await consuming.park(item.message, parking);
  await patiently(consuming, () => markParked(consuming.transact, consuming.listener.group, item.meta, parking.cause));
}

/** Parks a message whose processing began too often and never ended. */
export async function parkUnfinished<T>(consuming: Consuming<T>, message: KafkaMessage, attempts: number): Promise<void> {
  const meta = readMeta(message as Parameters<typeof readMeta>[0]);
  if (meta && message.value) await parkEvent(consuming, { message, meta, body: message.value }, { cause: 'ENDS_THE_PROCESS', attempts });
  else await consuming.park(message, { cause: 'NOT_AN_EVENT', attempts });
}

/** The partition was taken away meanwhile. */
class NotOurs extends Error {}

/** Repeats `work` while MongoDB is away, and keeps this member in its group meanwhile. */
export async function patiently<T, R>({ keepAlive, listener, log }: Consuming<T>, work: () => Promise<R>): Promise<R> {
  for (let wait = 100; ; wait = Math.min(longestBackOffMs, wait * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isInfrastructure(error)) throw error;
      log.warn({ err: error, group: listener.group }, 'MongoDB is away; the event waits');
      metrics.retries.inc({ where: 'inbox' });
    }
    await sleep(wait * (0.5 + Math.random() / 2));
    await keepAlive().catch((cause) => {
      throw new NotOurs('The partition was taken away', { cause });
    });
  }
}

// Facts of a refusal may be about a person and are not kept; what was thrown is scrubbed.
function errorBehind(refusal: Refusal): Pick<Parking, 'error'> {
  return 'error' in refusal && refusal.error instanceof Error ? { error: refusal.error } : {};
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
