import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { atMost, type Broken, type Evidence, mayBePurged } from './evidence.ts';
import { isAbsent, nameOf, type Stands, standings } from './rolls.ts';

type Attendance = Required<Evidence>['attendance'];
type Fact = NonNullable<Attendance['told'][number]['event']>;

/** I4: how each pupil stands is what was announced last of that half-day, and what is counted; calendars and class teachers are announced as they are. */
export function rollsAreAnnounced(attendance: Attendance): Broken {
  return [...atMost(standingsAnnounced(attendance)), ...atMost(settingsAnnounced(attendance))];
}

function standingsAnnounced(attendance: Attendance): Broken {
  const stand = standings(attendance);
  const last = lastFacts(attendance);
  const counted = new Map(attendance.absences.map((absence) => [nameOf(absence), absence.kind]));
  const broken: Broken = [];
  for (const name of new Set([...stand.keys(), ...last.keys(), ...counted.keys()])) {
    const stands = stand.get(name);
    if (stands?.kind === 'UNSETTLED') continue;
    const expected = stands && (isAbsent(stands.kind) || stands.kind === 'LATE') ? stands.kind : undefined;
    if (counted.get(name) !== expected)
      broken.push(`I4: pupil ${name} is ${stands?.kind ?? 'not known'} and counted as ${counted.get(name) ?? 'present'}`);
    const fact = last.get(name);
    const old = stands ? mayBePurged(stands.saidAt) : false;
    if (!old && !agrees(stands, fact)) broken.push(`I4: pupil ${name} is ${shown(stands)} and attendance announced ${told(fact)} last`);
  }
  return broken;
}

/** Of one pupil and half-day what was said last holds. */
function lastFacts({ told: rows }: Attendance): Map<string, Fact> {
  const last = new Map<string, Fact>();
  for (const { event } of rows) {
    const place = event && placeOf(event);
    if (event && place) last.set(place, event);
  }
  return last;
}

function placeOf(event: Fact): string | undefined {
  switch (event.$case) {
    case 'studentExpectedAgain':
      return nameOf({ ...event.value, session: sessionOf(event.value.session) });
    case 'studentMarkedAbsent':
    case 'studentMarkedLate':
    case 'studentMarkedPresent':
      return event.value.mark && nameOf({ ...event.value.mark, session: sessionOf(event.value.mark.session) });
    default:
      return undefined;
  }
}

function sessionOf(session: DaySession): 'MORNING' | 'AFTERNOON' {
  return session === DaySession.MORNING ? 'MORNING' : 'AFTERNOON';
}

function agrees(stands: Stands | undefined, fact: Fact | undefined): boolean {
  if (!stands) return fact === undefined || fact.$case === 'studentExpectedAgain';
  if (stands.kind === 'NO_SCHOOL')
    return fact === undefined || fact.$case === 'studentExpectedAgain' || fact.$case === 'studentMarkedPresent';
  if (stands.kind === 'PRESENT') return fact === undefined || fact.$case === 'studentMarkedPresent';
  if (stands.kind === 'LATE') return fact?.$case === 'studentMarkedLate';
  if (fact?.$case !== 'studentMarkedAbsent') return false;
  const { kind = MarkKind.UNSPECIFIED, reportedAt } = fact.value.mark ?? {};
  return MarkKind[stands.kind as keyof typeof MarkKind] === kind && reportedAt?.getTime() === stands.reportedAt.getTime();
}

function shown(stands: Stands | undefined): string {
  return stands ? `${stands.kind} since ${stands.reportedAt.toISOString()}` : 'not known';
}

function told(fact: Fact | undefined): string {
  if (!fact) return 'nothing';
  const mark = 'mark' in fact.value ? fact.value.mark : undefined;
  return mark ? `${fact.$case} since ${mark.reportedAt?.toISOString()}` : fact.$case;
}

function settingsAnnounced({ told: rows, years, teachers }: Attendance): Broken {
  const broken: Broken = [];
  const calendars = rows.flatMap(({ event }) => (event?.$case === 'schoolYearDefined' ? (event.value.schoolYear?.calendarId ?? []) : []));
  for (const { _id } of years) {
    const times = calendars.filter((id) => id === _id).length;
    if (times !== 1) broken.push(`I4: attendance announced calendar ${_id} ${times} times`);
  }
  const ends = new Map<string, string>();
  for (const { event } of rows) {
    const assigned = event?.$case === 'classTeacherAssigned' ? event.value.classTeacher : undefined;
    if (assigned) ends.set(`${assigned.classId} ${assigned.subject} ${assigned.validFrom}`, assigned.validUntil);
  }
  for (const { classId, subject, validFrom, validUntil } of teachers) {
    const end = ends.get(`${classId} ${subject} ${validFrom}`);
    if (end !== validUntil)
      broken.push(`I4: ${subject} has class ${classId} until "${validUntil}" and attendance announced "${end ?? 'nothing'}"`);
  }
  return broken;
}
