import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { runCommandLine } from '../cli/program.ts';
import { processIdentity } from '../engines/identity.ts';
import { findPayable } from './demo-school.ts';
import type { Ports } from './ports.ts';
import { projectRoot, type RunFile, readRunFile } from './run-file.ts';
import { type Schoolbell, type StartOptions, startSchoolbell } from './schoolbell.ts';

/** Whole starts of several processes, beside other tests on two cores; only for one that hangs. */
const limitMs = 900_000;
let dir: string;
let starts: ChildProcess[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'schoolbell-main-'));
  starts = [];
});
afterEach(async () => {
  for (const start of starts) if (start.exitCode === null && start.signalCode === null) await ended(start, 'SIGTERM');
  rmSync(dir, { recursive: true, force: true });
});

test(
  'it comes up, tells where everything is but no secret, brings back what dies, and on Ctrl-C leaves nothing behind',
  async () => {
    const start = launch();
    const run = await untilRunning();
    expect(Object.keys(run.services).sort()).toEqual(['attendance', 'billing', 'canteen', 'notification', 'registry']);
    expect(run.engines.mongodb).toEqual({ uri: inject('mongoUri'), via: 'given' });
    expect((await fetch(run.mailbox)).status).toBe(200);
    expect(await (await fetch(run.services.billing?.metrics ?? '')).text()).toContain('schoolbell_outbox_depth');
    expect((await fetch(run.gateways.vnpay?.ipn ?? '')).status).toBe(200);

    for (const secret of [...Object.values(run.tokens), run.gateways.vnpay?.hashSecret ?? ''])
      expect(said.get(start)).not.toContain(secret);

    const pid = run.services.registry?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    const again = await until(() => {
      const now = readRunFile(runFile()).services.registry;
      return now && now.pid !== pid && now.pid !== 0 ? now : undefined;
    });
    expect(again).toEqual({ ...run.services.registry, pid: again.pid });

    const pids = pidsOf(readRunFile(runFile()));
    expect(await ended(start, 'SIGINT')).toBe(0);
    expect(pids.filter((each) => processIdentity(each) !== undefined)).toEqual([]);
    expect(existsSync(runFile())).toBe(false);
  },
  limitMs,
);

test(
  'an engine that dies comes back on its port with its data, and the services are ready again; npm that is ended stops everything',
  async () => {
    const start = launchByNpm({ SCHOOLBELL_ENGINES: 'local', MONGODB_URI: '', KAFKA_BROKERS: '' });
    const run = await untilRunning();
    expect([run.engines.mongodb.via, run.engines.kafka.via]).toEqual(['local', 'local']);
    const engines = enginePids();
    expect(engines).toHaveLength(2);
    for (const pid of engines) process.kill(pid, 'SIGKILL');

    await until(() => (said.get(start)?.match(/(mongod|kafka) 1 serves again/g)?.length === 2 ? true : undefined));
    expect(said.get(start)).toMatch(/mongod 1 ended by itself \(SIGKILL\); it is started again in 0\.2 s, with its data/);
    await untilReady(run);
    expect(readRunFile(runFile()).engines).toEqual(run.engines);
    expect(enginePids()).toHaveLength(2);

    const pids = [...pidsOf(readRunFile(runFile())), ...enginePids()];
    await ended(start, 'SIGTERM');
    await untilGone(pids);
    expect(existsSync(runFile())).toBe(false);
  },
  limitMs,
);

test(
  'npm start is stopped by the number of npm: with status 0 where it is interrupted, and on its own where npm is killed',
  async () => {
    const first = launchByNpm(givenEngines());
    let pids = pidsOf(await untilRunning());
    expect(await ended(first, 'SIGINT')).toBe(0);
    expect(pids.filter((each) => processIdentity(each) !== undefined)).toEqual([]);

    starts = [];
    const second = launchByNpm(givenEngines());
    pids = pidsOf(await untilRunning());
    await ended(second, 'SIGKILL');
    await untilGone(pids);
    await until(() => (existsSync(runFile()) ? undefined : true));
  },
  limitMs,
);

