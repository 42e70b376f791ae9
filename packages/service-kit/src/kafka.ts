import kafkajs from 'kafkajs';
import type { KafkaAccess } from './kafka-access.ts';
import type { Logger } from './logger.ts';

/**
 * The one door to kafkajs 2.2.4. Every value is fixed for a reason given in the table of known traps (K1 to K18): the
 * idempotent producer can lose an acknowledged message after its retries ran out (K3), so duplicates are allowed here and
 * dropped by event id in the inbox.
 */
const { CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs;

export interface KafkaConfig extends KafkaAccess {
  readonly clientId: string;
}

export type KafkaClient = kafkajs.Kafka;
export type Message = kafkajs.Message;

export function createKafka({ clientId, ...access }: KafkaConfig, log: Logger): KafkaClient {
  return new Kafka({
    brokers: [...access.brokers],
    clientId,
    ...securityOf(access),
    connectionTimeout: 10_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, namespace, log: entry }) => {
        // kafkajs reports each failed try as an error; what ends a consumer is heard through its CRASH event.
        const { message, error } = entry as { message: string; error?: string };
        log[level === logLevel.ERROR ? 'warn' : 'debug']({ kafka: namespace, error }, message);
      },
  });
}

/** TLS and SASL as kafkajs takes them. */
export function securityOf({ tls, sasl }: KafkaAccess): Pick<kafkajs.KafkaConfig, 'ssl' | 'sasl'> {
  return { ...(tls && { ssl: tls.ca ? { ca: [tls.ca] } : {} }), ...(sasl && { sasl: saslOf(sasl) }) };
}

function saslOf({ mechanism, username, password }: NonNullable<KafkaAccess['sasl']>): kafkajs.SASLOptions {
  const options = {
    mechanism,
    username,
    get password() {
      return password();
    },
  };
  // The types of kafkajs take one mechanism at a time.
  return options as kafkajs.SASLOptions;
}

/** Sends batches in order, one at a time. A producer that failed three times or for 30 s is thrown away and a new one is made (K16). */
export interface Publisher {
  send(topic: string, messages: Message[]): Promise<void>;
  close(): Promise<void>;
}

const sendDeadlineMs = 30_000;
const mostFailures = 3;

export function createPublisher(kafka: KafkaClient): Publisher {
  let producer: kafkajs.Producer | undefined;
  let failures = 0;
  let failingSince = 0;
  const open = async (): Promise<kafkajs.Producer> => {
    if (producer) return producer;
    const fresh = kafka.producer({
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2 },
    });
    await fresh.connect();
    producer = fresh;
    return fresh;
  };
  const discard = (): void => {
    const old = producer;
    producer = undefined;
    failures = 0;
    failingSince = 0;
    // A broken producer may never answer; nothing waits for it.
    old?.disconnect().catch(() => undefined);
  };
  return {
    async send(topic, messages) {
      try {
        const current = await withDeadline(open(), sendDeadlineMs);
        const sent = current.sendBatch({
          acks: -1,
          compression: CompressionTypes.None,
          timeout: 25_000,
          topicMessages: [{ topic, messages }],
        });
        await withDeadline(sent, sendDeadlineMs);
        failures = 0;
        failingSince = 0;
      } catch (error) {
        failures++;
        failingSince ||= performance.now();
        if (failures >= mostFailures || performance.now() - failingSince > sendDeadlineMs) discard();
        throw error;
      }
    },
    async close() {
      const current = producer;
      producer = undefined;
      await withDeadline(current?.disconnect() ?? Promise.resolve(), 3_000).catch(() => undefined);
    },
  };
}

/** Rejects when `work` has not ended in time; the work itself cannot be cancelled. */
export async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
