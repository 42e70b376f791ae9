import { dayOf, type Fact, type Origin } from './alert.ts';
import { type PendingDelivery, queue } from './delivery.ts';
import { compose, type Message } from './message.ts';
import { type Guardian, recipient, type School, type Student } from './roster.ts';

/** Everybody a fact about one pupil may concern, as the roster knows them now. */
export type Audience = { readonly school: School; readonly student: Student; readonly guardians: readonly Guardian[] };

type Known = { readonly school: School | undefined; readonly student: Student | undefined; readonly guardians: readonly Guardian[] };

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

export type Letter = { readonly delivery: PendingDelivery; readonly message: Message };

/** One letter for each guardian who hears of the fact; none where nobody asked for notices. */
export function lettersFor(
  fact: Fact,
  origin: Origin,
  { school, student, guardians }: Audience,
  { now, newId }: { now: Date; newId: () => string },
): Letter[] {
  const { eventId, studentId, occurredAt, announcedAt, traceparent } = origin;
  const day = dayOf(origin);
  const about = {
    eventId,
    studentId,
    kind: fact.kind,
    invoiceId: fact.invoiceId,
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
