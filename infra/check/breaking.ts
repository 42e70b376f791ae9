import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../command.ts';
import type { Verdict } from './run-steps.ts';

/** Whether the protos of a checkout still understand what was accepted before: buf's WIRE_JSON rules against the main branch. */
export async function breaking(checkout: string): Promise<Verdict> {
  const base = await acceptedCommit(checkout);
  if (base === undefined) return { ok: true, output: '', note: 'no earlier commit to compare with' };
  if (!(await git(checkout, 'cat-file', '-e', `${base}:proto/buf.yaml`)).ok) {
    return { ok: true, output: '', note: `no protos in ${base.slice(0, 10)} to compare with` };
  }
  const folder = await mkdtemp(join(tmpdir(), 'schoolbell-breaking-'));
  try {
    const archive = join(folder, 'accepted.tar');
    const archived = await git(checkout, 'archive', '--format=tar', '-o', archive, base, 'proto');
    if (!archived.ok) return archived;
    const verdict = await command('buf', ['breaking', '--against', `${archive}#subdir=proto`], join(checkout, 'proto'));
    return { ...verdict, note: `against ${base.slice(0, 10)}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Where this branch left main. On main itself: the last commit while protos are being edited, the one before it once
 * they are committed, because a commit does not break itself.
 */
async function acceptedCommit(checkout: string): Promise<string | undefined> {
  const head = await commit(checkout, 'HEAD');
  const main = (await commit(checkout, 'origin/main')) ?? (await commit(checkout, 'main'));
  if (head === undefined || main === undefined) return undefined;
  const { ok, output: base } = await git(checkout, 'merge-base', head, main);
  if (!ok) return undefined;
  if (base !== head) return base;
  const edited = (await git(checkout, 'status', '--porcelain', '--', 'proto')).output !== '';
  return edited ? head : commit(checkout, 'HEAD^');
}

async function commit(checkout: string, name: string): Promise<string | undefined> {
  const { ok, output } = await git(checkout, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  return ok ? output : undefined;
}

function git(checkout: string, ...args: string[]) {
  return command('git', args, checkout);
}
