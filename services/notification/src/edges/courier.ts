import { everySchool, isInfrastructure, type Logger, metrics, type Read, span, type Transact } from '@schoolbell/service-kit';
import { Counter, Histogram } from 'prom-client';
import type { Outcome } from '../domain/delivery.ts';
import type { NotificationTx } from '../tx.ts';
import { type Claimed, claimDeliveries } from '../usecases/claim-deliveries.ts';
import { findSchoolsWithWork } from '../usecases/find-schools-with-work.ts';
import { recordDelivery } from '../usecases/record-delivery.ts';
import type { EmailChannel } from './channels/email.ts';

export interface CourierSettings {
  readonly transact: Transact<NotificationTx>;
  readonly read: Read<NotificationTx>;
  readonly channel: EmailChannel;
  /** Messages on their way at once. */
  readonly connections: number;
  readonly leaseMs: number;
  readonly timeoutMs: number;
  readonly log: Logger;
  readonly now: () => Date;
}

interface Courier extends CourierSettings {
  /** Round and round: the school after the one that was served last comes first. */
  lastServed: string;
}

interface InHand extends Claimed {
  readonly schoolId: string;
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
  buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
  registers,
});

// Long enough to make one message that hangs cheap, short enough to stop in time.
const portionMs = 2_000;

/** Answers the work of the deliveries' tick: sends what is due, several at once, for about two seconds; true when more may be waiting. */
export function openCourier(settings: CourierSettings): () => Promise<boolean> {
  const courier = { ...settings, lastServed: '' };
  return () => deliverDue(courier);
}

async function deliverDue(courier: Courier): Promise<boolean> {
  const until = performance.now() + portionMs;
  const queue: InHand[] = [];
  let exhausted = false;
  let filling: Promise<void> | undefined;
  const fill = (): Promise<void> => {
    filling ??= claimFairly(courier)
      .then((claimed) => {
        queue.push(...claimed);
        exhausted = claimed.length === 0;
      })
      .finally(() => {
        filling = undefined;
      });
    return filling;
  };
  const sender = async (): Promise<void> => {
    for (;;) {
      const next = queue.shift();
      if (next) await deliver(courier, next);
      else if (exhausted || performance.now() > until) return;
      else await fill();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: courier.connections }, sender));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return !exhausted;
}

/** Takes as many due deliveries as there is room for, an equal share from each of the next schools, so that none waits behind another's thousands. */
async function claimFairly(courier: Courier): Promise<InHand[]> {
  const { transact, read, channel, leaseMs, log } = courier;
  const room = channel.room();
  if (room === 0) return [];
  const waiting = (await read({ schoolId: everySchool }, (tx) => findSchoolsWithWork(tx, 'DUE_DELIVERIES'))).sort();
  if (waiting.length === 0) return [];
  const from = Math.max(
    0,
    waiting.findIndex((school) => school > courier.lastServed),
  );
  const turn = [...waiting.slice(from), ...waiting.slice(0, from)].slice(0, room);
  courier.lastServed = turn.at(-1) ?? '';
  const limit = Math.floor(room / turn.length);
  const claims = await Promise.allSettled(
    turn.map(async (schoolId) => {
      const { value } = await transact({ schoolId }, (tx) => claimDeliveries(tx, { limit, leaseMs }));
      return value.map((claimed): InHand => ({ ...claimed, schoolId }));
    }),
  );
  const failed = claims.find((claim) => claim.status === 'rejected');
  if (failed) log.warn({ err: failed.reason }, 'Deliveries of a school could not be claimed');
  const inHand = claims.flatMap((claim) => (claim.status === 'fulfilled' ? claim.value : []));
  if (failed && inHand.length === 0) throw failed.reason;
  return inHand;
}

/** Sends one message and records at once what came of it: a crash between the two is the only way to send it twice. */
async function deliver(courier: Courier, inHand: InHand): Promise<void> {
  const { channel, timeoutMs, now, log } = courier;
  const { delivery } = inHand;
  // Another worker may take it before we could be done.
  if (now().getTime() + timeoutMs > delivery.dueAt.getTime()) return;
  await span('deliver alert', { parent: delivery.traceparent }, async () => {
    const options = { kind: 'client' as const, attributes: { ...channel.attributes, 'messaging.message.id': delivery.id } };
    const outcome = await span('smtp send', options, async (sending) => {
      const measured = sendSeconds.startTimer({ channel: delivery.channel });
      const sent = await channel.send(inHand);
      measured();
      sending.setAttribute('schoolbell.outcome', sent.kind);
      return sent;
    });
    tries.inc({ channel: delivery.channel, outcome: outcome.kind });
    if (outcome.kind !== 'SENT')
      log.warn({ deliveryId: delivery.id, outcome: outcome.kind, reply: outcome.error }, 'A message was not taken');
    await recordSurely(courier, inHand, outcome);
  }).catch((error: unknown) => log.error({ err: error, deliveryId: delivery.id }, 'What came of a try could not be recorded'));
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
