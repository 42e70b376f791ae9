import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { type Authority, assign, mayActForClass, mayActForPupil } from './rights.ts';

const day = (text: string) => text as SchoolDate;
const span = { validFrom: day('2026-09-05'), validUntil: day('2026-12-01') };
const authority = (scope: Authority['actor']['scope']): Authority => ({
  actor: { subject: 'me', scope },
  assignments: [{ classId: '1A', subject: 'me', ...span }],
  guardian: { id: 'me', guardianships: [{ studentId: 'an', ...span }] },
});

test.each([
  ['SCHOOL', '1B', '2030-01-01', true],
  ['CLASSES', '1A', '2026-09-04', false],
  ['CLASSES', '1A', '2026-09-05', true],
  ['CLASSES', '1A', '2026-11-30', true],
  ['CLASSES', '1A', '2026-12-01', false],
  ['CLASSES', '1B', '2026-11-30', false],
  ['CHILDREN', '1A', '2026-11-30', false],
] as const)('%s may act for the class %s on %s: %s', (scope, classId, date, may) => {
  expect(mayActForClass(authority(scope), { classId, date: day(date) }).ok).toBe(may);
});

test.each([
  ['SCHOOL', 'binh', undefined, '2026-11-30', true],
  ['CLASSES', 'binh', '1A', '2026-11-30', true],
  ['CLASSES', 'an', undefined, '2026-11-30', false],
  ['CHILDREN', 'an', '1A', '2026-11-30', true],
  ['CHILDREN', 'an', '1A', '2026-12-01', false],
  ['CHILDREN', 'binh', '1A', '2026-11-30', false],
] as const)('%s may act for %s of class %s on %s: %s', (scope, studentId, classId, today, may) => {
  expect(mayActForPupil(authority(scope), { studentId, classId, today: day(today) }).ok).toBe(may);
});

test('an assignment may end at once, but not before it begins', () => {
  const wanted = { classId: '1A', subject: 'me', ...span };
  expect(assign({ ...wanted, validUntil: span.validFrom }).ok).toBe(true);
  expect(assign({ ...wanted, validUntil: day('2026-09-04') })).toMatchObject({ refusal: { code: 'ASSIGNMENT_ENDS_TOO_EARLY' } });
});
