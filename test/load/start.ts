import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '@schoolbell/infra/start/run-file.ts';
import { type Bench, guardRow, type Place, type Row } from './bench.ts';
import { argumentsOf, descendantsOf, processorSeconds } from './machine.ts';
import { median } from './statistics.ts';

const mostSeconds = 20;
const mostPercent = 3;
// A fresh demo school still lays out its meal plans when it is ready: that is work, and idle is what comes after it.
const settleMs = 60_000;
const idleMs = 20_000;

/** START: what `npm start` does on an installed checkout with engines in the cache, from nothing to ready; then IDLE: what each process costs while nobody wants anything. */
export const startBench: Bench = { name: 'START', engines: 'OWN', run };

async function run(place: Place): Promise<Row[]> {
  const seconds: number[] = [];
  let idle: Idle[] = [];
  const rounds = place.short ? 2 : 5;
  for (let round = 1; round <= rounds; round++) {
    const begun = performance.now();
    const start = spawn(
      process.execPath,
      [join(projectRoot, 'infra/bootstrap.mjs'), 'infra/start/main.ts', '--state-dir', join(place.stateDir, `start-${round}`)],
      {
        cwd: projectRoot,
        env: asTyped(),
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      // The last line of what a start tells: everything above it can be tried.
      await untilSaid(start, 'Ctrl-C stops everything');
      seconds.push((performance.now() - begun) / 1_000);
      place.say(`ready after ${seconds.at(-1)?.toFixed(1)} s`);
      if (round === rounds) idle = await watchIdle(start);
    } finally {
      start.kill('SIGTERM');
      if (start.exitCode === null) await once(start, 'exit');
    }
  }
  const what = 'npm start with the demo school, engines cached';
  const invariants = 'the demo school is there';
  return [
    guardRow({ name: 'START', what, subject: median(seconds), unit: 's', most: mostSeconds, invariants }),
    ...idle.map(({ program, percent }) =>
      guardRow({ name: 'IDLE', what: program, subject: percent, unit: '% of a core', most: mostPercent, invariants: '' }),
    ),
  ];
}

/** The environment of somebody who types the command: without what the bench set for itself. */
function asTyped(): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...env } = process.env;
  return env;
}

async function untilSaid(start: ChildProcess, text: string): Promise<void> {
  if (!start.stdout) throw new Error('The start says nothing');
  const said: string[] = [];
  for await (const line of createInterface(start.stdout)) {
    if (line.includes(text)) {
      start.stdout.resume();
      return;
    }
    said.push(line);
  }
  throw new Error(`The start ended before it was ready:\n${said.slice(-10).join('\n')}`);
}

interface Idle {
  readonly program: string;
  readonly percent: number;
}

async function watchIdle(start: ChildProcess): Promise<Idle[]> {
  await sleep(settleMs);
  const pids = descendantsOf(start.pid ?? 0);
  const before = new Map(pids.map((pid) => [pid, processorSeconds(pid)]));
  const from = performance.now();
  await sleep(idleMs);
  const watched = (performance.now() - from) / 1_000;
  return pids.map((pid) => ({ program: programOf(pid), percent: ((processorSeconds(pid) - (before.get(pid) ?? 0)) / watched) * 100 }));
}

/** "services/billing", "mongod", "java". */
function programOf(pid: number): string {
  const [program = '', ...rest] = argumentsOf(pid);
  const file = rest.find((argument) => /[.](m?js|ts)$/.test(argument));
  if (file?.startsWith(projectRoot)) return file.slice(projectRoot.length + 1).replace(/(\/src)?\/main[.]ts$/, '');
  return (file ?? program).split('/').at(-1) ?? program;
}
