import { setTimeout as sleep } from 'node:timers/promises';
import { everySchool, isInfrastructure, type Logger, metrics, pausePoint, type Read, span, type Transact } from '@schoolbell/service-kit';
import { Counter, Histogram } from 'prom-client';
import type { Lane } from '../domain/alerts/fact.ts';
import type { Outcome } from '../domain/deliveries/delivery.ts';
import type { NotificationTx } from '../tx.ts';
import { type Claimed, claimDeliveries } from '../usecases/deliveries/claim-deliveries.ts';
import { giveBackDeliveries } from '../usecases/deliveries/give-back-deliveries.ts';
import { recordDelivery } from '../usecases/deliveries/record-delivery.ts';
import { renewClaim } from '../usecases/deliveries/renew-claim.ts';
import type { EmailChannel } from './channels/email.ts';

export interface CourierSettings {
  readonly transact: Transact<NotificationTx>;
  readonly read: Read<NotificationTx>;
  readonly channel: EmailChannel;
  /** Messages on their way at once. */
  readonly connections: number;
  readonly leaseMs: number;
  /** Longest that a message may take until its text is on its way. */
  readonly timeoutMs: number;
  readonly log: Logger;
}

interface Courier extends CourierSettings {
  /** Round and round: the school after the one that was served last comes first. */
  readonly lastServed: Record<Lane, string>;
  /** Claimed and not begun. */
  readonly queues: Record<Lane, InHand[]>;
  /** Messages on their way; one that waits long for its answer holds up no other. */
  readonly wire: Map<Promise<void>, Lane>;
  /** When it was last looked for what is due, by this process's monotonic clock. */
  lookedAt: number;
}

interface InHand extends Claimed {
  readonly schoolId: string;
  /** By this process's monotonic clock: the lease itself is reckoned by the server's. */
  readonly heldUntil: number;
}

const registers = [metrics.registry];
const tries = new Counter({
  name: 'schoolbell_deliveries_total',
  help: 'Tries to hand a message to a provider, by outcome',
  labelNames: ['channel', 'outcome'],
  registers,
});
const sendSeconds = new Histogram({
  name: 'schoolbell_delivery_seconds',
  help: 'Time that one try took',
  labelNames: ['channel'],
  buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120],
  registers,
});

// How soon new work is looked for while a slow provider keeps messages on the wire.
const restMs = 200;

/** Answers the work of the deliveries' tick: sends what is due, several at once, until nothing is due and nothing on the wire, or the service stops. */
export function openCourier(settings: CourierSettings): (stopping: AbortSignal) => Promise<boolean> {
  const queues = { URGENT: [], BULK: [] };
  const courier: Courier = { ...settings, queues, wire: new Map(), lastServed: { URGENT: '', BULK: '' }, lookedAt: 0 };
  let running: Promise<unknown> = Promise.resolve();
  let told = false;
  return (stopping) => {
    const closeChannel = (): void => void running.catch(() => undefined).then(() => settings.channel.close());
    if (!told) stopping.addEventListener('abort', closeChannel, { once: true });
    told = true;
    const run = deliverDue(courier, stopping);
    running = run;
    return run;
  };
}

async function deliverDue(courier: Courier, stopping: AbortSignal): Promise<boolean> {
  const { queues, wire, connections } = courier;
  const stopped = Promise.withResolvers<void>();
  const stop = (): void => stopped.resolve();
  stopping.addEventListener('abort', stop);
  try {
    while (!stopping.aborted) {
      if (wire.size >= connections) await Promise.race([...wire.keys(), stopped.promise]);
      else {
        const next = await nextInLine(courier);
        if (next) launch(courier, next, stopping);
        else if (wire.size === 0) return false;
        else await Promise.race([...wire.keys(), sleep(restMs), stopped.promise]);
      }
    }
    // What was not begun goes back at once; what is on the wire is waited for.
    await Promise.all([giveBack(courier, [...queues.URGENT.splice(0), ...queues.BULK.splice(0)]), ...wire.keys()]);
    return true;
  } finally {
    stopping.removeEventListener('abort', stop);
  }
}

function launch(courier: Courier, inHand: InHand, stopping: AbortSignal): void {
  const sending = deliver(courier, inHand, stopping).finally(() => courier.wire.delete(sending));
  courier.wire.set(sending, inHand.delivery.lane);
}

/**
 * What is urgent comes first, and is looked for even while there is plenty of other work. Some connections are for nothing else, so that it
 * does not wait for slow answers to a thousand invoices.
 */
async function nextInLine(courier: Courier): Promise<InHand | undefined> {
  const { queues, lookedAt } = courier;
  const isLongAgo = performance.now() - lookedAt >= restMs;
  if (queues.URGENT.length === 0 && (isLongAgo || queues.BULK.length === 0)) await fill(courier);
  return queues.URGENT.shift() ?? (roomOnWire(courier, 'BULK') > 0 ? queues.BULK.shift() : undefined);
}

function roomOnWire({ wire, connections }: Courier, lane: Lane): number {
  const free = connections - wire.size;
  if (lane === 'URGENT') return free;
  // Of two, one would leave the others a single connection, which one slow answer stops.
  const reserved = connections < 3 ? 0 : Math.ceil(connections / 5);
  const others = [...wire.values()].filter((each) => each === lane).length;
  return Math.min(free, connections - reserved - others);
}

async function fill(courier: Courier): Promise<void> {
  courier.lookedAt = performance.now();
  try {
    const due = await findSchools(courier);
    // Mostly there is nothing at all, and then it is asked only once.
    if (due.length === 0) return;
    await claimFairly(courier, 'URGENT', await findSchools(courier, 'URGENT'));
    if (courier.queues.BULK.length === 0) await claimFairly(courier, 'BULK', due);
  } catch (error) {
    // A run that failed could not see what is on the wire through.
    if (courier.wire.size === 0) throw error;
    courier.log.warn({ err: error }, 'Nothing could be claimed');
  }
}

