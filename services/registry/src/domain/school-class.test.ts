import { expect, test } from 'vitest';
import { classKey, newClass, openClassBook } from './school-class.ts';

test.each([
  ['1A', 1],
  ['10A2', 10],
  [' 5 Chim Non', 5],
  ['Lá 1', 0],
  ['2026A', 0],
])('the grade of %j is %d', (name, grade) => {
  expect(newClass('id', name).grade).toBe(grade);
});

test('a class is one class however its name is typed', () => {
  expect(classKey(' 1a')).toBe(classKey('1A\u00a0'));
  expect(classKey('Lá 1'.normalize('NFD'))).toBe(classKey('lá  1'));
});

test('a name that is new becomes one class, and a known one stays what it is', () => {
  let ids = 0;
  const known = { id: 'known', name: '1A', grade: 1 };
  const book = openClassBook(new Map([[classKey('1A'), known]]), () => `new ${++ids}`);
  expect(book.classNamed('1a ')).toBe(known);
  expect(book.classNamed('1B')).toBe(book.classNamed('1b'));
  expect(book.added).toEqual([{ id: 'new 1', name: '1B', grade: 1 }]);
});
