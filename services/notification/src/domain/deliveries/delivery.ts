import type { Fact, Lane } from '../alerts/fact.ts';
import type { Language, Silence } from '../roster/roster.ts';
import { backOffMs } from './back-off.ts';

/** One message to one guardian about one event over one channel. */
export type Delivery = OpenDelivery | SentDelivery | FailedDelivery;
export type OpenDelivery = PendingDelivery | SendingDelivery;

export type PendingDelivery = Base & {
  readonly status: 'PENDING';
  /** When it may be tried. */
  readonly dueAt: Date;
};
export type SendingDelivery = Base & {
  readonly status: 'SENDING';
  /** Token of the worker that holds it; a record under another token is refused. */
  readonly claim: string;
  /** When the lease ends and another worker may take it. */
  readonly dueAt: Date;
  /** What it says was taken back while it was on its way: it is not tried again. */
  readonly withdrawn?: true;
};
export type SentDelivery = Base & { readonly status: 'SENT'; readonly sentAt: Date };
export type FailedDelivery = Base & { readonly status: 'FAILED'; readonly failedAt: Date; readonly reason: FailureReason };

export type Channel = 'EMAIL';
/** WITHDRAWN: what it would have said was taken back, or what it would have taken back never went out. */
export type FailureReason = Silence | 'ADDRESS_REFUSED' | 'TOO_OLD' | 'GAVE_UP' | 'OUTCOME_UNKNOWN' | 'WITHDRAWN';

type Base = {
  readonly id: string;
  readonly eventId: string;
  readonly guardianId: string;
  readonly studentId: string;
  readonly channel: Channel;
  readonly language: Language;
  readonly kind: Fact['kind'];
  readonly lane: Lane;
  /** Empty where it is about none. */
  readonly invoiceId: string;
  /** The delivery whose message it takes back: its turn comes when that one has ended, and only where that one may have arrived. */
  readonly retracts?: string;
  /** How often a worker took it to send it. */
  readonly attempts: number;
  /** Tries that count against it: provider answered and the fault may be the message's. */
  readonly strikes: number;
  /** Tries after which nobody knows whether the provider took it; none where absent. */
  readonly unknowns?: number;
  /** What the provider said last, without personal data; empty after a success. */
  readonly lastError: string;
  readonly occurredAt: Date;
  readonly announcedAt: Date;
  readonly queuedAt: Date;
  readonly traceparent?: string;
};

export type NewDelivery = Omit<Base, 'attempts' | 'strikes' | 'unknowns' | 'lastError' | 'queuedAt'>;

/** What came of one try. */
export type Outcome =
  | { readonly kind: 'SENT' }
  /** The provider could not be reached or is not serving: no fault of the message. */
  | { readonly kind: 'UNREACHABLE'; readonly error: string }
  /** The text was on its way and no answer came: the provider may have taken it. */
  | { readonly kind: 'OUTCOME_UNKNOWN'; readonly error: string }
  /** The provider asked to try this message later (greylisting, full queue). */
  | { readonly kind: 'DEFERRED'; readonly error: string }
  /** The provider refused the recipient for good. */
  | { readonly kind: 'ADDRESS_REFUSED'; readonly error: string }
  /** Anything else: the message itself may be at fault. */
  | { readonly kind: 'ERROR'; readonly error: string };

export const mostStrikes = 8;
// A guardian who may have the letter already gets it once more at most; then a person has to look.
export const mostUnknowns = 2;
export const oldestMs = 24 * 3_600_000;

export function queue(delivery: NewDelivery, now: Date): PendingDelivery {
  return { ...delivery, status: 'PENDING', attempts: 0, strikes: 0, lastError: '', queuedAt: now, dueAt: now };
}

export function isDue(delivery: Delivery, now: Date): delivery is OpenDelivery {
  return (delivery.status === 'PENDING' || delivery.status === 'SENDING') && delivery.dueAt <= now;
}

export function isTooOld(delivery: Delivery, now: Date): boolean {
  return now.getTime() - delivery.queuedAt.getTime() > oldestMs;
}

/** Takes a due delivery for one worker, or gives it up where it is too old or has ended too many workers. */
export function claim(
  delivery: OpenDelivery,
  { token, leaseMs, now }: { token: string; leaseMs: number; now: Date },
): SendingDelivery | FailedDelivery {
  if (delivery.status === 'SENDING' && delivery.withdrawn) return giveUp(inDoubt(delivery), 'WITHDRAWN', now);
  if (isTooOld(delivery, now)) return giveUp(delivery, 'TOO_OLD', now);
  // A worker that never came back may have been ended by this very message.
  const strikes = delivery.status === 'SENDING' ? delivery.strikes + 1 : delivery.strikes;
  if (strikes >= mostStrikes) return giveUp({ ...delivery, strikes }, 'GAVE_UP', now);
  const dueAt = new Date(now.getTime() + leaseMs);
  return { ...baseOf(delivery), status: 'SENDING', strikes, attempts: delivery.attempts + 1, claim: token, dueAt };
}

