import { type KafkaAccess, kafkaSchema, readConfig, readKafkaAccess } from '@schoolbell/service-kit';
import { parseAddress } from '@schoolbell/service-kit/address';
import { InvalidArgumentError, Option } from 'commander';
import { findRunFile, readRunFile } from '../../start/run-file.ts';
import { unreachable, wrongUsage } from '../failure.ts';
import type { Shell } from '../session.ts';

export function brokersOption(): Option {
  return new Option('--brokers <host:port,…>', 'Kafka, instead of KAFKA_BROKERS or .schoolbell/run.json').argParser(asBrokers);
}

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

function asBrokers(text: string): string[] {
  const brokers = text.split(',').map((part) => part.trim());
  if (!brokers.every((part) => parseAddress(part))) throw new InvalidArgumentError('It must be host:port, with commas between.');
  return brokers;
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
