import { Relation } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import type { EventMeta } from '@schoolbell/service-kit';
import { beforeEach, expect, test } from 'vitest';
import { type Attendance, testSchools } from '../../test/given.ts';
import { listeners } from './listen.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const meta = (version: number): EventMeta => {
  const at = new Date('2026-11-21T02:00:00Z');
  return { id: crypto.randomUUID(), type: 'x', schoolId: school.schoolId, key: 'key', version, occurredAt: at, announcedAt: at };
};
const hear = (event: RegistryEvent['event'], version: number) =>
  school.transact((tx) => listeners[0].apply(tx, RegistryEvent.encode({ event }).finish(), meta(version)));
const student = (studentId: string, className = '1A') => ({
  ...{ studentId, schoolId: school.schoolId, code: '79000701000001', fullName: 'Bùi Thanh Giang' },
  ...{ classId: `id of ${className}`, className, grade: 1 },
});
const guardian = (validFrom: string, validUntil = '') => ({
  ...{ guardianId: 'mother', fullName: 'Phan Hữu Nam', phone: '+84915896980', email: 'a@example.vn', language: 'vi', wantsNotices: true },
  ...{ guardianships: [{ studentId: school.an, relation: Relation.MOTHER, validFrom, validUntil }], provenance: [] },
});

test('a pupil is known from enrolment on, by the class of now and of before, until the last day', async () => {
  const id = crypto.randomUUID();
  await hear({ $case: 'studentEnrolled', value: { student: student(id) } }, 1);
  await hear({ $case: 'studentChanged', value: { student: student(id, '1B') } }, 2);
  await hear({ $case: 'studentLeft', value: { student: student(id, '1B'), leftOn: '2026-11-20' } }, 3);
  const known = await school.read((tx) => tx.students.find(id));
  expect(known).toMatchObject({ name: 'Bùi Thanh Giang', className: '1B', leftOn: '2026-11-20' });
  expect(known?.classIds.toSorted()).toEqual(['id of 1A', 'id of 1B']);
  const since = { since: '2026-11-21' };
  expect(known?.memberships.toSorted((a, b) => a.version - b.version)).toEqual([
    { classId: 'id of 1A', ...since, version: 1 },
    { classId: 'id of 1B', ...since, version: 2 },
    { classId: 'id of 1B', ...since, version: 3 },
  ]);
});

test('of a guardian only the guardianships are taken', async () => {
  await hear({ $case: 'guardianChanged', value: { guardian: guardian('2026-09-05', '2027-01-01'), schoolId: school.schoolId } }, 1);
  expect(await school.read((tx) => tx.guardians.find('mother'))).toEqual({
    id: 'mother',
    guardianships: [{ studentId: school.an, validFrom: '2026-09-05', validUntil: '2027-01-01' }],
  });
});

test('what is not for attendance, or newer than this build, passes without effect', async () => {
  const before = await school.count('students');
  expect(await hear({ $case: 'schoolRegistered', value: { school: undefined } }, 1)).toMatchObject({ ok: true });
  expect(await hear(undefined, 1)).toMatchObject({ ok: true });
  expect(await school.count('students')).toBe(before);
});

test('an event that lacks what its contract promises is refused, so that it is parked', async () => {
  const lacks = (field: string) => ({ ok: false, refusal: { code: 'EVENT_INCOMPLETE', field } });
  expect(await hear({ $case: 'studentEnrolled', value: { student: undefined } }, 1)).toEqual(lacks('student'));
  const left = { student: student(crypto.randomUUID()), leftOn: '' };
  expect(await hear({ $case: 'studentLeft', value: left }, 1)).toEqual(lacks('left_on'));
  const changed = (message: ReturnType<typeof guardian> | undefined) =>
    hear({ $case: 'guardianChanged', value: { guardian: message, schoolId: school.schoolId } }, 1);
  expect(await changed(undefined)).toEqual(lacks('guardian'));
  expect(await changed(guardian('5/9/2026'))).toEqual(lacks('guardian.guardianships.valid_from'));
  expect(await changed(guardian('2026-09-05', 'never'))).toEqual(lacks('guardian.guardianships.valid_until'));
});
