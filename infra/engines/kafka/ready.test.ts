import { afterEach, expect, test, vi } from 'vitest';
import { kafkaEnv } from './ready.ts';

afterEach(() => vi.unstubAllEnvs());

const given = ['kafka-1.example:9093', 'kafka-2.example:9093'];

test('TLS and SASL of the environment are about the brokers that it names, and not about engines of ours', () => {
  vi.stubEnv('KAFKA_BROKERS', given.join(' , '));
  vi.stubEnv('KAFKA_TLS', 'true');
  vi.stubEnv('KAFKA_SASL_USERNAME', 'schoolbell');
  const secured = { KAFKA_TLS: 'true', KAFKA_SASL_USERNAME: 'schoolbell', KAFKA_PLAINTEXT: 'false' };
  expect(kafkaEnv(given)).toEqual({ KAFKA_BROKERS: given.join(), ...secured });
  const own = { KAFKA_BROKERS: '127.0.0.1:9092', KAFKA_PLAINTEXT: 'true' };
  expect(kafkaEnv(['127.0.0.1:9092'])).toEqual(own);
  vi.stubEnv('KAFKA_BROKERS', '');
  expect(kafkaEnv(['127.0.0.1:9092'])).toEqual(own);
});
