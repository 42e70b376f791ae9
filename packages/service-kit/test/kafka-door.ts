import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';

/** The door of a broker behind TLS, by Kafka's protocol: tells its versions, takes SASL PLAIN, and has nothing behind it. */
export interface KafkaDoor {
  readonly port: number;
  /** What each client gave as SASL PLAIN: authorization id, user and password with NUL between. */
  readonly credentials: string[];
  close(): Promise<void>;
}

export async function openKafkaDoor(certificate: Pick<TlsOptions, 'cert' | 'key'>): Promise<KafkaDoor> {
  const credentials: string[] = [];
  const sockets = new Set<TLSSocket>();
  const server = createServer(certificate, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let unread = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes]);
      while (unread.length >= 4 && unread.length >= 4 + unread.readInt32BE()) {
        const end = 4 + unread.readInt32BE();
        socket.write(answer(unread.subarray(4, end), credentials));
        unread = unread.subarray(end);
      }
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, credentials, close };
}

const apiVersions = 18;
const saslHandshake = 17;
const saslAuthenticate = 36;
const metadata = 3;

// Request header: key, version, correlation id, client id; answers begin with the correlation id. No version beyond 1 is offered.
function answer(request: Buffer, credentials: string[]): Buffer {
  const key = request.readInt16BE(0);
  const body = request.subarray(10 + Math.max(0, request.readInt16BE(8)));
  const correlation = request.subarray(4, 8);
  const noError = int16(0);
  if (key === apiVersions) {
    const offered = [apiVersions, saslHandshake, saslAuthenticate, metadata];
    const ranges = offered.map((each) => Buffer.concat([int16(each), int16(0), int16(1)]));
    return framed(correlation, noError, int32(offered.length), ...ranges, int32(0));
  }
  if (key === saslHandshake) return framed(correlation, noError, int32(1), text('PLAIN'));
  if (key === saslAuthenticate) {
    credentials.push(body.subarray(4).toString());
    const nothing = Buffer.concat([int16(-1), int32(0)]);
    return framed(correlation, noError, nothing, Buffer.alloc(8));
  }
  return framed(correlation);
}

function framed(...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([int32(content.length), content]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(value.length), Buffer.from(value)]);
}
