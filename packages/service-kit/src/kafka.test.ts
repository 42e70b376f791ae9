import { randomBytes } from 'node:crypto';
import { makeTopics, readTopic } from '@schoolbell/testkit';
import { expect, inject, test } from 'vitest';
import { createKafka, createPublisher, withDeadline } from './kafka.ts';
import { createLogger } from './logger.ts';

const log = createLogger('test', 'silent');

test('a key goes to the partition it has always gone to', async () => {
  const kafka = createKafka({ brokers: inject('kafkaBrokers'), clientId: 'golden' }, log);
  const topic = `test.${randomBytes(5).toString('hex')}`;
  await makeTopics(inject('kafkaBrokers'), [{ topic, numPartitions: 24 }]);
  const keys = ['0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10', '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a11', 'student-1', 'student-2'];
  const publisher = createPublisher(kafka);
  const messages = keys.map((key) => ({ key, value: 'x' }));
  await publisher.send(topic, messages);
  await publisher.close();
  const partitions = Object.fromEntries((await readTopic(inject('kafkaBrokers'), topic)).map(({ key, partition }) => [key, partition]));
  // Murmur2 as Java's client has it. Another partitioner would move keys, and with them break the order of every aggregate.
  expect(partitions).toEqual({
    '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10': 0,
    '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a11': 3,
    'student-1': 2,
    'student-2': 8,
  });
});

test('what does not answer in time is given up', async () => {
  await expect(withDeadline(new Promise(() => undefined), 20)).rejects.toThrow('No answer within 20 ms');
  await expect(withDeadline(Promise.resolve('in time'), 1_000)).resolves.toBe('in time');
});
