import { describe, expect, test } from 'vitest';
import { parseAddress } from './address.ts';
import { file, kafkaSchema, readConfig, serviceSchema } from './config.ts';

const schema = serviceSchema('billing').extend({ SCHOOLBELL_GATEWAYS_FILE: file('/etc/schoolbell/gateways.json') });
const good = {
  MONGODB_URI: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  KAFKA_BROKERS: '127.0.0.1:9092, kafka-2:9092',
  KAFKA_TLS: 'true',
  SCHOOLBELL_JWKS_FILE: '/keys.json',
  SCHOOLBELL_GATEWAYS_FILE: '/gateways.json',
};

function textOf(env: Record<string, string>): string {
  const read = readConfig(schema, env);
  if (read.ok) throw new Error('was accepted');
  return read.refusal.text;
}

describe('settings', () => {
  test('that are complete become typed values with defaults', () => {
    const read = readConfig(schema, { ...good, SCHOOLBELL_GRPC_ADDRESS: '[::1]:4001', PATH: '/bin' });
    expect(read).toMatchObject({
      ok: true,
      value: {
        KAFKA_BROKERS: ['127.0.0.1:9092', 'kafka-2:9092'],
        KAFKA_TLS: true,
        KAFKA_PLAINTEXT: false,
        SCHOOLBELL_EVENT_DAYS: 90,
        SCHOOLBELL_DATABASE: 'schoolbell_billing',
        SCHOOLBELL_GRPC_ADDRESS: { host: '::1', port: 4001 },
        SCHOOLBELL_HTTP_ADDRESS: { host: '127.0.0.1', port: 0 },
        SCHOOLBELL_MIGRATE_ON_START: false,
        SCHOOLBELL_LOG_LEVEL: 'info',
        NODE_ENV: 'production',
      },
    });
  });

  test('that are wrong or missing are all told at once, each with an example', () => {
    const text = textOf({
      MONGODB_URI: 'postgres://u:p4ss@h',
      SCHOOLBELL_GRPC_ADDRESS: '4001',
      SCHOOLBELL_LOG_LEVEL: 'loud',
      SCHOOLBELL_GATEWAYS_FILE: '',
    });
    expect(text).toMatchInlineSnapshot(`
      "6 settings are wrong. Set these environment variables and start again:
        MONGODB_URI               is not an address of this kind, example: mongodb://127.0.0.1:27017/?replicaSet=rs0
        KAFKA_BROKERS             is missing, example: 127.0.0.1:9092
        SCHOOLBELL_GRPC_ADDRESS   is not host:port, example: 127.0.0.1:0
        SCHOOLBELL_JWKS_FILE      is missing, example: /etc/schoolbell/jwks.json
        SCHOOLBELL_LOG_LEVEL      is none of fatal, error, warn, info, debug, trace, silent, example: info
        SCHOOLBELL_GATEWAYS_FILE  is missing, example: /etc/schoolbell/gateways.json"
    `);
  });

  test('that are wrong never show their values', () => {
    const secret = 's3cr3t';
    const wrong = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, `${secret} :: ${secret}`]));
    expect(textOf(wrong)).not.toContain(secret);
  });

  test('name the TLS file that its siblings need', () => {
    expect(textOf({ ...good, SCHOOLBELL_TLS_CERT_FILE: '/c' })).toContain('SCHOOLBELL_TLS_KEY_FILE  is missing');
    expect(textOf({ ...good, SCHOOLBELL_TLS_CA_FILE: '/c' })).toContain('SCHOOLBELL_TLS_CERT_FILE  is missing');
  });
});

