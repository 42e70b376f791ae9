import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kafkaSchema, readConfig } from '@schoolbell/service-kit';
import { ensureTopics, fetchLocal, startEngines } from './index.ts';

const usage = `node infra/engines/main.ts up|fetch|topics
  up      start MongoDB and Kafka and stay; Ctrl-C stops them
          --state-dir DIR (.schoolbell/engines)  --members 1|3  --brokers 1|3  --mongo-port N  --kafka-port N
          --only mongo|kafka
  fetch   get the programs for local processes, start nothing
  topics  make the missing topics of infra/topics.yaml at KAFKA_BROKERS, with KAFKA_TLS, KAFKA_SASL_MECHANISM … as a service has them
          --profile development|production`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    'state-dir': { type: 'string', default: join(import.meta.dirname, '..', '..', '.schoolbell', 'engines') },
    members: { type: 'string', default: '1' },
    brokers: { type: 'string', default: '1' },
    'mongo-port': { type: 'string' },
    'kafka-port': { type: 'string' },
    only: { type: 'string' },
    profile: { type: 'string', default: 'development' },
  },
});

const log = (line: string) => console.log(line);
const commands: Record<string, () => Promise<unknown>> = { up, fetch: () => fetchLocal({ log, mongo: true, kafka: true }), topics };

try {
  const command = commands[positionals[0] ?? ''];
  if (!command) throw new Error(usage);
  await command();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function up(): Promise<void> {
  const engines = await startEngines({
    stateDir: values['state-dir'],
    log,
    mongo: { members: oneOrThree(values.members), ...port(values['mongo-port']) },
    kafka: { brokers: oneOrThree(values.brokers), ...port(values['kafka-port']) },
    ...(values.only === 'mongo' || values.only === 'kafka' ? { only: values.only } : {}),
  });
  log('Ctrl-C stops them.');
  // The engines themselves do not keep this process up.
  const stay = setInterval(() => {}, 60_000);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      clearInterval(stay);
      void engines.stop();
    });
  }
}

async function topics(): Promise<void> {
  const read = readConfig(kafkaSchema(), process.env);
  if (!read.ok) throw new Error(read.refusal.text);
  if (values.profile !== 'development' && values.profile !== 'production') throw new Error(usage);
  const made = await ensureTopics({ brokers: read.value.KAFKA_BROKERS, profile: values.profile });
  log(made.length === 0 ? 'Every topic is there.' : `Made ${made.join(', ')}.`);
}

function oneOrThree(count: string): 1 | 3 {
  if (count === '1' || count === '3') return count === '1' ? 1 : 3;
  throw new Error(usage);
}

function port(number: string | undefined): { port?: number } {
  return number === undefined ? {} : { port: Number(number) };
}
