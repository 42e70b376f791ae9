// npm run gen: everything that is generated from proto/, written to packages/contracts/src/gen.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../command.ts';
import { apply, differences, generate, generatedFolder } from './generate.ts';

const fresh = await mkdtemp(join(tmpdir(), 'schoolbell-gen-'));
try {
  await generate(join(root, 'proto'), fresh);
  const found = await differences(root, fresh);
  await apply(found, fresh, root);
  for (const { file, kind } of found) console.log(`${kind === 'left over' ? 'removed' : 'written'}  ${generatedFolder}/${file}`);
  if (found.length === 0) console.log('Generated code is up to date.');
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await rm(fresh, { recursive: true, force: true });
}
