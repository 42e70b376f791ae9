import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type Behaviour, type BehaviourWish, createTemper } from './mail-behaviour.ts';
import { mailHttp } from './mail-http.ts';
import { createMailStore, type ReceivedMail, readMail } from './mail-store.ts';

export interface MailboxOptions {
  /** 0, the default, takes any free port. */
  readonly smtpPort?: number;
  readonly httpPort?: number;
}

/** A real mail server on this machine whose inbox can be read, and which misbehaves when told to. */
export interface Mailbox {
  /** "smtp://127.0.0.1:2525" */
  readonly smtpUrl: string;
  /** "http://127.0.0.1:8025": the inbox to look at; `/messages` has it as JSON. */
  readonly httpUrl: string;
  /** Oldest first. */
  messages(): readonly ReceivedMail[];
  behave(wish: BehaviourWish): void;
  stop(): Promise<void>;
}

const mostMessageBytes = 1024 * 1024;
const address = '127.0.0.1';

export async function startMailbox({ smtpPort = 0, httpPort = 0 }: MailboxOptions = {}): Promise<Mailbox> {
  const store = createMailStore();
  const temper = createTemper();
  const lines = new Map<number, Socket>();

  const smtp = new SMTPServer({
    size: mostMessageBytes,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onRcptTo: (_recipient, _session, done) => done(refusal(temper.next('recipient'))),
    onData(stream, session, done) {
      take(stream, session).then(
        (answer) => answer !== 'silence' && done(answer),
        () => done(replyError(554, 'The message could not be read')),
      );
    },
  });
  // A client that goes away in the middle is its own business.
  smtp.on('error', () => {});
  smtp.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    lines.set(port, socket);
    socket.once('close', () => lines.delete(port));
  });

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | null | 'silence'> {
    const raw = await buffer(stream);
    if (stream.sizeExceeded) return replyError(552, `A message may have ${mostMessageBytes} bytes at most`);
    const behaviour = temper.next('message');
    if (behaviour.do === 'refuse') return refusal(behaviour);
    if (behaviour.do === 'hang') return 'silence';
    if (behaviour.do === 'accept' || behaviour.kept) {
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map((recipient) => recipient.address) };
      store.keep(await readMail(raw, envelope), raw.length);
    }
    if (behaviour.do === 'accept') return null;
    lines.get(session.remotePort)?.destroy();
    return 'silence';
  }

  const listening = smtp.listen(smtpPort, address);
  await once(listening, 'listening');
  const http = mailHttp(store, temper);
  const httpUrl = await http.listen({ port: httpPort, host: address });

  return {
    smtpUrl: `smtp://${address}:${(listening.address() as AddressInfo).port}`,
    httpUrl,
    messages: () => store.all(),
    behave: (wish) => temper.set(wish),
    async stop() {
      const closed = new Promise<void>((resolve) => smtp.close(() => resolve()));
      for (const socket of lines.values()) socket.destroy();
      await Promise.all([closed, http.close()]);
    },
  };
}

function refusal(behaviour: Behaviour): Error | null {
  if (behaviour.do !== 'refuse') return null;
  return replyError(behaviour.code, behaviour.code < 500 ? 'Not now, try again later' : 'No such mailbox here');
}

function replyError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
