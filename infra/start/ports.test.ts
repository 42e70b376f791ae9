import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { openClaims } from '../engines/ports.ts';
import { choosePorts, portNames } from './ports.ts';

const dir = mkdtempSync(join(tmpdir(), 'schoolbell-ports-'));
afterAll(() => rmSync(dir, { recursive: true }));

const engineCount = 9;
const systemCount = 4;

test('systems that start at the same time, a dozen times, never have a port in common, though all of them remember the same ones', async () => {
  const remembered = join(dir, 'ports.json');
  const before = openClaims();
  await choosePorts(remembered, {}, before);
  const engines = await before.takeAny(engineCount);
  before.release();
  const systems = Array.from({ length: systemCount }, (_, index) => openSystem(join(dir, `${index}.json`), engines));

  for (let round = 1; round <= 12; round++) {
    for (const { file } of systems) copyFileSync(remembered, file);
    const chosen = (await Promise.all(systems.map(({ ask }) => ask('start')))).flat();
    expect(chosen).toHaveLength(systemCount * (portNames.length + engineCount));
    expect(new Set(chosen).size).toBe(chosen.length);
    await Promise.all(systems.map(({ ask }) => ask('stop')));
  }
  for (const { child } of systems) child.kill();
});

/** A process that chooses ports as a start and its engines do, and keeps them until it is asked to stop. */
function openSystem(file: string, engines: readonly number[]) {
  const program = `
    import { createInterface } from 'node:readline';
    import { choosePorts as ofEngine, openClaims } from ${JSON.stringify(join(import.meta.dirname, '../engines/ports.ts'))};
    import { choosePorts } from ${JSON.stringify(join(import.meta.dirname, 'ports.ts'))};
    const [file, ...remembered] = process.argv.slice(1);
    const wish = { fixed: undefined, remembered: remembered.map(Number), count: remembered.length, engine: 'MongoDB' };
    const claims = openClaims();
    for await (const line of createInterface(process.stdin)) {
      if (line === 'stop') claims.release();
      const chosen = line === 'stop' ? [] : await Promise.all([choosePorts(file, {}, claims).then(Object.values), ofEngine(wish, claims)]);
      console.log(JSON.stringify(chosen.flat()));
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, file, ...engines.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (what: 'start' | 'stop'): Promise<number[]> => {
    child.stdin.write(`${what}\n`);
    return JSON.parse((await answers.next()).value ?? '');
  };
  return { file, child, ask };
}
