import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newAuthority } from '../test/certificates.ts';
import { type KafkaDoor, openKafkaDoor } from '../test/kafka-door.ts';
import { kafkaSchema, readConfig } from './config.ts';
import { createKafka, securityOf } from './kafka.ts';
import { type KafkaAccess, readKafkaAccess } from './kafka-access.ts';
import { createLogger } from './logger.ts';

const authority = newAuthority();
let dir: string;
let door: KafkaDoor;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kafka-access-'));
  door = await openKafkaDoor(authority.issue('broker'));
  await writeFile(join(dir, 'ca'), authority.ca);
  await writeFile(join(dir, 'password'), 'first=1,é\n');
});
afterAll(async () => {
  await door.close();
  await rm(dir, { recursive: true });
});

function settings(more: Record<string, string> = {}) {
  const env = {
    KAFKA_BROKERS: `127.0.0.1:${door.port}`,
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: join(dir, 'ca'),
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: 'schoolbell-billing',
    KAFKA_SASL_PASSWORD_FILE: join(dir, 'password'),
    ...more,
  };
  const read = readConfig(kafkaSchema(), env);
  if (!read.ok) throw new Error(read.refusal.text);
  return read.value;
}

async function knock(access: KafkaAccess): Promise<void> {
  const admin = createKafka({ ...access, clientId: 'test' }, createLogger('test', 'silent')).admin();
  try {
    await admin.connect();
  } finally {
    await admin.disconnect();
  }
}

test('a broker behind TLS hears user and password, and the new password after the file was changed', async () => {
  const access = readKafkaAccess(settings());
  await knock(access);
  await writeFile(join(dir, 'password'), 'second');
  await knock(access);
  await rm(join(dir, 'password'));
  await knock(access);
  await writeFile(join(dir, 'password'), 'third\r\n');
  await knock(access);
  const said = (password: string): string => `\0schoolbell-billing\0${password}`;
  expect(door.credentials).toEqual([said('first=1,é'), said('second'), said('second'), said('third')]);
});

test('a broker that another authority signed for hears no password', async () => {
  const heard = door.credentials.length;
  await writeFile(join(dir, 'other'), newAuthority().ca);
  const others = [settings({ KAFKA_TLS_CA_FILE: join(dir, 'other') }), settings({ KAFKA_TLS_CA_FILE: '' })];
  for (const access of others.map(readKafkaAccess)) {
    // As createKafka has it, without its patience of ten seconds.
    const client = new kafkajs.Kafka({ brokers: [...access.brokers], ...securityOf(access), retry: { retries: 0 }, logLevel: 0 });
    await expect(client.admin().connect()).rejects.toThrow(/certificate|signature/);
  }
  expect(door.credentials).toHaveLength(heard);
});

test('a file that cannot be used is named by its setting, and neither path nor content is shown', () => {
  const refused = (more: Record<string, string>) => () => readKafkaAccess(settings(more));
  const secret = 'hunter2';
  expect(refused({ KAFKA_SASL_PASSWORD_FILE: secret })).toThrow(/^KAFKA_SASL_PASSWORD_FILE cannot be read \(ENOENT\)$/);
  expect(refused({ KAFKA_SASL_PASSWORD_FILE: dir })).toThrow(/^KAFKA_SASL_PASSWORD_FILE cannot be read \(EISDIR\)$/);
  expect(refused({ KAFKA_SASL_PASSWORD_FILE: '/dev/null' })).toThrow(/^KAFKA_SASL_PASSWORD_FILE is empty$/);
  expect(refused({ KAFKA_TLS_CA_FILE: join(dir, 'password') })).toThrow(/^KAFKA_TLS_CA_FILE holds no certificate in PEM$/);
});
