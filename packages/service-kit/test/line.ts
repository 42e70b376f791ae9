import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a real engine that can be broken. */
export interface Line {
  readonly port: number;
  /** Closes every connection, and each new one at once. */
  cut(): void;
  mend(): void;
  /** As a frozen engine does: connections stay open, new ones are taken, and nothing is ever answered. */
  freeze(): void;
}

export async function openLine(engine: URL): Promise<Line> {
  const sockets = new Set<Socket>();
  let state: 'whole' | 'cut' | 'frozen' = 'whole';
  // It listens also while it is cut: a port that was given up may be somebody else's when the line is mended.
  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = connect(Number(engine.port), engine.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => other.destroy());
      one.on('data', (bytes) => {
        if (state !== 'frozen') other.write(bytes);
      });
    }
  });
  await once(server.listen(0, '127.0.0.1').unref(), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      state = 'cut';
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    mend: () => {
      state = 'whole';
    },
    freeze: () => {
      state = 'frozen';
    },
  };
}