test(
  'a second start beside it is turned away by name, and a start that was killed is cleaned up by the next one',
  async () => {
    const first = launch();
    const run = await untilRunning();
    const second = launch();
    expect(await ended(second)).toBe(1);
    expect(said.get(second)).toContain(`Schoolbell already runs here (process ${first.pid})`);

    await ended(first, 'SIGKILL');
    const left = pidsOf(run).map((pid) => [pid, processIdentity(pid)] as const);
    expect(left.every(([, identity]) => identity !== undefined)).toBe(true);
    const third = launch();
    await until(() => (said.get(third)?.includes('Schoolbell is ready.') ? true : undefined));
    expect(said.get(third)).toContain('Ending what a killed run left behind');
    expect(left.filter(([pid, identity]) => processIdentity(pid) === identity)).toEqual([]);
    const now = readRunFile(runFile());
    expect(now.school).toEqual(run.school);
    expect(now.services.billing?.grpc).toBe(run.services.billing?.grpc);
  },
  limitMs,
);

test(
  'a port that a stranger takes between choice and binding costs a start a second try',
  async () => {
    const strangers: Server[] = [];
    const lines: string[] = [];
    const chosen = () => (JSON.parse(readFileSync(join(dir, 'ports.json'), 'utf8')) as Ports)['registry-grpc'];
    const log = (line: string) => {
      lines.push(line);
      if (line.startsWith('Starting registry') && strangers.length === 0) strangers.push(createServer().listen(chosen(), '127.0.0.1'));
    };
    const databasePrefix = `port_${randomBytes(4).toString('hex')}`;
    const { run, stop } = await startSchoolbell({ stateDir: dir, log, databasePrefix, engines: sharedEngines() });
    await stop();
    expect(run.services.registry?.grpc).toBe(`127.0.0.1:${chosen()}`);
    expect(strangers.map((stranger) => (stranger.address() as AddressInfo).port)).not.toContain(chosen());
    expect(lines.filter((line) => line.startsWith('Another program took a port'))).toHaveLength(1);
    for (const stranger of strangers) stranger.close();
  },
  limitMs,
);

test(
  'the demo school is paid from the command line, stop by stop up to the mailbox, and a second start does nothing twice',
  async () => {
    const databasePrefix = `demo_${randomBytes(4).toString('hex')}`;
    const first = await startDemo(databasePrefix);
    try {
      const { invoiceId = '' } = (await findPayable(first.clients)) ?? {};
      const paid = await cli('demo', 'pay', invoiceId, '--json');
      expect(paid).toMatchObject({ exit: 0, err: '' });
      const { stops, traceId } = JSON.parse(paid.out) as { stops: { name: string; msSinceClick: number }[]; traceId: string };
      expect([...new Set(stops.map(({ name }) => name))].sort()).toEqual(everyStop);
      expect(stops.filter(({ name }) => !beforeTheClick.has(name)).every(({ msSinceClick }) => msSinceClick >= 0)).toBe(true);
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(await cli('demo', 'pay', invoiceId)).toMatchObject({ exit: 1, err: expect.stringContaining('This invoice is paid') });

      const [silent] = JSON.parse((await cli('invoice', 'list', '--pupil', pupilWithoutNotices, '--json')).out) as { invoiceId: string }[];
      expect(await cli('demo', 'pay', silent?.invoiceId ?? '')).toMatchObject({ exit: 1, err: expect.stringContaining('wants notices') });
      expect((await cli('invoice', 'show', silent?.invoiceId ?? '')).out).toMatch(/Status +open/);
      expect((await cli('status')).out).toMatch(/billing +ready/);

      const [away] = JSON.parse((await cli('pupil', 'list', '--class', '1A', '--limit', '1', '--json')).out) as { code: string }[];
      const called = await cli('rollcall', 'submit', '--class', '1A', '--absent', away?.code ?? '');
      expect(called).toMatchObject({ exit: 0, out: expect.stringMatching(/Called +yes[\s\S]*Absent without leave +1\n/) });
      const today = schoolDateOf(new Date());
      expect(await cli('leave', 'request', '--pupil', away?.code ?? '', '--from', today)).toMatchObject({ exit: 0, err: '' });
      expect((await cli('rollcall', 'show', '--class', '1A', '--as', 'teacher')).out).toMatch(/Absent with leave +1\n/);
      expect((await cli('rollcall', 'count', away?.code ?? '')).out).toMatch(/With leave +2\n/);

      const [child] = JSON.parse((await cli('pupil', 'find', '--as', 'parent', '--json')).out) as { code: string }[];
      expect((await cli('meals', 'plans', child?.code ?? '', '--as', 'parent')).out).toMatch(/1:lunch/);
      const asking = ['leave', 'request', '--from', addDays(today, 1), '--as', 'parent', '--pupil'];
      expect(await cli(...asking, child?.code ?? '')).toMatchObject({ exit: 0, err: '' });
      expect(await cli(...asking, pupilWithoutNotices)).toMatchObject({ exit: 1, err: expect.stringContaining('no guardian of that one') });
      expect((await cli('leave', 'list', child?.code ?? '', '--as', 'parent')).out).toMatch(/standing/);
      expect((await cli('pupil', 'find', child?.code ?? '', '--as', 'kitchen')).out).toContain(child?.code);
      await cookBreakfast();
      await keepTheOffice(away?.code ?? '', today);
    } finally {
      await first.stop();
    }

    const second = await startDemo(databasePrefix);
    try {
      const books = await cli('ledger', 'balances', '--prefix', 'clearing:');
      expect(books.out).toMatch(/clearing:vnpay +320\.000 ₫/);
      expect(books.out).toContain('The books balance.');
      // Food is no fee: it is billed from what was booked.
      const revenue = await cli('ledger', 'balances', '--prefix', 'revenue:', '--json');
      expect(revenue.out.match(/revenue:\w+/g)).toEqual(['revenue:BAN_TRU', 'revenue:NUOC_UONG']);
      expect(revenue.out.match(/306900000|20460000/g)).toHaveLength(2);
      expect(JSON.parse((await cli('invoice', 'list', '--all', '--json')).out)).toHaveLength(1_023);
      expect(JSON.parse((await cli('fee', 'list', '--json')).out)).toHaveLength(2);
    } finally {
      await second.stop();
    }
  },
  limitMs,
);

