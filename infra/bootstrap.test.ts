import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command, root } from './command.ts';

function bootstrap(call: string) {
  return command(process.execPath, ['--input-type=module', '--eval', `import { run, tool } from './infra/bootstrap.mjs'; ${call}`], root);
}

test('a tool of the project runs by its name', async () => {
  expect(await bootstrap(`run([tool('biome'), '--version'])`)).toMatchObject({ ok: true, output: expect.stringContaining('Version') });
});

test('a tool that the project does not have is named', async () => {
  expect((await bootstrap(`tool('eslint')`)).output).toContain('No development tool of this project is called eslint.');
});

test('a program that fails makes its npm script fail', async () => {
  expect(await bootstrap(`run([${JSON.stringify(join(root, 'infra/no-such-program.ts'))}])`)).toMatchObject({ ok: false });
});
