import { CreditReason } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { atMost, type Broken, type Evidence, isYoung, type Told } from './evidence.ts';
import { marksOf } from './traffic.ts';

type Notified = Pick<Required<Evidence>, 'billing' | 'notification'> & Pick<Evidence, 'registry'>;
type BillingTold = Notified['billing']['told'][number];

/** I4: each fact that guardians are to hear of has its alert, with one delivery for each of those who asked; nothing else has. */
export function factsAreTold({ registry, billing, notification }: Notified): Broken {
  const { alerts, deliveries } = notification;
  const alertOf = new Map(alerts.map((alert) => [alert._id, alert]));
  const deliveriesOf = Map.groupBy(deliveries, ({ eventId }) => eventId);
  const rosters = wishes(registry);
  const parked = new Set(
    marksOf(notification.inbox, 'notification.billing').flatMap((mark) => (mark.parked === undefined ? [] : [mark.eventId])),
  );
  const broken: Broken = [];
  const facts = new Set<string>();
  for (const told of billing.told) {
    const studentId = studentToldOf(told);
    if (studentId === undefined) continue;
    facts.add(told._id);
    if (parked.has(told._id)) continue;
    const alert = alertOf.get(told._id);
    if (!alert) {
      broken.push(`I4: notification.billing has no alert for ${told._id}`);
      continue;
    }
    const heard = new Set(deliveriesOf.get(told._id)?.map(({ guardianId }) => guardianId));
    for (const { guardianId, must, mustNot } of rosters(studentId, told.at)) {
      if (must && !heard.has(guardianId)) broken.push(`I4: notification.billing did not tell guardian ${guardianId} of ${told._id}`);
      if (mustNot && heard.has(guardianId))
        broken.push(`I4: notification.billing told guardian ${guardianId}, who did not ask, of ${told._id}`);
    }
  }
  for (const eventId of new Set([...alertOf.keys(), ...deliveriesOf.keys()])) {
    if (isYoung(eventId) && !facts.has(eventId)) broken.push(`I4: notification.billing told of ${eventId}, which is no fact for guardians`);
  }
  return atMost(broken);
}

/** I6: one delivery for each event, guardian and channel, and as many as the alert counts. */
export function toldOnce({ alerts, deliveries }: Notified['notification']): Broken {
  const broken: Broken = [];
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for (const { eventId, guardianId, channel } of deliveries) {
    const place = `${eventId} ${guardianId} ${channel}`;
    if (seen.has(place)) broken.push(`I6: guardian ${guardianId} has two deliveries for event ${eventId}`);
    seen.add(place);
    counts.set(eventId, (counts.get(eventId) ?? 0) + 1);
  }
  for (const { _id, deliveries: says = 0 } of alerts) {
    const has = counts.get(_id) ?? 0;
    if (Number(says) !== has) broken.push(`I6: alert ${_id} counts ${says} deliveries and has ${has}`);
    counts.delete(_id);
  }
  for (const eventId of counts.keys()) broken.push(`I6: deliveries for event ${eventId} have no alert`);
  return atMost(broken);
}

/**
 * Pupil whose guardians hear of it; undefined where none do. A payment that leaves nothing open is told by the event beside it; what
 * goes with another price or with public support is told by no letter of its own.
 */
function studentToldOf({ event }: BillingTold): string | undefined {
  switch (event?.$case) {
    case 'invoicePaid':
    case 'refundRequested':
    case 'refundPaid':
      return event.value.studentId;
    case 'accountCredited':
      return untold.has(event.value.reason) ? undefined : event.value.studentId;
    case 'creditReversed':
      return event.value.reason === CreditReason.MEAL_CANCELLED ? event.value.studentId : undefined;
    case 'paymentReceived':
      return (event.value.outstanding?.minorUnits ?? 0n) > 0n ? event.value.studentId : undefined;
    default:
      return undefined;
  }
}

const untold: ReadonlySet<CreditReason> = new Set([CreditReason.MEAL_REPRICED, CreditReason.LUNCH_SUPPORT]);

interface Wish {
  readonly guardianId: string;
  readonly must: boolean;
  readonly mustNot: boolean;
}

/**
 * Who is to hear of a fact about a pupil. The consumer may have known the guardian as of the fact or as of any later change, so what
 * is the same in all of these is certain, and nothing else is.
 */
function wishes(registry: Evidence['registry']): (studentId: string, at: Date) => Wish[] {
  const versions = new Map<string, GuardianTold[]>();
  for (const { key, version, at, event } of registry?.told ?? []) {
    if (event?.$case === 'guardianChanged')
      versions.set(key, [...(versions.get(key) ?? []), { version, at, guardian: event.value.guardian }]);
  }
  const ofStudent = new Map<string, Set<string>>();
  for (const [guardianId, all] of versions) {
    for (const { studentId } of all.flatMap(({ guardian }) => guardian?.guardianships ?? [])) {
      ofStudent.set(studentId, (ofStudent.get(studentId) ?? new Set()).add(guardianId));
    }
  }
  return (studentId, at) =>
    [...(ofStudent.get(studentId) ?? [])].map((guardianId): Wish => {
      const all = versions.get(guardianId) ?? [];
      const current = all.findLastIndex((each) => each.at <= at);
      const answers = all.slice(Math.max(0, current)).map(({ guardian }) => hears(guardian, studentId, at));
      const must = current >= 0 && answers.every((answer) => answer === 'YES');
      return { guardianId, must, mustNot: (current >= 0 || all[0]?.version === 1) && answers.every((answer) => answer === 'NO') };
    });
}

type GuardianMessage = Extract<
  NonNullable<Told<NonNullable<Evidence['registry']>['told'][number]['event']>['event']>,
  { $case: 'guardianChanged' }
>['value']['guardian'];

interface GuardianTold {
  readonly version: number;
  readonly at: Date;
  readonly guardian: GuardianMessage;
}

const vietnamOffsetMs = 7 * 3_600_000;

/** MAYBE where it depends on what counts as an address. */
function hears(guardian: GuardianMessage, studentId: string, at: Date): 'YES' | 'NO' | 'MAYBE' {
  const day = new Date(at.getTime() + vietnamOffsetMs).toISOString().slice(0, 10);
  const holds = guardian?.guardianships.some(
    (tie) => tie.studentId === studentId && tie.validFrom <= day && (tie.validUntil === '' || day < tie.validUntil),
  );
  if (!guardian?.wantsNotices || !holds || !guardian.email.includes('@')) return 'NO';
  return /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(guardian.email) ? 'YES' : 'MAYBE';
}
