import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Binds a process and its threads to one processor, where the system can. What it starts from now on is bound with it. */
export function pin(pid: number, processor: number): void {
  bind(pid, String(processor));
}

/** Lets a process and its threads run anywhere again. */
export function unpin(pid: number): void {
  bind(pid, `0-${cpus().length - 1}`);
}

function bind(pid: number, processors: string): void {
  spawnSync('taskset', ['-a', '-p', '-c', processors, String(pid)], { stdio: 'ignore' });
}

const ticksPerSecond = 100;

/** Processor seconds a process has used so far, its own and the kernel's for it (proc(5), stat fields 14 and 15). */
export function processorSeconds(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The most memory a process has held, in MiB (proc(5), status VmHWM). */
export function peakMebibytes(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1_024);
}

/** Every process that this one has started, and those that they have. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (parent: number): number[] => (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** The arguments with which a process was started. */
export function argumentsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return undefined; // It has ended meanwhile.
  }
}

/** The fields after the name, which may hold anything: the state is field 0. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** From now on: processor milliseconds of these processes, divided by `count`. */
export function meter(pids: readonly number[]): (count: number) => number {
  const spent = (): number => pids.reduce((sum, pid) => sum + processorSeconds(pid), 0);
  const before = spent();
  return (count) => ((spent() - before) * 1_000) / count;
}
