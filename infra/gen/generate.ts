import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command } from '../command.ts';
import { accessSource, type DescriptorSet } from './access.ts';

/** Where generated code lives, below a checkout or below a folder that stands for one. */
export const generatedFolder = 'packages/contracts/src/gen';

/** Writes everything that is generated from the protos in `protoFolder` below `into`. Throws what buf says. */
export async function generate(protoFolder: string, into: string): Promise<void> {
  const target = join(into, generatedFolder);
  // The template speaks of ../packages, seen from proto/.
  await buf(protoFolder, 'generate', '--output', join(into, 'proto'));
  await buf(protoFolder, 'build', '--as-file-descriptor-set', '--exclude-source-info', '--output', join(target, 'descriptor.binpb'));
  const readable = join(into, 'descriptor.json');
  await buf(protoFolder, 'build', '--exclude-source-info', '--output', readable);
  await writeFile(join(target, 'access.ts'), accessSource(JSON.parse(await readFile(readable, 'utf8')) as DescriptorSet));
}

async function buf(protoFolder: string, ...args: string[]): Promise<void> {
  const { ok, output } = await command('buf', args, protoFolder);
  if (!ok) throw new Error(`buf ${args[0]}: ${output}`);
}

export interface Difference {
  /** Path below the generated folder. */
  readonly file: string;
  readonly kind: 'missing' | 'changed' | 'left over';
}

/** How the generated code of a checkout differs from what was just generated. */
export async function differences(checkout: string, fresh: string): Promise<Difference[]> {
  const [there, wanted] = await Promise.all([filesOf(join(checkout, generatedFolder)), filesOf(join(fresh, generatedFolder))]);
  const found: Difference[] = [...there.keys()].filter((file) => !wanted.has(file)).map((file) => ({ file, kind: 'left over' }));
  for (const [file, content] of wanted) {
    const old = there.get(file);
    if (old === undefined) found.push({ file, kind: 'missing' });
    else if (!old.equals(content)) found.push({ file, kind: 'changed' });
  }
  return found;
}

/** Makes the generated code of a checkout equal to what was just generated, touching only what differs. */
export async function apply(found: readonly Difference[], fresh: string, checkout: string): Promise<void> {
  for (const { file, kind } of found) {
    const target = join(checkout, generatedFolder, file);
    if (kind === 'left over') await rm(target);
    else {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, await readFile(join(fresh, generatedFolder, file)));
    }
  }
}

async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const)));
}
