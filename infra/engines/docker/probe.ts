import { existsSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isOpen } from '../ports.ts';

const pingLimitMs = 10_000;

/** Asks, before any Docker library is loaded, at the addresses where testcontainers will look. */
export async function dockerAnswers(): Promise<boolean> {
  const host = process.env.DOCKER_HOST;
  if (host) return answersAt(host);
  for (const path of defaultSockets()) if (await ping({ socketPath: path })) return true;
  return false;
}

function defaultSockets(): string[] {
  if (process.platform === 'win32') return ['//./pipe/docker_engine'];
  const run = process.env.XDG_RUNTIME_DIR ?? join('/run/user', String(userInfo().uid));
  const home = join(homedir(), '.docker');
  const sockets = [
    '/var/run/docker.sock',
    join(run, 'docker.sock'),
    join(home, 'run', 'docker.sock'),
    join(home, 'desktop', 'docker.sock'),
  ];
  return sockets.filter((path) => existsSync(path));
}

async function answersAt(dockerHost: string): Promise<boolean> {
  if (!URL.canParse(dockerHost)) return false;
  const { protocol, hostname, port, pathname } = new URL(dockerHost);
  if (protocol === 'unix:' || protocol === 'npipe:') return ping({ socketPath: pathname });
  // Behind TLS a plain ping is refused; that somebody listens must do.
  if (process.env.DOCKER_TLS_VERIFY === '1') return isOpen(`${hostname}:${port || 2376}`, pingLimitMs);
  return ping({ host: hostname, port: Number(port || 2375) });
}

function ping(where: RequestOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ ...where, path: '/_ping', signal: AbortSignal.timeout(pingLimitMs) }, (reply) => {
      reply.resume();
      resolve(reply.statusCode === 200);
    });
    asked.once('error', () => resolve(false));
    asked.end();
  });
}
