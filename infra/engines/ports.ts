import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { type Log, type Patience, untilAnswered } from './wait.ts';

/** The ports of one start. They are its own until it has stopped: also while a program of it is down and nothing listens. */
export interface PortClaims {
  /** False where another Schoolbell, or this start itself, has the port already, or a stranger listens there. */
  take(port: number): Promise<boolean>;
  takeAny(count: number): Promise<number[]>;
  release(): void;
}

/**
 * A claim is the UDP port of the same number, which no program of ours uses: the system gives it to one process only, and takes it back
 * however that process ends.
 */
export function openClaims(): PortClaims {
  const held: Socket[] = [];
  const take = async (port: number): Promise<boolean> => {
    const claim = await bindUdp(port);
    // Strangers know nothing of claims.
    const free = claim !== undefined && (await isFree(port));
    if (free) held.push(claim);
    else claim?.close();
    return free;
  };
  return {
    take,
    async takeAny(count) {
      const [first, last] = rangeBeside(...clientPorts());
      const taken: number[] = [];
      for (let tries = 0; taken.length < count; tries++) {
        if (tries > 1_000) throw new Error(`No free port between ${first} and ${last}.`);
        const port = randomInt(first, last + 1);
        if (await take(port)) taken.push(port);
      }
      return taken;
    },
    release: () => {
      for (const claim of held.splice(0)) claim.close();
    },
  };
}

/**
 * Ports are kept from one start to the next, so they are drawn from outside the range from which the operating system takes the client
 * side of connections: there they are still free next time.
 */
export function rangeBeside(lowest: number, highest: number): [first: number, last: number] {
  const room = 1_000;
  if (lowest - 20_000 >= room) return [20_000, lowest - 1];
  if (65_535 - highest >= room) return [highest + 1, 65_535];
  return [20_000, 31_999];
}

function clientPorts(): [lowest: number, highest: number] {
  const file = '/proc/sys/net/ipv4/ip_local_port_range';
  const [lowest = 32_000, highest = 65_535] = existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/).map(Number) : [];
  return [lowest, highest];
}

function bindUdp(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(socket.unref()));
  });
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

export async function choosePorts({ fixed, remembered, count, engine }: PortWish, claims: PortClaims): Promise<number[]> {
  if (fixed !== undefined) {
    const ports = Array.from({ length: count }, (_, index) => fixed + index);
    if (await takeAll(ports, claims)) return ports;
    throw new Error(`${engine} cannot have port ${ports.join(', ')}: ${whoHasIt}.`);
  }
  if (remembered?.length === count && (await takeAll(remembered, claims))) return [...remembered];
  return claims.takeAny(count);
}

export const whoHasIt = 'something else listens there, or another Schoolbell keeps it by its UDP port';

async function takeAll(ports: readonly number[], claims: PortClaims): Promise<boolean> {
  return (await Promise.all(ports.map((port) => claims.take(port)))).every(Boolean);
}

const mostTries = 3;

/**
 * `bringUp` chooses ports and starts what listens on them; it leaves nothing running where it fails, and releases the claims at its end
 * where it does not. Between choice and binding a stranger may take a port: then the start begins again, and chooses another one.
 */
export async function onClaimedPorts<T>(log: Log, bringUp: (claims: PortClaims) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const claims = openClaims();
    try {
      return await bringUp(claims);
    } catch (error) {
      claims.release();
      if (tries === mostTries || !(error instanceof PortTaken)) throw error;
      log('Another program took a port that was chosen just before; starting again, with another port.');
    }
  }
}

class PortTaken extends Error {}

/** What is thrown for a program that ended although it should run; its log, and the error of a container, tell of a port that is taken. */
export function failedStart(message: string, told: string): Error {
  return /EADDRINUSE|address already in use|port is already allocated/i.test(told) ? new PortTaken(message) : new Error(message);
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
