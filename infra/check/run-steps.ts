import { availableParallelism } from 'node:os';
import type { Finished } from '../command.ts';

export interface Verdict extends Finished {
  /** What a reader of a green line should still know. */
  readonly note?: string;
}

export interface Step {
  readonly name: string;
  run(): Promise<Verdict>;
}

/** Runs the steps, as many at a time as there are cores, and tells of each as it ends. Returns how many failed. */
export async function runSteps(steps: readonly Step[], print: (line: string) => void): Promise<number> {
  const waiting = [...steps];
  let failed = 0;
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const startedAt = performance.now();
      const verdict = await verdictOf(step);
      if (!verdict.ok) failed++;
      print(report(step.name, verdict, (performance.now() - startedAt) / 1_000));
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, worker));
  return failed;
}

async function verdictOf(step: Step): Promise<Verdict> {
  try {
    return await step.run();
  } catch (error) {
    return { ok: false, output: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function report(name: string, { ok, output, note }: Verdict, seconds: number): string {
  const line = `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(20)} ${seconds.toFixed(1).padStart(5)} s${note === undefined ? '' : `  ${note}`}`;
  return ok || output === '' ? line : `${line}\n${output.replace(/^/gm, '        ')}`;
}