async function findSchools({ read }: Courier, lane?: Lane): Promise<string[]> {
  return (await read({ schoolId: everySchool }, (tx) => tx.deliveries.schoolsDue(lane))).sort();
}

/** Takes as many due deliveries as there is room for, an equal share from each of the next schools, so that none waits behind another's thousands. */
async function claimFairly(courier: Courier, lane: Lane, waiting: readonly string[]): Promise<void> {
  const { transact, channel, queues, leaseMs, log, lastServed } = courier;
  const inHand = queues.URGENT.length + queues.BULK.length;
  const room = Math.min(channel.room() - inHand, 2 * roomOnWire(courier, lane));
  if (room <= 0 || waiting.length === 0) return;
  const from = Math.max(
    0,
    waiting.findIndex((school) => school > lastServed[lane]),
  );
  const turn = [...waiting.slice(from), ...waiting.slice(0, from)].slice(0, room);
  lastServed[lane] = turn.at(-1) ?? '';
  // What nobody calls urgent may be of either lane: the longest due of all.
  const wanted = { limit: Math.floor(room / turn.length), leaseMs, ...(lane === 'URGENT' && { lane }) };
  const claims = await Promise.allSettled(
    turn.map(async (schoolId) => {
      const heldUntil = performance.now() + leaseMs;
      const { claimed, unreadable } = (await transact({ schoolId }, (tx) => claimDeliveries(tx, wanted))).value;
      if (unreadable.length > 0) log.error({ schoolId, unreadable }, 'Deliveries cannot be read and are put off; the others go on');
      return claimed.map((claimed): InHand => ({ ...claimed, schoolId, heldUntil }));
    }),
  );
  const claimed = claims.flatMap((claim) => (claim.status === 'fulfilled' ? claim.value : []));
  for (const each of claimed) queues[each.delivery.lane].push(each);
  const failed = claims.find((claim) => claim.status === 'rejected');
  if (failed) log.warn({ err: failed.reason }, 'Deliveries of a school could not be claimed');
  if (failed && claimed.length === 0) throw failed.reason;
}

/** Sends one message and records at once what came of it. */
async function deliver(courier: Courier, inHand: InHand, stopping: AbortSignal): Promise<void> {
  const { channel, timeoutMs, log } = courier;
  const { delivery } = inHand;
  // Another worker may take it before its text could be on its way.
  if (performance.now() + timeoutMs > inHand.heldUntil) return giveBack(courier, [inHand]);
  await span('deliver alert', { parent: delivery.traceparent }, async () => {
    const options = { kind: 'client' as const, attributes: { ...channel.attributes, 'messaging.message.id': delivery.id } };
    const outcome = await span('smtp send', options, async (sending) => {
      const measured = sendSeconds.startTimer({ channel: delivery.channel });
      const sent = await held(courier, inHand, () => channel.send(inHand, stopping));
      measured();
      sending.setAttribute('schoolbell.outcome', sent.kind);
      return sent;
    });
    tries.inc({ channel: delivery.channel, outcome: outcome.kind });
    if (outcome.kind !== 'SENT')
      log.warn({ deliveryId: delivery.id, outcome: outcome.kind, reply: outcome.error }, 'A message was not taken');
    await pausePoint('courier:before-record');
    await recordSurely(courier, inHand, outcome);
  }).catch((error: unknown) => log.error({ err: error, deliveryId: delivery.id }, 'What came of a try could not be recorded'));
}

/** Keeps the lease of a message for as long as its provider takes to answer. */
async function held<R>({ transact, leaseMs, log }: Courier, { schoolId, delivery }: InHand, work: () => Promise<R>): Promise<R> {
  const renew = (): void => {
    transact({ schoolId }, (tx) => renewClaim(tx, { delivery, leaseMs })).catch((error: unknown) =>
      log.warn({ err: error, deliveryId: delivery.id }, 'A lease could not be renewed'),
    );
  };
  const renewing = setInterval(renew, leaseMs / 4);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
  }
}

async function giveBack({ transact, log }: Courier, left: readonly InHand[]): Promise<void> {
  for (const [schoolId, ofSchool = []] of Object.entries(Object.groupBy(left, (inHand) => inHand.schoolId))) {
    const claims = ofSchool.map(({ delivery }) => ({ deliveryId: delivery.id, claim: delivery.claim }));
    // What cannot be given back is free when its lease ends.
    await transact({ schoolId }, (tx) => giveBackDeliveries(tx, { held: claims })).catch((error: unknown) =>
      log.warn({ err: error, schoolId }, 'Claimed deliveries could not be given back'),
    );
  }
}

const recordWithinMs = 10 * 60_000;

// A message that went out must be known to have gone out: MongoDB is waited for, longer than its lease if need be.
async function recordSurely({ transact, log }: Courier, { schoolId, delivery }: InHand, outcome: Outcome): Promise<void> {
  const { id: deliveryId, claim } = delivery;
  const until = performance.now() + recordWithinMs;
  for (;;) {
    try {
      const recorded = await transact({ schoolId }, (tx) => recordDelivery(tx, { deliveryId, claim, outcome }));
      if (!recorded.ok) log.warn({ deliveryId, code: recorded.refusal.code }, 'Another worker holds the delivery');
      return;
    } catch (error) {
      if (!isInfrastructure(error) || performance.now() > until) throw error;
      metrics.retries.inc({ where: 'record delivery' });
    }
  }
}
