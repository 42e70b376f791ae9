import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { atSchool, inClass, type KnownPupil } from './pupil.ts';

const day = (text: string) => text as SchoolDate;
const pupil: KnownPupil = {
  id: 'an',
  name: 'An',
  classId: 'b',
  className: '1B',
  grade: 1,
  leftOn: day('2026-11-20'),
  classIds: ['a', 'b'],
};

test('a pupil is at the school up to the last day', () => {
  expect(atSchool(pupil, 'an', day('2026-11-20')).ok).toBe(true);
  expect(atSchool(pupil, 'an', day('2026-11-21'))).toMatchObject({ refusal: { code: 'STUDENT_LEFT', leftOn: '2026-11-20' } });
  expect(atSchool({ ...pupil, leftOn: undefined }, 'an', day('2030-01-01')).ok).toBe(true);
  expect(atSchool(undefined, 'binh', day('2026-11-20'))).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN', studentId: 'binh' } });
});

test('a pupil may be marked in the class of now and in those of before', () => {
  expect([inClass(pupil, 'a').ok, inClass(pupil, 'b').ok, inClass(pupil, 'c').ok]).toEqual([true, true, false]);
});
