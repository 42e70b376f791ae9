import { schoolDateOf } from '@schoolbell/kernel';
import { type PendingDelivery, queue } from '../deliveries/delivery.ts';
import { type Guardian, recipient, type School, type Student } from '../roster/roster.ts';
import { dayOf, type Origin, type ToldAlert, told, type WaitingAlert, waiting } from './alert.ts';
import { type Fact, invoiceIdOf, laneOf } from './fact.ts';
import { compose, type Message } from './message.ts';

/** Everybody a fact about one pupil may concern, as the roster knows them now. */
export type Audience = { readonly school: School; readonly student: Student; readonly guardians: readonly Guardian[] };

export type Known = { readonly school: School | undefined; readonly student: Student | undefined; readonly guardians: readonly Guardian[] };

/** The audience; undefined while the roster, which comes by another topic, does not know the school, the pupil or any guardian yet. */
export function audienceOf(studentId: string, { school, student, guardians }: Known): Audience | undefined {
  const own = guardians.filter(({ guardianships }) => guardianships.some((tie) => tie.studentId === studentId));
  return school && student && own.length > 0 ? { school, student, guardians: own } : undefined;
}

/** Of the audience those who have no delivery yet and were what they are when the fact happened: consent given later is not for older news. */
export function latecomers(audience: Audience, { occurredAt }: Origin, told: ReadonlySet<string>): Audience {
  const late = audience.guardians.filter(({ id, changedAt }) => !told.has(id) && changedAt !== undefined && changedAt <= occurredAt);
  return { ...audience, guardians: late };
}

type Told = { readonly alert: ToldAlert | WaitingAlert; readonly letters: readonly Letter[] };

/** A fact as it is first told: letters for those known to the roster, or a wait until it knows somebody. */
export function tell(fact: Fact, origin: Origin, known: Known, tools: { readonly now: Date; readonly newId: () => string }): Told {
  const { now } = tools;
  const audience = audienceOf(origin.studentId, known);
  if (!audience) return { alert: waiting(origin, fact, now), letters: [] };
  const letters = lettersFor(fact, origin, audience, tools);
  return { alert: told({ origin, fact, heardAt: now }, letters.length, now), letters };
}

export type Letter = { readonly delivery: PendingDelivery; readonly message: Message };

/** One letter for each guardian who hears of the fact; none where nobody asked for notices. */
export function lettersFor(
  fact: Fact,
  origin: Origin,
  { school, student, guardians }: Audience,
  { now, newId }: { now: Date; newId: () => string },
): Letter[] {
  const { eventId, studentId, occurredAt, announcedAt, traceparent } = origin;
  const { kind } = fact;
  const day = dayOf({ kind, occurredAt }, now);
  const about = {
    eventId,
    studentId,
    kind,
    lane: laneOf(fact, schoolDateOf(now)),
    invoiceId: invoiceIdOf(fact),
    occurredAt,
    announcedAt,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return guardians.flatMap((known) => {
    const guardian = recipient(known, studentId, day);
    if (typeof guardian === 'string') return [];
    const delivery = queue({ id: newId(), guardianId: guardian.id, channel: 'EMAIL', language: guardian.language, ...about }, now);
    return [{ delivery, message: compose(fact, origin, { school, student, guardian }) }];
  });
}
