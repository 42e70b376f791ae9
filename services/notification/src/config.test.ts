import { readConfig } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { notificationSchema } from './config.ts';

const right = {
  MONGODB_URI: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  KAFKA_BROKERS: '127.0.0.1:9092',
  SCHOOLBELL_JWKS_FILE: '/etc/schoolbell/jwks.json',
  SCHOOLBELL_SMTP_URL: `smtps://user:${encodeURIComponent('p@ss')}@mail.example.vn:465`,
  SCHOOLBELL_MAIL_FROM: 'thong-bao@truong.example.vn',
};

test('with the two addresses of mail nothing else has to be set', () => {
  const read = readConfig(notificationSchema, right);
  expect(read.ok && read.value).toMatchObject({
    SCHOOLBELL_SMTP_CONNECTIONS: 5,
    SCHOOLBELL_SMTP_TIMEOUT_MS: 10_000,
    SCHOOLBELL_SMTP_DATA_TIMEOUT_MS: 120_000,
    SCHOOLBELL_DELIVERY_LEASE_MS: 40_000,
  });
});

test('every wrong setting of mail is named at once, without its value', () => {
  const wrong = {
    SCHOOLBELL_SMTP_URL: `http://user:${'geheim'}@mail`,
    SCHOOLBELL_MAIL_FROM: 'Trường <a@b.vn>',
    SCHOOLBELL_SMTP_CONNECTIONS: '0',
    SCHOOLBELL_SMTP_TIMEOUT_MS: 'soon',
  };
  const read = readConfig(notificationSchema, { ...right, ...wrong });
  const text = read.ok ? '' : read.refusal.text;
  for (const name of Object.keys(wrong)) expect(text).toContain(name);
  expect(text).not.toMatch(/geheim|Trường/);
});

test('a lease that could end while the message is on its way is refused', () => {
  const read = readConfig(notificationSchema, { ...right, SCHOOLBELL_SMTP_TIMEOUT_MS: '20000' });
  expect(read.ok ? '' : read.refusal.text).toContain('SCHOOLBELL_DELIVERY_LEASE_MS');
});
