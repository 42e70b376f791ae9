import { expect, test } from 'vitest';
import { access, parkedTopic, topics } from './index.ts';

test('each topic is named as the proto package of its service', () => {
  const packages = new Set(Object.keys(access).map((rpc) => rpc.slice(0, rpc.lastIndexOf('.'))));
  expect(new Set<string>(Object.values(topics))).toEqual(packages);
});

test('what a group cannot handle goes to a topic of that group', () => {
  expect(parkedTopic(topics.billing, 'notification.billing')).toBe('school.billing.v1.parked.notification.billing');
});
