import { describe, expect, test } from 'vitest';
import { file, parseAddress, readConfig, serviceSchema } from './config.ts';

const schema = serviceSchema('billing').extend({ SCHOOLBELL_GATEWAYS_FILE: file('/etc/schoolbell/gateways.json') });
const good = {
  MONGODB_URI: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  KAFKA_BROKERS: '127.0.0.1:9092, kafka-2:9092',
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

test('an address is a host and a port, and port 0 is any free one', () => {
  expect(parseAddress('127.0.0.1:0')).toEqual({ host: '127.0.0.1', port: 0 });
  expect(parseAddress('[fe80::1]:443')).toEqual({ host: 'fe80::1', port: 443 });
  for (const wrong of ['', ':1', 'a', 'a:', 'a:b', 'a:99999', '::1:2', 'http://a:1', 'a b:1']) expect(parseAddress(wrong)).toBeUndefined();
});
