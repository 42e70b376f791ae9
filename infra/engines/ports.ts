import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Engines keep their ports from one start to the next, so they are drawn from below the range from which the
 * operating system takes the client side of connections: there they are still free next time.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries > 1_000) throw new Error('No free port between 20000 and 32000.');
    const port = randomInt(20_000, 32_000);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

export async function areFree(ports: readonly number[]): Promise<boolean> {
  return (await Promise.all(ports.map(isFree))).every(Boolean);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

export interface PortWish {
  /** A fixed first port; the others follow it. */
  readonly fixed: number | undefined;
  readonly remembered: readonly number[] | undefined;
  readonly count: number;
  /** Named in the error: "MongoDB". */
  readonly engine: string;
}

export async function choosePorts({ fixed, remembered, count, engine }: PortWish): Promise<number[]> {
  if (fixed !== undefined) {
    const ports = Array.from({ length: count }, (_, index) => fixed + index);
    if (await areFree(ports)) return ports;
    throw new Error(`${engine} cannot have port ${ports.join(', ')}: something else listens there.`);
  }
  if (remembered?.length === count && (await areFree(remembered))) return [...remembered];
  return freePorts(count);
}
