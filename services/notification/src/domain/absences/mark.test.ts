import { expect, test } from 'vitest';
import { newsOf } from './mark.ts';

test('a pupil who is where everybody expects is no news', () => {
  expect(newsOf('PRESENT')).toBeUndefined();
  expect(newsOf('EXPECTED')).toBeUndefined();
  expect(newsOf('NO_SCHOOL')).toBeUndefined();
});

test('leave makes no other news of an absence', () => {
  expect(newsOf('ABSENT_WITH_LEAVE')).toBe('ABSENT');
  expect(newsOf('ABSENT_WITHOUT_LEAVE')).toBe('ABSENT');
  expect(newsOf('LATE')).toBe('LATE');
});