/** What a try leaves behind: sent, failed for good, or due again a little later. */
export function record(delivery: SendingDelivery, outcome: Outcome, now: Date): SentDelivery | FailedDelivery | PendingDelivery {
  if (outcome.kind === 'SENT') return { ...baseOf(delivery), status: 'SENT', lastError: '', sentAt: now };
  const told = { ...delivery, lastError: outcome.error };
  if (delivery.withdrawn) return giveUp(outcome.kind === 'OUTCOME_UNKNOWN' ? inDoubt(told) : told, 'WITHDRAWN', now);
  switch (outcome.kind) {
    case 'ADDRESS_REFUSED':
      return giveUp(told, 'ADDRESS_REFUSED', now);
    case 'UNREACHABLE':
    case 'DEFERRED':
      return retry(told, outcome.kind, now);
    case 'OUTCOME_UNKNOWN': {
      const struck = inDoubt({ ...told, strikes: delivery.strikes + 1 });
      const over = (struck.unknowns ?? 0) >= mostUnknowns || struck.strikes >= mostStrikes;
      return over ? giveUp(struck, 'OUTCOME_UNKNOWN', now) : retry(struck, 'OUTCOME_UNKNOWN', now);
    }
    case 'ERROR': {
      const struck = { ...told, strikes: delivery.strikes + 1 };
      return struck.strikes >= mostStrikes ? giveUp(struck, 'GAVE_UP', now) : retry(struck, 'ERROR', now);
    }
  }
}

/** A claimed message that was not tried after all: due at once, and the claim counts as no try. */
export function giveBack(delivery: SendingDelivery, now: Date): PendingDelivery | FailedDelivery {
  if (delivery.withdrawn) return giveUp(delivery, 'WITHDRAWN', now);
  return { ...baseOf(delivery), status: 'PENDING', attempts: delivery.attempts - 1, dueAt: now };
}

/** The same worker goes on holding it. */
export function renew(delivery: SendingDelivery, { leaseMs, now }: { leaseMs: number; now: Date }): SendingDelivery {
  return { ...delivery, dueAt: new Date(now.getTime() + leaseMs) };
}

export function giveUp(delivery: OpenDelivery, reason: FailureReason, now: Date): FailedDelivery {
  return { ...baseOf(delivery), status: 'FAILED', failedAt: now, reason };
}

/** What it says does not hold: it is cancelled, or, where a worker has it in hand, not tried again. */
export function withdraw(delivery: Delivery, now: Date): Delivery {
  if (delivery.status === 'PENDING') return giveUp(delivery, 'WITHDRAWN', now);
  return delivery.status === 'SENDING' ? { ...delivery, withdrawn: true } : delivery;
}

/** Whether its recipient has it, or may have it: nobody knows of one that is on its way, or that a provider got without an answer. */
export function mayHaveArrived(delivery: Delivery): boolean {
  return delivery.status === 'SENT' || delivery.status === 'SENDING' || (delivery.unknowns ?? 0) > 0;
}

const turnMs = 1_000;

/**
 * A retraction whose turn has not come waits, so that it never arrives before what it takes back, of which it may put right a part only; it
 * is given up where that never went out. undefined when it may go.
 */
export function awaitTurn(retraction: OpenDelivery, retracted: Delivery, now: Date): OpenDelivery | FailedDelivery | undefined {
  if (retracted.status === 'SENDING' || retracted.status === 'PENDING')
    return { ...baseOf(retraction), status: 'PENDING', dueAt: new Date(now.getTime() + turnMs) };
  return mayHaveArrived(retracted) ? undefined : giveUp(retraction, 'WITHDRAWN', now);
}

function inDoubt(delivery: SendingDelivery): SendingDelivery {
  return { ...delivery, unknowns: (delivery.unknowns ?? 0) + 1 };
}

// An unreachable provider is asked again soon, so that everything goes out soon after it is back; the breaker spares it meanwhile.
const pace = {
  UNREACHABLE: { firstMs: 1_000, longestMs: 15_000 },
  DEFERRED: { firstMs: 2_000, longestMs: 5 * 60_000 },
  OUTCOME_UNKNOWN: { firstMs: 60_000, longestMs: 60_000 },
  ERROR: { firstMs: 15_000, longestMs: 30 * 60_000 },
} as const;

function retry(delivery: SendingDelivery, kind: keyof typeof pace, now: Date): PendingDelivery {
  const tries = kind === 'ERROR' ? delivery.strikes : delivery.attempts;
  const waitMs = backOffMs(tries, { ...pace[kind], seed: `${delivery.id}:${delivery.attempts}` });
  return { ...baseOf(delivery), status: 'PENDING', dueAt: new Date(now.getTime() + waitMs) };
}

function baseOf({ status: _, dueAt: __, ...rest }: OpenDelivery): Base {
  if (!('claim' in rest)) return rest;
  const { claim: ___, withdrawn: ____, ...base } = rest;
  return base;
}
