import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { atSchool, classOn, inClass, type KnownPupil, labelOf } from './pupil.ts';

const day = (text: string) => text as SchoolDate;
const an = { studentId: 'an' };
const pupil: KnownPupil = {
  id: 'an',
  name: 'An',
  classId: 'b',
  className: '1B',
  grade: 1,
  leftOn: day('2026-11-20'),
  classIds: ['a', 'b'],
  memberships: [],
};

test('a pupil is at the school up to the last day', () => {
  expect(atSchool(pupil, an, day('2026-11-20')).ok).toBe(true);
  expect(atSchool(pupil, an, day('2026-11-21'))).toMatchObject({ refusal: { code: 'STUDENT_LEFT', leftOn: '2026-11-20' } });
  expect(atSchool({ ...pupil, leftOn: undefined }, an, day('2030-01-01')).ok).toBe(true);
  expect(atSchool(undefined, { studentId: 'binh' }, day('2026-11-20'))).toMatchObject({
    refusal: { code: 'STUDENT_UNKNOWN', studentId: 'binh' },
  });
});

const in1B = (classId: string, date: string, memberships: KnownPupil['memberships'] = moves) =>
  inClass({ ...pupil, memberships }, { classId, date: day(date), named: an });
const moves = [
  { classId: 'b', since: day('2026-11-09'), version: 4 },
  { classId: 'a', since: day('2026-09-05'), version: 1 },
  { classId: 'a', since: day('2026-10-01'), version: 2 },
];

test('the class of before marks a pupil up to the day of the move, and the class of now any day', () => {
  expect(['2026-09-07', '2026-11-09'].map((date) => in1B('a', date).ok)).toEqual([true, true]);
  expect(in1B('a', '2026-11-10')).toEqual({
    ok: false,
    refusal: { code: 'STUDENT_MOVED', studentId: 'an', student: 'an', className: '1B', since: '2026-11-09' },
  });
  expect(['2026-09-07', '2026-11-10'].map((date) => in1B('b', date).ok)).toEqual([true, true]);
});

test('a pupil who came back to a class is marked in it, and a class that the pupil was never in marks nothing', () => {
  const back = [...moves, { classId: 'a', since: day('2026-11-16'), version: 5 }];
  expect([in1B('a', '2026-11-20', back).ok, in1B('b', '2026-11-16', back).ok, in1B('b', '2026-11-17', back).ok]).toEqual([
    true,
    true,
    false,
  ]);
  expect(in1B('c', '2026-09-07')).toMatchObject({ refusal: { code: 'STUDENT_NOT_IN_CLASS', className: '1B' } });
});

test('a class that was known before moves were dated counts until the first that is dated', () => {
  expect([in1B('a', '2026-12-01', []).ok, in1B('b', '2026-12-01', []).ok]).toEqual([true, true]);
  const [dated] = moves;
  expect([in1B('a', '2026-11-09', dated && [dated]).ok, in1B('a', '2026-11-10', dated && [dated]).ok]).toEqual([true, false]);
});

test('on each day a pupil is in one class', () => {
  const classes = ['2026-08-01', '2026-11-08', '2026-11-09'].map((date) => classOn({ ...pupil, memberships: moves }, day(date)));
  expect(classes).toEqual(['a', 'a', 'b']);
  expect(classOn(pupil, day('2026-08-01'))).toBe('b');
});

test('a refusal says which pupil by place and id', () => {
  expect(labelOf({ studentId: 'an', place: 7 })).toBe('#7 (an)');
  expect(labelOf({ studentId: 'an' })).toBe('an');
});
