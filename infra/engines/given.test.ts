import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { freshDir, logBook } from './fixtures.ts';
import { type Engines, startEngines } from './index.ts';

const dir = freshDir();
let running: Engines;

beforeAll(async () => {
  running = await startEngines({ stateDir: join(dir, 'running'), log: () => {}, source: 'local' });
});
afterAll(() => running.stop());
beforeEach(() => {
  vi.stubEnv('SCHOOLBELL_ENGINES', '');
  vi.stubEnv('DOCKER_HOST', `unix://${join(dir, 'no.sock')}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test('given addresses are taken as they are and nothing is started', async () => {
  vi.stubEnv('MONGODB_URI', running.mongodb.uri);
  vi.stubEnv('KAFKA_BROKERS', running.kafka.brokers.join(' , '));
  const stateDir = join(dir, 'unused');

  const engines = await startEngines({ stateDir, log: () => {} });
  await engines.stop();

  expect(engines.mongodb).toEqual({ via: 'given', uri: running.mongodb.uri, pids: [], members: [] });
  expect(engines.kafka).toEqual({ via: 'given', brokers: running.kafka.brokers, pids: [], members: [] });
  expect(existsSync(stateDir)).toBe(false);
});

test('where one address is given, only the other engine is obtained', async () => {
  vi.stubEnv('MONGODB_URI', '');
  vi.stubEnv('KAFKA_BROKERS', running.kafka.brokers.join());
  const { lines, log } = logBook();

  const engines = await startEngines({ stateDir: join(dir, 'other'), log });
  await engines.stop();

  expect(engines.kafka.via).toBe('given');
  expect(engines.mongodb.via).not.toBe('given');
  expect(engines.mongodb.uri).not.toBe(running.mongodb.uri);
  expect(lines).toContain(`Kafka is ready (given): ${running.kafka.brokers.join()}`);
});

test('a given MongoDB that does not answer is one clear error without its password', async () => {
  vi.stubEnv('MONGODB_URI', 'mongodb://school:topsecret@127.0.0.1:1/?replicaSet=rs');
  const started = startEngines({ stateDir: join(dir, 'none'), log: () => {}, only: 'mongo' });

  await expect(started).rejects.toThrow(/^MONGODB_URI is given, but no MongoDB primary answers at 127\.0\.0\.1:1 \(/);
  await expect(started).rejects.not.toThrow('topsecret');
});

test('a given Kafka that does not answer is one clear error', async () => {
  vi.stubEnv('KAFKA_BROKERS', '127.0.0.1:1');

  await expect(startEngines({ stateDir: join(dir, 'none'), log: () => {}, only: 'kafka' })).rejects.toThrow(
    /^KAFKA_BROKERS is given, but no Kafka broker answers at 127\.0\.0\.1:1 \(/,
  );
});

test('a source that is demanded but cannot be had is one clear error', async () => {
  vi.stubEnv('MONGODB_URI', '');
  vi.stubEnv('SCHOOLBELL_ENGINES', 'given');
  const start = () => startEngines({ stateDir: join(dir, 'none'), log: () => {} });
  await expect(start()).rejects.toThrow('SCHOOLBELL_ENGINES is given, so MONGODB_URI must name a replica set.');

  vi.stubEnv('SCHOOLBELL_ENGINES', 'docker');
  await expect(start()).rejects.toThrow('SCHOOLBELL_ENGINES is docker, but no Docker engine answers');

  vi.stubEnv('SCHOOLBELL_ENGINES', 'cloud');
  await expect(start()).rejects.toThrow('SCHOOLBELL_ENGINES is "cloud"; it can be given, docker or local.');
});
