import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Binds a process and its threads to one processor, where the system can. */
export function pin(pid: number, processor: number): void {
  spawnSync('taskset', ['-a', '-p', '-c', String(processor), String(pid)], { stdio: 'ignore' });
}

const ticksPerSecond = 100;

/** Processor seconds a process has used so far, its own and the kernel's for it (proc(5), stat fields 14 and 15). */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The most memory a process has held, in MiB (proc(5), status VmHWM). */
export function peakMebibytes(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1_024);
}