/** A breakfast from the delivery to the open serving, as cook and nurse type it. */
async function cookBreakfast(): Promise<void> {
  const began = Date.now();
  const at = (second: number) => new Date(began - 10_000 + second * 1_000).toISOString();
  const [meal, by] = [
    ['--meal', 'breakfast'],
    ['--by', 'Nguyễn Thị Vỹ'],
  ];
  const food = ['--category', 'fresh', '--quantity', '12.5', '--unit', 'kg', '--supplier', 'Minh Tâm', '--received-at', at(0)];
  const kept = ['--amount', '120', '--container', 'Hộp inox có nắp', '--celsius', '4.5', '--taken-at', at(4)];
  for (const typed of [
    ['plan', '--dish', 'Bánh mì thịt: bánh mì [gluten], thịt lợn', '--dish', 'Sữa: sữa [milk]', '--portions', '120'],
    ['dishes', '--add', 'Cháo: ?', '--reason', 'Thay sữa'],
    ['dishes', '--off', 'Sữa', '--off', 'Cháo', '--reason', 'Không kịp'],
    ['check', 'Thịt lợn', ...food, ...by],
    ['cook', 'bánh mì thịt', '--ingredient', 'thịt lợn', '--prepared-at', at(1), '--cooked-at', at(2), ...by],
    ['portion', 'Bánh mì thịt', '--portioned-at', at(3), '--eating-at', at(60), '--containers', 'Khay inox có nắp', ...by],
    ['sample', 'Bánh mì thịt', ...kept, ...by],
    ['open'],
    ['hold', '--reason', 'Ba học sinh đau bụng'],
    ['release', '--document', 'Công văn 45/TTYT'],
  ])
    expect(await cli('kitchen', ...typed, ...meal)).toMatchObject({ exit: 0, err: '' });
  expect((await cli('kitchen', 'show', ...meal)).out).toMatch(/Status +open[\s\S]*step 1 +Thịt lợn[\s\S]*sample +Bánh mì thịt/);
}

