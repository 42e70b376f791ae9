import { type KafkaAccess, kafkaSchema, readConfig, readKafkaAccess } from '@schoolbell/service-kit';
import { findRunFile, readRunFile } from '../start/run-file.ts';
import { unreachable, wrongUsage } from './failure.ts';
import type { Shell } from './session.ts';

/** TLS and SASL as a service has them, from the environment. */
export function kafkaAccess({ env, cwd }: Shell, brokers: readonly string[] | undefined): KafkaAccess {
  const named = brokers?.join() ?? env.KAFKA_BROKERS;
  const read = readConfig(kafkaSchema(), named ? { ...env, KAFKA_BROKERS: named } : ownKafka({ env, cwd }));
  if (!read.ok) throw wrongUsage(read.refusal.text);
  try {
    return readKafkaAccess(read.value);
  } catch (error) {
    throw wrongUsage(String((error as Error).message));
  }
}

function ownKafka({ env, cwd }: Pick<Shell, 'env' | 'cwd'>): Record<string, string | undefined> {
  const file = findRunFile(cwd);
  // Whatever npm start speaks to, its services speak to already: in plain text, unless TLS was asked for.
  const plaintext = String(env.KAFKA_TLS !== 'true');
  if (file !== undefined) return { ...env, KAFKA_BROKERS: readRunFile(file).engines.kafka.brokers.join(), KAFKA_PLAINTEXT: plaintext };
  throw unreachable(
    'Nobody said where Kafka is: no .schoolbell/run.json in this folder or above it. Say --brokers HOST:PORT or set KAFKA_BROKERS.',
  );
}