describe('Kafka', () => {
  const { KAFKA_TLS: _, ...plain } = good;
  const local = { ...plain, KAFKA_BROKERS: 'localhost:9092,[::1]:9092,127.0.0.2:9092' };
  const sasl = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'billing', KAFKA_SASL_PASSWORD_FILE: '/password' };

  test('is spoken to in plain text on loopback, and elsewhere only where that is said', () => {
    expect(readConfig(schema, local)).toMatchObject({ ok: true, value: { KAFKA_TLS: false } });
    expect(textOf(plain)).toMatch(/^One setting is wrong.*\n {2}KAFKA_TLS {2}must be true/);
    expect(textOf({ ...plain, KAFKA_TLS: 'false' })).toContain('KAFKA_TLS  must be true');
    expect(readConfig(schema, { ...plain, KAFKA_PLAINTEXT: 'true' }).ok).toBe(true);
    expect(textOf({ ...good, KAFKA_PLAINTEXT: 'true' })).toContain('KAFKA_PLAINTEXT  contradicts KAFKA_TLS');
  });

  test('hears a password as it is only through TLS or on loopback, though the network be called private', () => {
    expect(readConfig(schema, { ...good, ...sasl }).ok).toBe(true);
    expect(readConfig(schema, { ...local, ...sasl }).ok).toBe(true);
    const away = { ...plain, ...sasl, KAFKA_PLAINTEXT: 'true' };
    expect(textOf(away)).toContain('KAFKA_SASL_MECHANISM  is plain, which shows the password');
    expect(readConfig(schema, { ...away, KAFKA_SASL_MECHANISM: 'scram-sha-256' }).ok).toBe(true);
  });

  test('settings that need one another are missed all at once', () => {
    expect(textOf({ ...plain, KAFKA_TLS_CA_FILE: '/ca', KAFKA_SASL_USERNAME: 'billing' })).toMatchInlineSnapshot(`
      "3 settings are wrong. Set these environment variables and start again:
        KAFKA_TLS                 is not true, though KAFKA_TLS_CA_FILE is given, example: true
        KAFKA_SASL_MECHANISM      is missing, though a user or its password file is given, example: scram-sha-512
        KAFKA_SASL_PASSWORD_FILE  is missing, though a mechanism or a user is given, example: /etc/schoolbell/kafka-password"
    `);
    expect(textOf({ ...good, KAFKA_SASL_PASSWORD_FILE: '/password' })).toMatch(/2 settings.*SASL_MECHANISM.*SASL_USERNAME/s);
    expect(textOf({ ...good, KAFKA_SASL_MECHANISM: 'scram-sha-512' })).toMatch(/2 settings.*SASL_USERNAME.*SASL_PASSWORD_FILE/s);
    expect(textOf({ ...good, ...sasl, KAFKA_SASL_MECHANISM: 'gssapi' })).toMatch(/One setting.*is none of plain, scram-sha-256/s);
  });

  test('is all that whoever is no service must name', () => {
    expect(readConfig(kafkaSchema(), { KAFKA_BROKERS: 'localhost:1' }).ok).toBe(true);
    expect(readConfig(kafkaSchema(), { KAFKA_BROKERS: 'kafka:1' }).ok).toBe(false);
  });
});

test.each([
  ['mongodb://127.0.0.1:27017,localhost:27018,[::1]:27019/?replicaSet=rs0', true],
  ['mongodb://user:password@localhost', true],
  ['mongodb://[::1]/', true],
  ['mongodb://%2Ftmp%2Fmongodb-27017.sock', true],
  ['mongodb://db.example:27017/?replicaSet=rs0', false],
  ['mongodb://127.0.0.1:27017,db.example/?tls=false', false],
  ['mongodb://user:password@db.example/?replicaSet=rs0&tls=true', true],
  ['mongodb://db.example/?ssl=true&replicaSet=rs0', true],
  ['mongodb+srv://cluster.example/', true],
  ['mongodb+srv://cluster.example/?tls=false', false],
])('MongoDB at %s: accepted as it is: %s', (uri, accepted) => {
  expect(readConfig(schema, { ...good, MONGODB_URI: uri }).ok).toBe(accepted);
  expect(readConfig(schema, { ...good, MONGODB_URI: uri, MONGODB_PLAINTEXT: 'true' }).ok).toBe(true);
});

test('an address is a host and a port, and port 0 is any free one', () => {
  expect(parseAddress('127.0.0.1:0')).toEqual({ host: '127.0.0.1', port: 0 });
  expect(parseAddress('[fe80::1]:443')).toEqual({ host: 'fe80::1', port: 443 });
  for (const wrong of ['', ':1', 'a', 'a:', 'a:b', 'a:99999', '::1:2', 'http://a:1', 'a b:1']) expect(parseAddress(wrong)).toBeUndefined();
});
