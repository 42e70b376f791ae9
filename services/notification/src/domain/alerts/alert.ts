import { type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { isStale } from '../absences/absence-policy.ts';
import { type Fact, isOfTheDay } from './fact.ts';

/** Where a fact comes from: its event, and the trace it belongs to. */
export type Origin = {
  readonly eventId: string;
  readonly studentId: string;
  /** When the fact was committed by its service. */
  readonly occurredAt: Date;
  /** When the fact was on Kafka. */
  readonly announcedAt: Date;
  /** W3C trace context of the consumer that heard it. */
  readonly traceparent?: string;
};

/** Which meal of which pupil, and how new: of what one service says of a meal the highest version holds. */
export type About = { readonly meal: string; readonly version: number };

/**
 * One fact that guardians hear once. It is WAITING while the roster does not say yet who they are, and TOLD while a guardian
 * may still turn up who was one already when it happened: the roster comes by another topic, which may lag.
 */
export type Alert = OpenAlert | SettledAlert;
export type OpenAlert = WaitingAlert | ToldAlert;

export type WaitingAlert = {
  readonly status: 'WAITING';
  readonly origin: Origin;
  readonly fact: Fact;
  readonly heardAt: Date;
  /** When it is looked at again. */
  readonly lookAgainAt: Date;
  /** It waits for what becomes of an absence, and not for the roster. */
  readonly held?: true;
  readonly about?: About;
};

/** Whoever the roster knew has a delivery. */
export type ToldAlert = Omit<WaitingAlert, 'status' | 'held'> & {
  readonly status: 'TOLD';
  readonly toldAt: Date;
  readonly deliveries: number;
  /** Of meals that were cut late: of how many its letters still speak rightly. */
  readonly standing?: number;
};

/** COMPOSED: whoever was to hear it has a delivery, be it nobody. EXPIRED: nobody became known in time. WITHDRAWN: it was no fact after all. */
export type SettledAlert = {
  readonly status: 'COMPOSED' | 'EXPIRED' | 'WITHDRAWN';
  readonly eventId: string;
  readonly studentId: string;
  readonly kind: Fact['kind'];
  readonly deliveries: number;
  readonly settledAt: Date;
  readonly about?: About;
  /** The alert whose letters tell it, where that is another one. */
  readonly toldWith?: string;
  readonly standing?: number;
};

/**
 * Day on which a guardianship must hold for the guardian to hear of the fact. Money is told to whoever was guardian when it moved; where a
 * child is, only to whoever is guardian now.
 */
export function dayOf({ kind, occurredAt }: Pick<Origin, 'occurredAt'> & Pick<Fact, 'kind'>, now: Date): SchoolDate {
  return schoolDateOf(isOfTheDay(kind) ? now : occurredAt);
}

const longestWaitMs = 7 * 24 * 3_600_000;

export function waitIsOver({ heardAt, fact }: WaitingAlert, now: Date): boolean {
  if (fact.kind === 'ABSENT' || fact.kind === 'LATE') return isStale(fact.date, now);
  return now.getTime() - heardAt.getTime() > longestWaitMs;
}

export function waiting(origin: Origin, fact: Fact, now: Date): WaitingAlert {
  return { status: 'WAITING', origin, fact, heardAt: now, lookAgainAt: nextLook(now, now) };
}

const shortestLookMs = 500;
const longestLookMs = 60_000;

/** The longer an alert has waited the rarer the roster is asked: a tenth of the wait so far, between half a second and a minute. */
export function nextLook(heardAt: Date, now: Date): Date {
  const waitedMs = now.getTime() - heardAt.getTime();
  return new Date(now.getTime() + Math.min(longestLookMs, Math.max(shortestLookMs, waitedMs / 10)));
}

// After the second look nobody is looked for any more: a registry topic that lags longer shows on its own alarm.
const latecomersAfterMs = [60_000, 600_000] as const;

/** When latecomers are looked for next; undefined after the last look. */
export function nextLateLook(toldAt: Date, now: Date): Date | undefined {
  const looks = latecomersAfterMs.map((ms) => new Date(toldAt.getTime() + ms));
  return looks.find((look) => look > now);
}

type Telling = Pick<WaitingAlert, 'origin' | 'fact' | 'heardAt' | 'about'> & Pick<ToldAlert, 'standing'>;

export function told({ origin, fact, heardAt, about, standing }: Telling, deliveries: number, now: Date): ToldAlert {
  const lookAgainAt = nextLateLook(now, now) ?? now;
  const meals = { ...(about ? { about } : {}), ...(standing === undefined ? {} : { standing }) };
  return { status: 'TOLD', origin, fact, heardAt, toldAt: now, lookAgainAt, deliveries, ...meals };
}

type Settling = Pick<SettledAlert, 'deliveries' | 'about' | 'toldWith' | 'standing'> & {
  readonly origin: Origin;
  readonly fact: Pick<Fact, 'kind'>;
  readonly now: Date;
};

export function settled(status: SettledAlert['status'], settling: Settling): SettledAlert {
  const { origin, fact, deliveries, now, about, toldWith, standing } = settling;
  const { eventId, studentId } = origin;
  return {
    ...{ status, eventId, studentId, kind: fact.kind, deliveries, settledAt: now },
    ...(about ? { about } : {}),
    ...(toldWith === undefined ? {} : { toldWith }),
    ...(standing === undefined ? {} : { standing }),
  };
}
