import { CreditReason } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { atMost, type Broken, type Evidence, isYoung, type Told } from './evidence.ts';
import { lateCutsAreTakenBack, mealLettersOf, mealsSaid, toldTogether } from './meal-letters.ts';
import { marksOf } from './traffic.ts';

type Notified = Pick<Required<Evidence>, 'notification'> & Omit<Evidence, 'notification'>;

/** I4: each fact that guardians are to hear of has its alert, with one delivery for each of those who asked; nothing else has. */
export function factsAreTold(evidence: Notified): Broken {
  const { registry, notification } = evidence;
  const { alerts, deliveries, inbox } = notification;
  const alertOf = new Map(alerts.map((alert) => [alert._id, alert]));
  const deliveriesOf = Map.groupBy(deliveries, ({ eventId }) => eventId);
  const rosters = wishes(registry);
  const letters = mealLettersOf(evidence);
  const broken: Broken = [];
  for (const { group, facts } of factsOf(evidence)) {
    const parked = new Set(marksOf(inbox, group).flatMap((mark) => (mark.parked === undefined ? [] : [mark.eventId])));
    for (const { eventId, studentId, at } of facts) {
      if (parked.has(eventId)) continue;
      const alert = alertOf.get(eventId);
      if (!alert) {
        broken.push(`I4: ${group} has no alert for ${eventId}`);
        continue;
      }
      if (letters.isExcused(eventId, alert)) continue;
      const heard = new Set(deliveriesOf.get(letters.tellerOf(alert))?.map(({ guardianId }) => guardianId));
      for (const { guardianId, must, mustNot } of rosters(studentId, at)) {
        if (must && !heard.has(guardianId)) broken.push(`I4: ${group} did not tell guardian ${guardianId} of ${eventId}`);
        if (mustNot && heard.has(guardianId)) broken.push(`I4: ${group} told guardian ${guardianId}, who did not ask, of ${eventId}`);
      }
    }
  }
  const mustHear = (studentId: string, at: Date) => new Set(rosters(studentId, at).flatMap((wish) => (wish.must ? [wish.guardianId] : [])));
  return [...atMost([...broken, ...unfounded(evidence)]), ...toldTogether(notification), ...lateCutsAreTakenBack(evidence, mustHear)];
}

interface FactTold {
  readonly eventId: string;
  readonly studentId: string;
  readonly at: Date;
}

/** What guardians hear of one by one. How a pupil stands in a half-day is absences.ts's to say. */
function factsOf(evidence: Notified): { readonly group: string; readonly facts: readonly FactTold[] }[] {
  const meals = mealsSaid(evidence);
  const money = (evidence.billing?.told ?? []).flatMap((told): FactTold[] => {
    const studentId = studentToldOf(told);
    return studentId === undefined ? [] : [{ eventId: told._id, studentId, at: told.at }];
  });
  const credits = meals.filter(({ family, untold }) => family === 'CREDIT' && !untold);
  // What ends a late cut is a fact for those who were told of one: lateCutsAreTakenBack asks for it.
  const cuts = meals.filter(({ family, untold, ends }) => family === 'CUT_LATE' && !untold && !ends);
  return [
    { group: 'notification.billing', facts: [...money, ...credits] },
    { group: 'notification.canteen', facts: cuts },
  ];
}

/** Messages about no fact. What comes from a service whose events are not looked at is left alone. */
function unfounded(evidence: Notified): Broken {
  const { attendance, notification } = evidence;
  const known = new Set(factsOf(evidence).flatMap(({ facts }) => facts.map(({ eventId }) => eventId)));
  for (const { _id } of attendance?.told ?? []) known.add(_id);
  for (const { eventId, ends, family } of mealsSaid(evidence)) if (ends && family === 'CUT_LATE') known.add(eventId);
  const messages = [
    ...notification.alerts.map(({ _id, kind }) => ({ eventId: _id, source: sourceOf(kind) })),
    ...notification.deliveries.map(({ eventId, kind }) => ({ eventId, source: sourceOf(kind) })),
  ];
  const odd = messages.filter(({ eventId, source }) => evidence[source] && isYoung(eventId) && !known.has(eventId));
  return [...new Set(odd.map(({ eventId, source }) => `I4: notification.${source} told of ${eventId}, which is no fact for guardians`))];
}

function sourceOf(kind = ''): 'attendance' | 'canteen' | 'billing' {
  if (kind === 'ABSENT' || kind === 'LATE' || kind === 'MARK_RETRACTED') return 'attendance';
  return kind === 'MEAL_CUT_LATE' || kind === 'MEAL_CUT_LATE_ENDED' ? 'canteen' : 'billing';
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

type BillingTold = Required<Evidence>['billing']['told'][number];

/**
 * Pupil whose guardians hear of it; undefined where none do. A payment that leaves nothing open is told by the event beside it; what
 * goes with another price or with public support is told by no letter of its own. Meals that were cut are meal-letters.ts's to say.
 */
function studentToldOf({ event }: BillingTold): string | undefined {
  switch (event?.$case) {
    case 'invoicePaid':
    case 'refundRequested':
    case 'refundPaid':
      return event.value.studentId;
    case 'accountCredited':
      return ofMeals.has(event.value.reason) ? undefined : event.value.studentId;
    case 'paymentReceived':
      return (event.value.outstanding?.minorUnits ?? 0n) > 0n ? event.value.studentId : undefined;
    default:
      return undefined;
  }
}

const ofMeals: ReadonlySet<CreditReason> = new Set([CreditReason.MEAL_CANCELLED, CreditReason.MEAL_REPRICED, CreditReason.LUNCH_SUPPORT]);

interface Wish {
  readonly guardianId: string;
  readonly must: boolean;
  readonly mustNot: boolean;
}

/**
 * Who is to hear of a fact about a pupil. The consumer may have known the guardian as of the fact or as of any later change, so what
 * is the same in all of these is certain, and nothing else is.
 */
export function wishes(registry: Evidence['registry']): (studentId: string, at: Date) => Wish[] {
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
