import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './identity.ts';
import { type Child, type StateLock, signalGroup } from './lock.ts';
import type { Log } from './wait.ts';

const stopLimitMs = 10_000;

/** A process of an engine in the hands of a fault test. */
export interface LocalProcess {
  readonly name: string;
  readonly pid: number;
  /** The process stands still, its connections stay open: what a long pause or a cut network looks like. */
  freeze(): void;
  thaw(): void;
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
  /** The same program on the same port and data; resolves when it serves again. */
  restart(): Promise<void>;
}

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly untilReady: () => Promise<unknown>;
}

export interface Processes {
  run(program: Program): LocalProcess;
  /** Waits for the work, or throws what the log says as soon as one of the processes has ended. */
  whileRunning<T>(work: Promise<T>): Promise<T>;
  stopAll(): Promise<void>;
}

interface Run {
  readonly program: Program;
  readonly child: ChildProcess;
  readonly ended: Promise<string>;
  endExpected: boolean;
}

const open = new Set<() => void>();

export function createProcesses(lock: StateLock, log: Log): Processes {
  const slots = new Map<string, Run>();
  let reportEnd: (error: Error) => void = () => {};
  const unexpectedEnd = new Promise<never>((_, reject) => {
    reportEnd = reject;
  });
  unexpectedEnd.catch(() => {});

  function launch(program: Program, flags: 'w' | 'a'): void {
    const run = spawnRun(program, flags);
    slots.set(program.name, run);
    lock.record([...slots.values()].flatMap(asChild));
    void run.ended.then((how) => {
      if (run.endExpected) return;
      const error = new Error(`${program.name} ended by itself (${how}). ${lastLines(program.logFile)}`);
      log(error.message);
      reportEnd(error);
    });
  }

  function run(program: Program): LocalProcess {
    const current = () => slots.get(program.name) as Run;
    launch(program, 'w');
    return {
      name: program.name,
      get pid() {
        return current().child.pid ?? -1;
      },
      freeze: () => signal(current(), 'SIGSTOP'),
      thaw: () => signal(current(), 'SIGCONT'),
      kill: () => kill(current()),
      restart: async () => {
        await stop(current());
        launch(program, 'a');
        await Promise.race([program.untilReady(), endOf(current())]);
      },
    };
  }

  const killAllNow = () => {
    for (const each of slots.values()) signal(each, 'SIGKILL');
  };
  const stopAll = async () => {
    await Promise.all([...slots.values()].map(stop));
    open.delete(killAllNow);
  };
  endWithParent(killAllNow, stopAll);
  return { run, stopAll, whileRunning: (work) => Promise.race([work, unexpectedEnd]) };
}

function spawnRun(program: Program, flags: 'w' | 'a'): Run {
  const logFile = openSync(program.logFile, flags);
  // Its own process group: Ctrl-C at the terminal reaches the parent only, which then stops the engines in order.
  const child = spawn(program.command, program.args, { detached: true, stdio: ['ignore', logFile, logFile] });
  closeSync(logFile);
  child.unref();
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signalName) => resolve(signalName ?? `exit code ${code}`));
  });
  return { program, child, ended, endExpected: false };
}

function asChild({ program, child }: Run): Child[] {
  const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
  return child.pid === undefined || identity === undefined ? [] : [{ name: program.name, pid: child.pid, identity }];
}

function signal({ child }: Run, name: NodeJS.Signals): void {
  // Once the process has ended its number may belong to a stranger.
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) signalGroup(child.pid, name);
}

async function kill(run: Run): Promise<void> {
  run.endExpected = true;
  signal(run, 'SIGKILL');
  await run.ended;
}

async function stop(run: Run): Promise<void> {
  run.endExpected = true;
  // A frozen process cannot act on SIGTERM.
  signal(run, 'SIGCONT');
  signal(run, 'SIGTERM');
  const patience = new AbortController();
  const inTime = await Promise.race([
    run.ended.then(() => true),
    sleep(stopLimitMs, false, { signal: patience.signal }).catch(() => true),
  ]);
  patience.abort();
  if (!inTime) await kill(run);
}

async function endOf(run: Run): Promise<never> {
  const how = await run.ended;
  throw new Error(`${run.program.name} ended by itself (${how}). ${lastLines(run.program.logFile)}`);
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5);
  return `Last lines of ${file}:\n${lines.join('\n')}`;
}

function endWithParent(killAllNow: () => void, stopAll: () => Promise<void>): void {
  if (open.size === 0 && process.listeners('exit').every((listener) => listener !== killEverything)) process.on('exit', killEverything);
  open.add(killAllNow);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      // A program with a listener of its own stops its services first and then calls stop().
      if (process.listenerCount(name) > 0 || !open.has(killAllNow)) return;
      void stopAll().finally(() => process.exit(1));
    });
  }
}

function killEverything(): void {
  for (const killAllNow of open) killAllNow();
}
