import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, root } from '../command.ts';
import { differences, generate } from '../gen/generate.ts';
import { breaking } from './breaking.ts';
import type { Step, Verdict } from './run-steps.ts';
import { secretsIn, trackedFiles } from './secrets.ts';

/** Longest first, so that two cores end together. */
export const steps: readonly Step[] = [
  { name: 'types', run: () => command('tsc', ['--noEmit', '--project', root]) },
  { name: 'unused code', run: () => command('knip', ['--no-progress']) },
  { name: 'lint and format', run: () => command('biome', ['check', '--error-on-warnings', '--max-diagnostics=100', '.']) },
  { name: 'import rules', run: () => command('depcruise', ['packages', 'services', 'infra', 'test', 'vitest.config.ts']) },
  { name: 'generated code', run: generatedCode },
  { name: 'contracts: lint', run: () => command('buf', ['lint'], join(root, 'proto')) },
  { name: 'contracts: breaking', run: () => breaking(root) },
  { name: 'secrets', run: secrets },
];

async function generatedCode(): Promise<Verdict> {
  const fresh = await mkdtemp(join(tmpdir(), 'schoolbell-gen-'));
  try {
    await generate(join(root, 'proto'), fresh);
    const found = await differences(root, fresh);
    const lines = found.map(({ file, kind }) => `${kind}: ${file}`);
    return { ok: found.length === 0, output: [...lines, 'Run npm run gen and commit what it writes.'].join('\n') };
  } catch (error) {
    return { ok: false, output: (error as Error).message };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function secrets(): Promise<Verdict> {
  const found = await secretsIn(root, await trackedFiles(root));
  return { ok: found.length === 0, output: found.map(({ file, line, kind }) => `${file}:${line}: ${kind}`).join('\n') };
}
