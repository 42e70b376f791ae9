import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freshDir, logBook } from '../fixtures.ts';
import { startEngines } from '../index.ts';
import { runTool } from '../tool.ts';
import { sideBySide } from './start.ts';

const dir = freshDir();
const socket = join(dir, 'docker.sock');
const reason = 'lookup of the registry failed: no such host';
let asked: string[] = [];
let failInStream = false;
let engine: Server;

beforeAll(async () => {
  engine = createServer((request, reply) => {
    const url = request.url ?? '';
    asked.push(`${request.method} ${url}`);
    reply.setHeader('content-type', 'application/json');
    if (url.endsWith('/_ping')) reply.end('OK');
    else if (url.endsWith('/version')) reply.end(JSON.stringify({ Version: '29.0.0', ApiVersion: '1.52' }));
    else if (url.endsWith('/info'))
      reply.end(JSON.stringify({ ServerVersion: '29.0.0', OperatingSystem: 'Linux', OSType: 'linux', NCPU: 2 }));
    else if (url.includes('/images/create') && failInStream)
      reply.end(`${JSON.stringify({ status: 'Pulling' })}\n${JSON.stringify({ error: reason })}\n`);
    else if (url.includes('/images/create')) reply.writeHead(500).end(JSON.stringify({ message: reason }));
    else reply.writeHead(404).end(JSON.stringify({ message: 'No such image' }));
  });
  await new Promise<void>((resolve) => engine.listen(socket, resolve));
  vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
  // Inside a container the library would ask the engine for its network.
  vi.stubEnv('TESTCONTAINERS_HOST_OVERRIDE', '127.0.0.1');
  vi.stubEnv('MONGODB_URI', '');
  vi.stubEnv('SCHOOLBELL_ENGINES', '');
});
afterAll(() => {
  vi.unstubAllEnvs();
  engine.close();
});

test.each([
  ['refuses the pull', false],
  ['breaks off the pull', true],
])('a Docker engine that answers but %s is passed over with one line', async (_, inStream) => {
  failInStream = inStream;
  asked = [];
  const { lines, log } = logBook();

  const engines = await startEngines({ stateDir: join(dir, String(inStream)), log, only: 'mongo' });
  await engines.stop();

  expect(engines.mongodb.via).toBe('local');
  expect(asked.filter((each) => each.includes('/images/create'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('Docker answers, but its images cannot be had ('))).toHaveLength(1);
  expect(lines).toHaveLength(2);
});

test('where Docker is demanded, a pull that fails is the error', async () => {
  failInStream = false;
  await expect(startEngines({ stateDir: join(dir, 'demanded'), log: () => {}, only: 'mongo', source: 'docker' })).rejects.toThrow(
    /^SCHOOLBELL_ENGINES is docker, but its images cannot be had \(.*no such host/,
  );
});

test('a container passes SIGTERM on to every process in it and waits for them', async () => {
  const polite = (name: string) =>
    `mkdir -p ${dir} && exec sh -c 'trap "sleep 0.2; echo ${name} closed; exit" TERM; touch ${dir}/${name}; while :; do sleep 0.05; done'`;
  const whenUp = `while ! [ -e ${dir}/one -a -e ${dir}/two ]; do sleep 0.05; done; kill -TERM $$`;

  const ran = await runTool('sh', ['-c', `( ${whenUp} ) & ${sideBySide([polite('one'), polite('two')])}`]);

  expect(ran?.output.split('\n').sort()).toEqual(['one closed', 'two closed']);
});
