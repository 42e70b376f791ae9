import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A line to a real engine that can be broken. */
export interface Line {
  readonly port: number;
  /** Closes every connection and takes no new one. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** As a frozen engine does: connections stay open, new ones are taken, and nothing is ever answered. */
  freeze(): void;
}

export async function openLine(engine: URL): Promise<Line> {
  const sockets = new Set<Socket>();
  let server: Server;
  let port = 0;
  let frozen = false;
  const mend = async (): Promise<void> => {
    server = createServer((near) => {
      const far = connect(Number(engine.port), engine.hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(one);
        one.on('error', () => undefined).on('close', () => other.destroy());
        one.on('data', (bytes) => {
          if (!frozen) other.write(bytes);
        });
      }
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    port = typeof bound === 'object' && bound ? bound.port : port;
  };
  const cut = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await closed;
  };
  await mend();
  const freeze = (): void => {
    frozen = true;
  };
  return { port, cut, mend, freeze };
}
