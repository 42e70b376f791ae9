import { isDeepStrictEqual } from 'node:util';
import { atMost, type Broken, type Evidence, type Told } from './evidence.ts';
import type { Projected } from './rows.ts';
import { marksOf } from './traffic.ts';

type RegistryFact = Told<NonNullable<NonNullable<Evidence['registry']>['told'][number]['event']>>;

/** I4: what attendance, billing and notification keep of pupils, guardians and schools is what the registry announced last. */
export function rosterIsFollowed({ registry, attendance, billing, notification }: Evidence): Broken {
  if (!registry) return [];
  const facts = registry.told.flatMap(({ event, ...row }): RegistryFact[] => (event ? [{ ...row, event }] : []));
  const broken: Broken = [];
  const compare = (group: string, kept: readonly Projected[], expected: ReadonlyMap<string, object>) => {
    const known = new Map(kept.map((each) => [each._id, each]));
    const differing = [...expected].flatMap(([id, wanted]) => {
      const has = known.get(id);
      const shown = has && Object.fromEntries(Object.keys(wanted).map((field) => [field, has[field]]));
      return isDeepStrictEqual(shown, wanted) ? [] : [`I4: ${group} does not keep ${id} as it was announced last`];
    });
    broken.push(...atMost(differing));
  };
  if (attendance) {
    const group = 'attendance.registry';
    const last = (isOf: typeof isOfStudent) => latest(facts, attendance.inbox, group, isOf);
    compare(group, attendance.students, expectedOf(last(isOfStudent), attendingStudent));
    compare(group, attendance.guardians, expectedOf(last(isOfGuardian), attendingGuardian));
  }
  if (billing) {
    const group = 'billing.registry';
    compare(group, billing.students, expectedOf(latest(facts, billing.inbox, group, isOfStudent), billingStudent));
  }
  if (notification) {
    const group = 'notification.registry';
    const last = (isOf: typeof isOfStudent) => latest(facts, notification.inbox, group, isOf);
    compare(group, notification.students, expectedOf(last(isOfStudent), notifiedStudent));
    compare(group, notification.guardians, expectedOf(last(isOfGuardian), notifiedGuardian));
    compare(group, notification.schools, expectedOf(last(isOfSchool), notifiedSchool));
  }
  return broken;
}

const isOfStudent = ({ event: { $case } }: RegistryFact): boolean => $case.startsWith('student');
const isOfGuardian = ({ event: { $case } }: RegistryFact): boolean => $case === 'guardianChanged';
const isOfSchool = ({ event: { $case } }: RegistryFact): boolean => $case === 'schoolRegistered';

/** The last of each aggregate that the group did not park. */
function latest(
  facts: readonly RegistryFact[],
  inbox: Parameters<typeof marksOf>[0],
  group: string,
  isOf: (fact: RegistryFact) => boolean,
): Map<string, RegistryFact> {
  const parked = new Set(marksOf(inbox, group).flatMap(({ eventId, parked }) => (parked === undefined ? [] : [eventId])));
  return new Map(facts.filter((fact) => isOf(fact) && !parked.has(fact._id)).map((fact) => [fact.key, fact]));
}

function expectedOf(facts: ReadonlyMap<string, RegistryFact>, view: (fact: RegistryFact) => object): Map<string, object> {
  return new Map([...facts].map(([key, fact]) => [key, { schoolId: fact.schoolId, version: fact.version, ...view(fact) }]));
}

function attendingStudent({ event }: RegistryFact): object {
  if (!('student' in event.value)) return {};
  const { fullName: name = '', classId = '', className = '', grade = 0 } = event.value.student ?? {};
  return { name, classId, className, grade, leftOn: event.$case === 'studentLeft' ? event.value.leftOn : undefined };
}

function attendingGuardian({ event }: RegistryFact): object {
  if (event.$case !== 'guardianChanged') return {};
  const guardianships = event.value.guardian?.guardianships.map(({ studentId, validFrom, validUntil }) =>
    validUntil === '' ? { studentId, validFrom } : { studentId, validFrom, validUntil },
  );
  return { guardianships };
}

function billingStudent({ event }: RegistryFact): object {
  if (!('student' in event.value)) return {};
  const { fullName: name = '', classId = '', className = '' } = event.value.student ?? {};
  return { name, classId, className, enrolled: event.$case !== 'studentLeft' };
}

function notifiedStudent({ event }: RegistryFact): object {
  return 'student' in event.value ? { className: event.value.student?.className ?? '' } : {};
}

function notifiedSchool({ event }: RegistryFact): object {
  return event.$case === 'schoolRegistered' ? { name: event.value.school?.name ?? '' } : {};
}

/** Name, address and language only of those who asked for notices. */
function notifiedGuardian({ event }: RegistryFact): object {
  const guardian = event.$case === 'guardianChanged' ? event.value.guardian : undefined;
  if (!guardian) return {};
  const { wantsNotices, fullName: name } = guardian;
  const guardianships = guardian.guardianships.map(({ studentId, validFrom: from, validUntil }) =>
    validUntil === '' ? { studentId, from } : { studentId, from, until: validUntil },
  );
  return wantsNotices ? { wantsNotices, guardianships, name } : { wantsNotices, guardianships, name: undefined, email: undefined };
}
