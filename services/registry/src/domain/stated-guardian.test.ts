import { expect, test } from 'vitest';
import { guardianKey, nameKey } from './stated-guardian.ts';

test('the same phone and the same name are one guardian, however the name is typed', () => {
  const key = guardianKey({ fullName: 'Phan Hữu Nam', phone: '+84915896980', email: 'a@example.vn' });
  expect(guardianKey({ fullName: ' PHAN  Hữu nam '.normalize('NFD'), phone: '+84915896980' })).toBe(key);
  expect(guardianKey({ fullName: 'Phan Hữu Nam', phone: '+84915896981', email: 'a@example.vn' })).not.toBe(key);
  expect(guardianKey({ fullName: 'Phan Thị Nam', phone: '+84915896980' })).not.toBe(key);
});

test('without a phone the address tells who it is', () => {
  expect(guardianKey({ fullName: 'Nam', email: 'A@example.vn' })).toBe(guardianKey({ fullName: 'nam', email: 'a@Example.vn' }));
});

test('a code and a person number never name the same pupil by accident', () => {
  expect(nameKey({ code: '079220000001' })).not.toBe(nameKey({ personNumber: '079220000001' }));
});
