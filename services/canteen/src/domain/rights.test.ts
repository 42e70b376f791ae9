import { expect, test } from 'vitest';
import { day } from '../../test/facts.ts';
import { mayActFor } from './rights.ts';

const today = day('2026-11-23');
const mother = (validUntil?: string) => ({
  actor: { subject: 'mother', scope: 'CHILDREN' as const },
  guardian: {
    id: 'mother',
    guardianships: [{ studentId: 'an', validFrom: day('2026-09-05'), validUntil: validUntil === undefined ? undefined : day(validUntil) }],
  },
});

test('a parent acts for own children, while the guardianship holds, and for no other', () => {
  expect(mayActFor(mother(), ['an'], today)).toMatchObject({ ok: true });
  expect(mayActFor(mother(), ['an', 'binh'], today)).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD', studentId: 'binh' } });
  expect(mayActFor(mother('2026-11-23'), ['an'], today)).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
  expect(mayActFor({ ...mother(), guardian: undefined }, ['an'], today)).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
});

test('the office acts for every pupil', () => {
  const office = { actor: { subject: 'principal', scope: 'SCHOOL' as const }, guardian: undefined };
  expect(mayActFor(office, ['an', 'binh'], today)).toMatchObject({ ok: true });
});
