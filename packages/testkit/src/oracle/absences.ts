import { type AttendanceMark, DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { wishes } from './alerts.ts';
import { atMost, type Broken, type Evidence, mayBePurged } from './evidence.ts';
import type { AbsenceAlert, Delivery } from './rows.ts';
import { marksOf } from './traffic.ts';

type Heard = Pick<Required<Evidence>, 'attendance' | 'notification'> & Pick<Evidence, 'registry'>;
type Told = Heard['attendance']['told'][number];

interface HalfDay {
  /** Pupil, day and half, as notification names them too. */
  readonly id: string;
  readonly studentId: string;
  /** UNSPECIFIED where leave was withdrawn and nobody has looked. */
  readonly kind: MarkKind;
}

/**
 * I6: an absence that stands and is to be told has one message for each guardian and channel; one that was told and does not stand has
 * exactly one retraction for each that arrived, or may have; whatever else happened, nobody believes what does not stand.
 */
export function absencesAreTold({ registry, attendance, notification }: Heard): Broken {
  const { absences, deliveries, inbox, policies } = notification;
  const alertOf = new Map(absences.map((alert) => [alert._id, alert]));
  const letterOf = new Map(deliveries.map((delivery) => [delivery._id, delivery]));
  const lettersOf = Map.groupBy(deliveries, ({ eventId }) => eventId);
  const rosters = wishes(registry);
  const parked = new Set(marksOf(inbox, 'notification.attendance').flatMap((mark) => (mark.parked === undefined ? [] : [mark.eventId])));
  const broken: Broken = [];
  for (const [id, events] of Map.groupBy(attendance.told, (told) => halfDayOf(told)?.id)) {
    const last = events.filter(({ _id }) => !parked.has(_id)).at(-1);
    const half = last && halfDayOf(last);
    if (id === undefined || !half || mayBePurged(last.at)) continue;
    const alert = alertOf.get(id);
    if (!alert || Number(alert.version) !== last.version) {
      broken.push(`I4: notification.attendance knows ${id} as of version ${alert?.version ?? 0} and not ${last.version}`);
      continue;
    }
    const letters = events.flatMap(({ _id }) => lettersOf.get(_id) ?? []);
    const must = (at: Date) => new Set(rosters(half.studentId, at).flatMap((wish) => (wish.must ? [wish.guardianId] : [])));
    const said = [
      statusFits(alert, half.kind, Number(policies)),
      audienceFits(alert, letters, must),
      takenBackOnce(alert, letters, { letterOf, hears: must(last.at) }),
    ];
    broken.push(...said.flat().map((fault) => `I6: ${fault} (${id})`));
  }
  return atMost(broken);
}

function halfDayOf({ event }: Told): HalfDay | undefined {
  switch (event?.$case) {
    case 'studentMarkedAbsent':
    case 'studentMarkedLate':
    case 'studentMarkedPresent':
      return event.value.mark && named(event.value.mark, event.value.mark.kind);
    case 'studentExpectedAgain':
      return named(event.value, MarkKind.UNSPECIFIED);
    default:
      return undefined;
  }
}

function named({ studentId, date, session }: Pick<AttendanceMark, 'studentId' | 'date' | 'session'>, kind: MarkKind): HalfDay {
  return { id: `${studentId}:${date}:${session === DaySession.MORNING ? 'MORNING' : 'AFTERNOON'}`, studentId, kind };
}

function statusFits({ status, because }: AbsenceAlert, kind: MarkKind, policies: number): Broken {
  const told = status === 'RELEASED' || status === 'HELD';
  const isThere = kind === MarkKind.PRESENT || kind === MarkKind.UNSPECIFIED;
  if (isThere && told) return [`guardians are or will be told of a pupil who is not away; it is ${status}`];
  // Which of the others are told is the school's to say; who is missing without leave is told of, unless the school said otherwise.
  const silent = status === 'RETRACTED' || because === 'CORRECTED' || because === 'NOT_TOLD';
  if (kind === MarkKind.ABSENT_WITHOUT_LEAVE && silent && policies === 0)
    return [`nobody will be told of an absence; it is ${status} ${because ?? ''}`.trim()];
  return [];
}

function audienceFits({ status, told }: AbsenceAlert, letters: readonly Delivery[], must: (at: Date) => ReadonlySet<string>): Broken {
  if (status !== 'RELEASED' || !told) return [];
  const heard = letters.filter(({ eventId }) => eventId === told.eventId).map(({ guardianId }) => guardianId);
  return [...must(told.at)].filter((guardianId) => !heard.includes(guardianId)).map((guardianId) => `guardian ${guardianId} was not told`);
}

/** Each message that arrived and does not stand has one retraction, if its reader still hears anything; no other message has one. */
function takenBackOnce(
  { told }: AbsenceAlert,
  letters: readonly Delivery[],
  { letterOf, hears }: { readonly letterOf: ReadonlyMap<string, Delivery>; readonly hears: ReadonlySet<string> },
): Broken {
  const broken: Broken = [];
  const retractions = letters.filter(({ kind }) => kind === 'MARK_RETRACTED');
  for (const { _id, kind, eventId, guardianId, status, unknowns = 0 } of letters) {
    if (kind === 'MARK_RETRACTED') continue;
    const times = retractions.filter(({ retracts }) => retracts === _id).length;
    const stands = told?.eventId === eventId;
    const arrived = status === 'SENT' || Number(unknowns) > 0;
    if (stands && times > 0) broken.push(`what guardian ${guardianId} was told stands and was taken back`);
    if (times > 1) broken.push(`guardian ${guardianId} has ${times} retractions of one message`);
    if (stands) continue;
    if (status === 'PENDING') broken.push(`guardian ${guardianId} is going to be told what does not stand`);
    // That the pupil came late is put right by the message that the pupil is away.
    if (arrived && kind === 'ABSENT' && hears.has(guardianId) && times === 0)
      broken.push(`guardian ${guardianId} was told what does not stand, and has no retraction`);
  }
  for (const { guardianId, status, retracts = '' } of retractions) {
    const original = letterOf.get(retracts);
    const arrived = original?.status === 'SENT' || Number(original?.unknowns ?? 0) > 0;
    if (status === 'SENT' && !arrived) broken.push(`guardian ${guardianId} has a retraction of what never went out`);
  }
  return broken;
}
