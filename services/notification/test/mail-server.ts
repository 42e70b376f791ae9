import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openClaims } from '@schoolbell/testkit';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

/** What the server does with the next messages. */
export type Manner =
  | 'takes'
  /** 550 to the recipient. */
  | 'refuses'
  /** 451 to each recipient's first try. */
  | 'greylists'
  /** 554 to the message. */
  | 'dislikes'
  /** Never answers to the recipient. */
  | 'hangs'
  /** Takes the message, and closes the connection instead of saying so. */
  | 'drops'
  /** 421 to the sender. */
  | 'closes';

export interface Mailbox {
  readonly url: string;
  readonly messages: readonly Email[];
  /** How many connections were made. */
  readonly connections: number;
  /** How many connections are open. */
  readonly open: number;
  /** Most messages that were on their way at once. */
  readonly mostAtOnce: number;
  /** Recipients to whom it never answered. */
  readonly hanging: number;
  /** How long it thinks about each message from now on, after it has it: so many ms, or until something has come about. */
  ponder(thought: number | Promise<unknown>): void;
  behave(manner: Manner): void;
  /** Ends the server, or starts it again on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Ends it for good. */
  close(): Promise<void>;
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

function verdict(manner: Manner, address: string, greylisted: Set<string>): Error | null {
  if (manner === 'refuses') return refusal(550, `5.1.1 <${address}>: user ${address.split('@')[0]} unknown`);
  if (manner !== 'greylists' || greylisted.has(address)) return null;
  greylisted.add(address);
  return refusal(451, `4.7.1 <${address}>: greylisted, try again later`);
}

/** A real SMTP server on a real socket. */
export async function openMailbox(): Promise<Mailbox> {
  const claims = openClaims();
  const [port] = await claims.takeAny(1);
  const messages: Email[] = [];
  const greylisted = new Set<string>();
  const sockets = new Set<Socket>();
  let manner: Manner = 'takes';
  let thought: number | Promise<unknown> = 0;
  let [connections, hanging, atOnce, mostAtOnce] = [0, 0, 0, 0];
  let server: SMTPServer | undefined;

  /** Reads one message; answers what the server says to it, or nothing when it says nothing. */
  const take = async (stream: SMTPServerDataStream): Promise<Error | null | undefined> => {
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const message = await PostalMime.parse(Buffer.concat(chunks));
    // Whatever becomes of its answer, a server that thinks long has the message by now.
    if (manner !== 'dislikes') messages.push(message);
    await (typeof thought === 'number' ? sleep(thought) : thought);
    atOnce--;
    if (manner === 'dislikes') return refusal(554, '5.6.0 message content refused');
    if (manner !== 'drops') return null;
    dropAll();
    return undefined;
  };
  const dropAll = (): void => sockets.forEach((socket) => void socket.destroy());
  const up = async (): Promise<void> => {
    const started = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      closeTimeout: 100,
      onConnect: (_, done) => {
        connections++;
        done();
      },
      onMailFrom: (_, __, done) => done(manner === 'closes' ? refusal(421, '4.3.2 service shutting down') : null),
      onRcptTo: ({ address }, _, done) => {
        if (manner === 'hangs') hanging++;
        else done(verdict(manner, address, greylisted));
      },
      onData: (stream, _, done) => {
        take(stream).then(
          (said) => said !== undefined && done(said),
          // The sender went away in the middle.
          () => done(refusal(451, '4.4.2 message not received in full')),
        );
      },
    });
    started.on('error', () => undefined);
    started.server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await once(started.listen(port, '127.0.0.1'), 'listening');
    server = started;
  };
  const down = async (): Promise<void> => {
    const stopped = server;
    server = undefined;
    await new Promise<void>((resolve) => (stopped ? stopped.close(resolve) : resolve()));
  };
  await up();
  return {
    url: `smtp://127.0.0.1:${port}`,
    messages,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    get hanging() {
      return hanging;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    behave: (next) => {
      manner = next;
    },
    ponder: (next) => {
      thought = next;
    },
    up,
    down,
    close: () => down().then(() => claims.release()),
  };
}
