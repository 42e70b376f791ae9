import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './identity.ts';
import { type Child, type StateLock, signalGroup } from './lock.ts';
import { failedStart, type PortClaims } from './ports.ts';
import type { Log } from './wait.ts';

const stopLimitMs = 10_000;

/** A process of an engine in the hands of a fault test. */
export interface LocalProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** The process stands still, its connections stay open: what a long pause or a cut network looks like. */
  freeze(): void;
  thaw(): void;
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
  /** The same program on the same port and data; resolves when it serves again. */
  restart(): Promise<void>;
  /** From now on `tell` hears of every end that nobody here asked for ("SIGKILL", "exit code 1"), in the place of the log. */
  watch(tell: (how: string) => void): void;
}

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly untilReady: (signal: AbortSignal) => Promise<void>;
}

export interface Processes {
  run(program: Program): LocalProcess;
  /** Aborted as soon as one of the processes has ended, with what its log says. */
  running(): AbortSignal;
  stopAll(): Promise<void>;
}

/** What local engines of one start have in common. */
export interface LocalPlace {
  readonly stateDir: string;
  readonly processes: Processes;
  readonly claims: PortClaims;
}

interface Run {
  readonly program: Program;
  readonly child: ChildProcess;
  readonly ended: Promise<string>;
  readonly over: AbortController;
  endExpected: boolean;
}

interface Group {
  killNow(): void;
  stopAll(): Promise<void>;
}

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const open = new Set<Group>();
let stopping = false;

export function createProcesses(lock: StateLock, log: Log): Processes {
  const slots = new Map<string, Run>();
  const watchers = new Map<string, (how: string) => void>();
  let over = false;

  function launch(program: Program, flags: 'w' | 'a'): void {
    if (over) throw new Error(`${program.name} is not started: everything here was stopped.`);
    const run = spawnRun(program, flags);
    slots.set(program.name, run);
    lock.record([...slots.values()].flatMap(asChild));
    void run.ended.then((how) => {
      const error = failure(program, how);
      run.over.abort(error);
      if (run.endExpected) return;
      const tell = watchers.get(program.name);
      if (tell) tell(how);
      else log(error.message);
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
      logFile: program.logFile,
      freeze: () => signal(current(), 'SIGSTOP'),
      thaw: () => signal(current(), 'SIGCONT'),
      kill: () => kill(current()),
      restart: async () => {
        await stop(current());
        launch(program, 'a');
        await program.untilReady(current().over.signal);
      },
      watch: (tell) => void watchers.set(program.name, tell),
    };
  }

  const group: Group = {
    killNow: () => {
      for (const each of slots.values()) signal(each, 'SIGKILL');
    },
    stopAll: async () => {
      over = true;
      await Promise.all([...slots.values()].map(stop));
      outliveParent(group);
    },
  };
  endWithParent(group);
  return { run, stopAll: group.stopAll, running: () => AbortSignal.any([...slots.values()].map((each) => each.over.signal)) };
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
  return { program, child, ended, over: new AbortController(), endExpected: false };
}

function asChild({ program, child }: Run): Child[] {
  const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
  return child.pid === undefined || identity === undefined ? [] : [{ name: program.name, pid: child.pid, identity }];
}

function signal({ child }: Run, name: NodeJS.Signals): void {
  // Once the process has ended its number may belong to a stranger.
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) signalGroup(child.pid, name);
}

function expectEnd(run: Run): void {
  run.endExpected = true;
  // Whoever waits for the end must not find the event loop empty before it.
  run.child.ref();
}

async function kill(run: Run): Promise<void> {
  expectEnd(run);
  signal(run, 'SIGKILL');
  await run.ended;
}

async function stop(run: Run): Promise<void> {
  expectEnd(run);
  // A frozen process cannot act on SIGTERM.
  signal(run, 'SIGCONT');
  signal(run, 'SIGTERM');
  const patience = new AbortController();
  const inTime = await Promise.race([run.ended.then(() => true), sleep(stopLimitMs, false, { signal: patience.signal }).catch(() => true)]);
  patience.abort();
  if (!inTime) await kill(run);
}

function failure({ name, logFile }: Program, how: string): Error {
  const told = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  const lines = told.trimEnd().split('\n').slice(-5);
  return failedStart(`${name} ended (${how}). Last lines of ${logFile}:\n${lines.join('\n')}`, told);
}

function endWithParent(group: Group): void {
  if (open.size === 0) {
    process.on('exit', killEverything);
    for (const name of endSignals) process.on(name, stopEverything);
  }
  open.add(group);
}

function outliveParent(group: Group): void {
  if (!open.delete(group) || open.size > 0) return;
  process.off('exit', killEverything);
  for (const name of endSignals) process.off(name, stopEverything);
}

function killEverything(): void {
  for (const group of open) group.killNow();
}

function stopEverything(name: NodeJS.Signals): void {
  // A program with a listener of its own stops its services first and then calls stop().
  if (process.listenerCount(name) > 1) return;
  if (stopping) process.exit(1);
  stopping = true;
  void Promise.allSettled([...open].map((group) => group.stopAll())).then(() => process.exit(1));
}
