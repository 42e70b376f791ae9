import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './identity.ts';
import type { Log } from './wait.ts';

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
}

export interface StateLock {
  /** Written at once, so that the next start knows what to end if this process is killed. */
  record(children: readonly Child[]): void;
  release(): void;
}

interface Holding {
  readonly owner: { readonly pid: number; readonly identity: string } | null;
  readonly children: readonly Child[];
}

/**
 * One owner at a time for a state directory. Locks are numbered and the highest number rules: taking over a dead
 * owner's lock means creating the next number, which only one process can do. A released lock stays as a file,
 * because deleting the highest one would let two processes count from different numbers.
 */
export async function takeLock(stateDir: string, log: Log): Promise<StateLock> {
  mkdirSync(stateDir, { recursive: true });
  for (;;) {
    const top = highest(stateDir);
    const before = read(stateDir, top);
    if (before?.owner && processIdentity(before.owner.pid) === before.owner.identity) {
      throw new Error(
        `The engines in ${stateDir} already belong to process ${before.owner.pid}: stop it first, or use another state directory.`,
      );
    }
    const number = top + 1;
    const children = before?.children ?? [];
    if (!create(stateDir, number, { owner: self(), children })) continue;
    if (highest(stateDir) !== number) {
      unlinkSync(lockFile(stateDir, number));
      continue;
    }
    for (let old = 0; old < number; old++) if (read(stateDir, old)) rmSync(lockFile(stateDir, old), { force: true });
    await endLeftovers(children, log);
    return {
      record: (now) => replace(stateDir, number, { owner: self(), children: now }),
      release: () => replace(stateDir, number, { owner: null, children: [] }),
    };
  }
}

/** What a killed run left behind is asked to end, so that its data is closed properly, and then made to. */
async function endLeftovers(children: readonly Child[], log: Log): Promise<void> {
  const living = () => children.filter((child) => processIdentity(child.pid) === child.identity);
  if (living().length === 0) return;
  log(
    `Ending what a killed run left behind: ${living()
      .map((child) => `${child.name} (${child.pid})`)
      .join(', ')}`,
  );
  // A stopped process cannot act on SIGTERM.
  for (const signal of ['SIGCONT', 'SIGTERM'] as const) for (const child of living()) signalGroup(child.pid, signal);
  const deadline = Date.now() + 10_000;
  while (living().length > 0) {
    if (Date.now() > deadline) for (const child of living()) signalGroup(child.pid, 'SIGKILL');
    await sleep(50);
  }
}

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function self(): { pid: number; identity: string } {
  return { pid: process.pid, identity: processIdentity(process.pid) ?? '' };
}

function lockFile(stateDir: string, number: number): string {
  return join(stateDir, `lock-${number}.json`);
}

function highest(stateDir: string): number {
  const numbers = readdirSync(stateDir).map((name) => Number(/^lock-(\d+)\.json$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

function read(stateDir: string, number: number): Holding | undefined {
  try {
    return JSON.parse(readFileSync(lockFile(stateDir, number), 'utf8')) as Holding;
  } catch {
    return undefined;
  }
}

function create(stateDir: string, number: number, holding: Holding): boolean {
  const draft = writeDraft(stateDir, holding);
  try {
    linkSync(draft, lockFile(stateDir, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function replace(stateDir: string, number: number, holding: Holding): void {
  renameSync(writeDraft(stateDir, holding), lockFile(stateDir, number));
}

function writeDraft(stateDir: string, holding: Holding): string {
  const draft = join(stateDir, `.lock-draft-${process.pid}`);
  writeFileSync(draft, JSON.stringify(holding));
  return draft;
}
