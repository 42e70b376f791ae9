import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { command, root } from '../command.ts';
import { breaking } from './breaking.ts';

let checkout: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'schoolbell-breaking-'));
  await git('init', '--quiet', '--initial-branch=main');
  await commit('an empty start');
  await mkdir(join(checkout, 'proto/school/canteen/v1'), { recursive: true });
  await cp(join(root, 'proto/buf.yaml'), join(checkout, 'proto/buf.yaml'));
  await propose('string dish = 1;');
});

afterEach(() => rm(checkout, { recursive: true }));

async function git(...args: string[]): Promise<void> {
  const identity = ['-c', 'user.name=Schoolbell', '-c', 'user.email=schoolbell@example.org', '-c', 'commit.gpgsign=false'];
  const { ok, output } = await command('git', [...identity, ...args], checkout);
  if (!ok) throw new Error(output);
}

async function commit(message: string): Promise<void> {
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--message', message);
}

function propose(field: string): Promise<void> {
  const source = `syntax = "proto3"; package school.canteen.v1; message Meal { ${field} }`;
  return writeFile(join(checkout, 'proto/school/canteen/v1/canteen.proto'), source);
}

test('the first protos break nothing', async () => {
  await commit('first protos');
  expect(await breaking(checkout)).toMatchObject({ ok: true, note: expect.stringContaining('no protos in') });
});

test('a folder without history has nothing to compare with', async () => {
  await rm(join(checkout, '.git'), { recursive: true });
  expect(await breaking(checkout)).toMatchObject({ ok: true, note: 'no earlier commit to compare with' });
});

test('an edit that breaks what main accepted is refused before it is committed', async () => {
  await commit('first protos');
  await propose('int64 dish = 1;');
  expect(await breaking(checkout)).toMatchObject({ ok: false, output: expect.stringContaining('dish') });
});

test('a commit on main that breaks the one before it is refused', async () => {
  await commit('first protos');
  await propose('int64 dish = 1;');
  await commit('another type');
  expect(await breaking(checkout)).toMatchObject({ ok: false });
});

test('a branch is compared with where it left main, however many commits ago', async () => {
  await commit('first protos');
  await git('checkout', '--quiet', '-b', 'branch');
  await propose('int64 dish = 1;');
  await commit('another type');
  await commit('something else');
  expect(await breaking(checkout)).toMatchObject({ ok: false });
});

test('a new field breaks nothing', async () => {
  await commit('first protos');
  await propose('string dish = 1; string diet = 2;');
  expect(await breaking(checkout)).toMatchObject({ ok: true, note: expect.stringContaining('against') });
});
