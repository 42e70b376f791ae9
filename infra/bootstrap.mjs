// First step of every npm script, on whatever Node 20+ the machine has: install what the lockfile names if it is not
// there yet, then run the wanted program with Node 24. Plain JavaScript with built-ins only: nothing is installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pnpm = 'pnpm@12.21.0';
const startedBy = process.ppid;

export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const found = join(root, 'node_modules', `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`, 'bin', name);
  if (existsSync(found)) return found;
  throw new Error(
    'Schoolbell needs Node 24 or newer here: no packaged Node exists for this platform. Install it and run the command again.',
  );
}

export function install() {
  const stamp = join(root, 'node_modules', '.schoolbell-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing packages …');
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const done = spawnSync(npx, ['--yes', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0)
    throw new Error(
      'The packages could not be installed; the lines above say why. Check the network or the registry settings and run the command again.',
    );
  writeFileSync(stamp, wanted);
}

/** Runs a program of this project with Node 24 and ends as it ends; signals go through to it. */
export function run(args) {
  const node = node24();
  const cache = join(root, 'node_modules', '.cache', 'node');
  mkdirSync(cache, { recursive: true });
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(process.platform === 'win32' ? ';' : ':');
  const child = spawn(node, args, { cwd: process.cwd(), stdio: 'inherit', env: { ...process.env, PATH: path, NODE_COMPILE_CACHE: cache } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C goes to every process of the terminal's foreground group: passed on, it would count as two.
      if (!(process.stdin.isTTY && signal === 'SIGINT')) child.kill(signal);
    });
  }
  const orphaned = whenOrphaned(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    clearInterval(orphaned);
    process.exitCode = signal ? 1 : (code ?? 1);
  });
}

/**
 * npm that is ended takes at most its shell with it. What it has started would go on, and hold its ports and its state, with nobody
 * left to stop it. Started by hand, a program may outlive its terminal as any other.
 */
function whenOrphaned(stop) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return undefined;
  const looking = setInterval(() => {
    if (process.ppid === startedBy) return;
    clearInterval(looking);
    stop();
  }, 250);
  return looking.unref();
}

/** The file behind the command `name` of one of the project's own development tools. */
export function tool(name) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(devDependencies)) {
    const folder = join(root, 'node_modules', dependency);
    const { bin = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = typeof bin === 'string' ? dependency.split('/').at(-1) === name && bin : bin[name];
    if (file) return join(folder, file);
  }
  throw new Error(`No development tool of this project is called ${name}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    install();
    const [program, ...rest] = process.argv.slice(2);
    if (program === '--bin') run([tool(rest[0]), ...rest.slice(1)]);
    else run([join(root, program), ...rest]);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
