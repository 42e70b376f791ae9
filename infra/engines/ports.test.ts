import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { freshDir, logBook } from './fixtures.ts';
import { startEngines } from './index.ts';
import { obtainMongod } from './mongo/fetch.ts';
import { openClaims, rangeBeside } from './ports.ts';

const dir = freshDir();
const toEnd: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of toEnd.splice(0)) await end();
});

test('a claim holds while nothing listens, and ends with its process, however that ends', async () => {
  const program = `
    import { openClaims } from ${JSON.stringify(join(import.meta.dirname, 'ports.ts'))};
    console.log((await openClaims().takeAny(1))[0]);
    setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = Number((await once(other.stdout, 'data'))[0]);
  const claims = openClaims();
  toEnd.push(claims.release);
  expect(await claims.take(port)).toBe(false);

  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(await claims.take(port)).toBe(true);
});

test('ports are drawn from where the system takes none for clients', () => {
  expect(rangeBeside(32_768, 60_999)).toEqual([20_000, 32_767]);
  expect(rangeBeside(10_000, 60_000)).toEqual([60_001, 65_535]);
  expect(rangeBeside(1_024, 65_535)).toEqual([20_000, 31_999]);
});

test('an engine whose port a stranger takes between choice and binding comes up on another one', async () => {
  const { taken } = await strangerAtTheNextMongod('any');
  const { lines, log } = logBook();
  const engines = await startEngines({ stateDir: join(dir, 'any'), log, source: 'local', only: 'mongo' });
  toEnd.push(engines.stop);

  expect(engines.mongodb.uri).not.toContain(`:${await taken}/`);
  expect(lines.filter((line) => line.startsWith('Another program took a port'))).toHaveLength(1);
});

test('a fixed port that a stranger takes then is an error that names it', async () => {
  const { taken } = await strangerAtTheNextMongod('fixed');
  const claims = openClaims();
  const [port = 0] = await claims.takeAny(1);
  claims.release();
  const started = startEngines({ stateDir: join(dir, 'fixed'), log: () => {}, source: 'local', only: 'mongo', mongo: { port } });

  await expect(started).rejects.toThrow(`MongoDB cannot have port ${port}: something else listens there`);
  expect(await taken).toBe(port);
});

/** The next mongod waits until this process listens on its port, and finds it taken. */
async function strangerAtTheNextMongod(name: string): Promise<{ readonly taken: Promise<number> }> {
  const mongod = await obtainMongod(() => {});
  const place = join(dir, `${name}-stranger`);
  mkdirSync(place);
  const [late, asked, ready] = ['mongod', 'asked', 'ready'].map((file) => join(place, file)) as [string, string, string];
  const waiting = `echo "$@" >>${asked}; while ! [ -e ${ready} ]; do sleep 0.05; done`;
  writeFileSync(late, `#!/bin/sh\n[ "$1" = --version ] || { ${waiting}; }\nexec ${mongod} "$@"\n`, { mode: 0o755 });
  vi.stubEnv('MONGOD_BIN', late);
  const take = async () => {
    while (!existsSync(asked) || !readFileSync(asked, 'utf8').endsWith('\n')) await sleep(10);
    const port = Number(/--port (\d+)/.exec(readFileSync(asked, 'utf8'))?.[1]);
    const stranger = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    toEnd.push(() => stranger.close());
    await once(stranger, 'listening');
    writeFileSync(ready, '');
    return port;
  };
  return { taken: take() };
}
