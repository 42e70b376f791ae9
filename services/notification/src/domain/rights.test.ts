import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { type ClassTeacher, mayActForClass } from './rights.ts';

const day = (text: string): SchoolDate => text as SchoolDate;
const lan: ClassTeacher = { classId: '1a', subject: 'lan', from: day('2026-09-05'), until: day('2026-11-24') };
const teacher = { subject: 'lan', scope: 'CLASSES' } as const;

test('a class teacher acts for the class from the first day of the assignment until the day before its end', () => {
  const on = (date: string) => mayActForClass(teacher, [lan], { classId: '1a', date: day(date) }).ok;
  expect(['2026-09-04', '2026-09-05', '2026-11-23', '2026-11-24'].map(on)).toEqual([false, true, true, false]);
});

test('no teacher acts for the class of another, nor by the assignment of another', () => {
  const refused = { ok: false, refusal: { code: 'NOT_YOUR_CLASS', classId: '1b' } };
  expect(mayActForClass(teacher, [lan], { classId: '1b', date: day('2026-11-23') })).toEqual(refused);
  expect(mayActForClass({ ...teacher, subject: 'minh' }, [lan], { classId: '1a', date: day('2026-11-23') }).ok).toBe(false);
});

test('the office acts for every class', () => {
  expect(mayActForClass({ subject: 'principal', scope: 'SCHOOL' }, [], { classId: '1b', date: day('2026-11-23') }).ok).toBe(true);
});
