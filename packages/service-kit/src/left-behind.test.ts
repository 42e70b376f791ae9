import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { wasLeftBehind } from './left-behind.ts';

/** As kafkajs wraps what a broker answers. */
function ended(type: string): Error {
  const answer = new kafkajs.KafkaJSProtocolError(Object.assign(new Error('as the broker says'), { type, code: 25 }));
  return new Error(`Crashed: ${answer.message}`, { cause: answer });
}

test('a member that its group forgot may join again, whatever wraps the answer', () => {
  for (const type of ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS']) expect(wasLeftBehind(ended(type))).toBe(true);
  expect(wasLeftBehind(new Error('outer', { cause: ended('UNKNOWN_MEMBER_ID') }))).toBe(true);
  expect(wasLeftBehind(ended('UNKNOWN_MEMBER_ID').cause)).toBe(true);
});

test('what joining again cannot mend is the end', () => {
  expect(wasLeftBehind(ended('INCONSISTENT_GROUP_PROTOCOL'))).toBe(false);
  expect(wasLeftBehind(ended('GROUP_AUTHORIZATION_FAILED'))).toBe(false);
  expect(wasLeftBehind(new Error('something else'))).toBe(false);
  expect(wasLeftBehind('UNKNOWN_MEMBER_ID')).toBe(false);
});
