import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { type Patience, untilAnswered } from './wait.ts';

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

/** The address is written host:port. */
export async function untilPortOpens(address: string, patience: Patience): Promise<void> {
  await untilAnswered(async () => ((await isOpen(address)) ? true : undefined), patience);
}

export function isOpen(address: string, limitMs = 1_000): Promise<boolean> {
  const colon = address.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)), timeout: limitMs });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
  });
}
