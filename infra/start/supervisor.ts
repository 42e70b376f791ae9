import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from '../engines/identity.ts';
import { type Child, type StateLock, signalGroup } from '../engines/lock.ts';
import { failedStart } from '../engines/ports.ts';
import type { Log } from '../engines/wait.ts';
import { backOff } from './back-off.ts';

/** A program of this project that runs as a process of its own. */
export interface Program {
  readonly name: string;
  /** Arguments of Node: the file first. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Answers 200 when the program is ready for work. */
  readonly readyUrl: string;
}

/** One program under supervision; its pid changes when it is started again. */
export interface Supervised {
  readonly name: string;
  /** undefined while no process lives. */
  readonly pid: number | undefined;
  /** How the process of now ends, or how the last one has ended: "SIGKILL", "exit status 1". */
  readonly ended: Promise<string>;
  /** Sends a signal to the whole group of processes; the supervisor then does what it does for any end. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when `readyUrl` answers 200. */
  untilReady(limitMs: number): Promise<void>;
  /** Ends it and leaves it ended: SIGTERM, and SIGKILL where that is not enough in time. */
  stop(): Promise<void>;
  /** Starts it again after `stop`, on the same ports. */
  start(): void;
}

export interface SupervisorOptions {
  readonly lock: StateLock;
  readonly log: Log;
  /** Whether a program that ends by itself is started again. */
  readonly restart: boolean;
  /** Called whenever a process was started or has ended. */
  readonly onChange: () => void;
}

export interface Supervisor {
  run(program: Program): Supervised;
  stopAll(): Promise<void>;
  /** For a process that must end now: no waiting. */
  killAll(): void;
}

const stopLimitMs = 10_000;

interface Slot {
  readonly program: Program;
  child: ChildProcess | undefined;
  ended: Promise<string>;
  /** True while it is meant to be down. */
  down: boolean;
  readonly pauseAfter: (livedMs: number) => number;
  /** A program that never was ready is not tried again and again: its start has failed. */
  wasReady: boolean;
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const slots: Slot[] = [];
  const record = () => options.lock.record(slots.flatMap(asChild));

  function launch(slot: Slot): void {
    const child = spawnProgram(slot.program);
    const startedAt = Date.now();
    slot.child = child;
    slot.ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit status ${code}`));
    });
    record();
    options.onChange();
    void slot.ended.then((how) => afterEnd(slot, how, Date.now() - startedAt));
  }

  async function afterEnd(slot: Slot, how: string, livedMs: number): Promise<void> {
    slot.child = undefined;
    record();
    options.onChange();
    if (slot.down || !slot.wasReady || !options.restart) return;
    const pauseMs = slot.pauseAfter(livedMs);
    options.log(
      `${slot.program.name} ended by itself (${how}); it is started again in ${pauseMs / 1_000} s. Its log: ${slot.program.logFile}`,
    );
    await sleep(pauseMs, undefined, { ref: false });
    if (!slot.down && slot.child === undefined) launch(slot);
  }

  return {
    run(program) {
      keepOneOldLog(program.logFile);
      const slot: Slot = {
        program,
        child: undefined,
        ended: Promise.resolve(''),
        down: false,
        pauseAfter: backOff(),
        wasReady: false,
      };
      slots.push(slot);
      launch(slot);
      return supervised(slot, launch);
    },
    async stopAll() {
      await Promise.all(slots.map(stop));
    },
    killAll() {
      for (const slot of slots) {
        slot.down = true;
        send(slot, 'SIGKILL');
      }
    },
  };
}

function supervised(slot: Slot, launch: (slot: Slot) => void): Supervised {
  return {
    name: slot.program.name,
    get pid() {
      return slot.child?.pid;
    },
    get ended() {
      return slot.ended;
    },
    signal: (signal) => send(slot, signal),
    untilReady: (limitMs) => untilReady(slot, limitMs),
    stop: () => stop(slot),
    start() {
      if (slot.child) throw new Error(`${slot.program.name} runs already.`);
      slot.down = false;
      launch(slot);
    },
  };
}

function spawnProgram({ args, env, logFile }: Program): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    // A process group of its own: Ctrl-C at the terminal reaches the starter only, which then stops everything in order.
    return spawn(process.execPath, args, { env, detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

async function untilReady(slot: Slot, limitMs: number): Promise<void> {
  const { name, readyUrl, logFile } = slot.program;
  const deadline = Date.now() + limitMs;
  while (!(await isReady(readyUrl))) {
    if (!slot.child) throw failedStart(`${name} ended before it was ready (${await slot.ended}). ${lastLines(logFile)}`, read(logFile));
    if (Date.now() > deadline) throw new Error(`${name} was not ready within ${limitMs / 1_000} s. ${lastLines(logFile)}`);
    await sleep(50);
  }
  slot.wasReady = true;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function stop(slot: Slot): Promise<void> {
  slot.down = true;
  // A stopped process cannot act on SIGTERM.
  send(slot, 'SIGCONT');
  send(slot, 'SIGTERM');
  const inTime = await Promise.race([slot.ended.then(() => true), sleep(stopLimitMs, false, { ref: false })]);
  if (!inTime) send(slot, 'SIGKILL');
  await slot.ended;
}

function send({ child }: Slot, signal: NodeJS.Signals): void {
  // Once the process has ended, its number may belong to a stranger.
  if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) signalGroup(child.pid, signal);
}

function asChild({ program, child }: Slot): Child[] {
  const identity = child?.pid === undefined ? undefined : processIdentity(child.pid);
  return child?.pid === undefined || identity === undefined ? [] : [{ name: program.name, pid: child.pid, identity }];
}

function keepOneOldLog(file: string): void {
  if (existsSync(file)) renameSync(file, `${file}.1`);
}

export function lastLines(file: string): string {
  return `The end of ${file}:\n${read(file).trimEnd().split('\n').slice(-15).join('\n')}`;
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
