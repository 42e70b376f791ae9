import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import type { EventMeta } from '@schoolbell/service-kit';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../test/given.ts';
import { registryListener } from './listen.ts';

const schools = testSchools();
let billing: Billing;
const studentId = crypto.randomUUID();
beforeEach(() => {
  billing = schools.newSchool();
});

const meta = (version: number): EventMeta => {
  const at = new Date('2026-11-21T02:00:00Z');
  return { id: crypto.randomUUID(), type: 'x', schoolId: billing.schoolId, key: studentId, version, occurredAt: at, announcedAt: at };
};
const hear = (event: RegistryEvent['event'], version: number) =>
  billing.transact((tx) => registryListener.apply(tx, RegistryEvent.encode({ event }).finish(), meta(version)));
const student = (id: string, fullName = 'Bùi Thanh Giang') => ({
  studentId: id,
  schoolId: billing.schoolId,
  code: '79000701000001',
  fullName,
  classId: 'c1',
  className: '1A',
  grade: 1,
});
const known = (id: string) => billing.read((tx) => tx.students.find(id));

test('a pupil is known from enrolment until leaving, by the newest name', async () => {
  const id = crypto.randomUUID();
  await hear({ $case: 'studentEnrolled', value: { student: student(id) } }, 1);
  await hear({ $case: 'studentChanged', value: { student: student(id, 'Bùi Thanh An') } }, 2);
  expect(await known(id)).toEqual({ id, name: 'Bùi Thanh An', classId: 'c1', className: '1A', enrolled: true });
  await hear({ $case: 'studentLeft', value: { student: student(id, 'Bùi Thanh An'), leftOn: '2026-11-20' } }, 3);
  expect(await known(id)).toMatchObject({ enrolled: false });
});

test("events that are not billing's, and newer ones than this build knows, pass without effect", async () => {
  expect(await hear({ $case: 'guardianChanged', value: { guardian: undefined, schoolId: billing.schoolId } }, 1)).toMatchObject({
    ok: true,
  });
  expect(await hear(undefined, 1)).toMatchObject({ ok: true });
  expect(await billing.count('students')).toBe(0);
});

test('an event without its pupil, or with an id that is none, is refused by a code, so that it is parked', async () => {
  expect(await hear({ $case: 'studentEnrolled', value: { student: undefined } }, 1)).toEqual({
    ok: false,
    refusal: { code: 'STUDENT_MISSING' },
  });
  expect(await hear({ $case: 'studentEnrolled', value: { student: student('7') } }, 1)).toEqual({
    ok: false,
    refusal: { code: 'STUDENT_ID_MALFORMED' },
  });
});