/** What an office types on a day on which much comes together. */
async function keepTheOffice(pupil: string, today: SchoolDate): Promise<void> {
  const { lastDay } = JSON.parse((await cli('year', 'show', '--json')).out) as { lastDay: string };
  for (const typed of [
    ['rollcall', 'correct', pupil, '--mark', 'late', '--reason', 'Em đến lớp lúc 7:40'],
    ['scan', pupil, '--session', 'morning', '--late'],
    ['teacher', 'assign', 'lan@79000701', '--class', '1B', '--from', today],
    ['year', 'holiday', `${lastDay} Nghỉ bão (Công văn 812/UBND)`],
    ['pupil', 'find', pupil, '--as', 'nurse'],
  ])
    expect(await cli(...typed)).toMatchObject({ exit: 0, err: '' });
  expect((await cli('year', 'show', '--date', lastDay)).out).toMatch(/Nghỉ bão +Công văn 812/);
  expect((await cli('rollcall', 'show', '--class', '1A')).out).toMatch(/Late +1\n/);
}

const everyStop = ['announced', 'click', 'mailbox', 'notice', 'page', 'pay-url', 'queued', 'return', 'sent', 'settled'];
const beforeTheClick = new Set(['pay-url', 'page']);
// In the demo school's contact list nobody asked for notices about this pupil.
const pupilWithoutNotices = '79000701000012';

function startDemo(databasePrefix: string): Promise<Schoolbell> {
  const stateDir = join(dir, '.schoolbell');
  return startSchoolbell({ stateDir, demo: true, log: () => {}, databasePrefix, engines: sharedEngines() });
}

function sharedEngines(): NonNullable<StartOptions['engines']> {
  const given = { via: 'given' as const, pids: [], members: [] };
  return { running: { mongodb: { uri: inject('mongoUri'), ...given }, kafka: { brokers: inject('kafkaBrokers'), ...given } } };
}

async function cli(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const exit = await runCommandLine(args, { stdin, stdout, stderr, env: {}, cwd: dir });
  stdout.end();
  stderr.end();
  return { exit, out: await out, err: await err };
}

const said = new WeakMap<ChildProcess, string>();

function launch(): ChildProcess {
  return follow(process.execPath, [join(projectRoot, 'infra/start/main.ts')], givenEngines());
}

function launchByNpm(env: NodeJS.ProcessEnv): ChildProcess {
  return follow('npm', ['start', '--'], env);
}

function givenEngines(): NodeJS.ProcessEnv {
  return { MONGODB_URI: inject('mongoUri'), KAFKA_BROKERS: inject('kafkaBrokers').join(',') };
}

function follow(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const start = spawn(program, [...args, '--empty', '--state-dir', dir], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  said.set(start, '');
  for (const stream of [start.stdout, start.stderr]) stream.on('data', (chunk) => said.set(start, said.get(start) + String(chunk)));
  starts.push(start);
  return start;
}

function untilRunning(): Promise<RunFile> {
  const [start] = starts;
  return until(() => {
    if (start?.exitCode !== null) throw new Error(start && said.get(start));
    return said.get(start)?.includes('Ctrl-C stops everything') ? readRunFile(runFile()) : undefined;
  });
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    await sleep(20);
  }
}

async function ended(start: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (start.exitCode !== null) return start.exitCode;
  const exit = once(start, 'exit');
  if (signal) start.kill(signal);
  const [code] = await exit;
  return code;
}

async function untilReady({ services }: RunFile): Promise<void> {
  for (const { metrics } of Object.values(services)) {
    while (!(await fetch(new URL('/readyz', metrics)).then(({ ok }) => ok))) await sleep(50);
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  await until(() => (pids.some((pid) => processIdentity(pid) !== undefined) ? undefined : true));
}

function enginePids(): number[] {
  const held = readdirSync(join(dir, 'engines')).filter((name) => /^lock-\d+\.json$/.test(name));
  const { children } = JSON.parse(readFileSync(join(dir, 'engines', held[0] ?? ''), 'utf8')) as { children: { pid: number }[] };
  return children.map(({ pid }) => pid).filter((pid) => processIdentity(pid) !== undefined);
}

function pidsOf(run: RunFile): number[] {
  return Object.values(run.services).map(({ pid }) => pid);
}

function runFile(): string {
  return join(dir, 'run.json');
}
