import { breaker } from '@schoolbell/service-kit';
import { createTransport, type Transporter } from 'nodemailer';
import type { Outcome } from '../../domain/deliveries/delivery.ts';
import type { Claimed } from '../../usecases/deliveries/claim-deliveries.ts';
import { outcomeOf } from './smtp-outcome.ts';

/** The way to guardians' mailboxes: one provider, one breaker. */
export interface EmailChannel {
  /** How many messages may be taken in hand now: none while the provider is left alone, one to try whether it is back. */
  room(): number;
  /** Never throws: whatever happened is an outcome. After `stopping` it ends within seconds, be it without an answer. */
  send(letter: Claimed, stopping?: AbortSignal): Promise<Outcome>;
  /** For spans; without personal data. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Ends the connections; messages on their way are finished first. */
  close(): void;
}

export interface EmailSettings {
  /** smtp:// or smtps://, with user and password where needed. */
  readonly url: string;
  /** Address that mail comes from. */
  readonly from: string;
  readonly connections: number;
  /** Longest that everything before the text of a message may take, connecting included. */
  readonly timeoutMs: number;
  /** Longest from the first byte of the text to the server's answer. */
  readonly dataTimeoutMs: number;
  readonly breakerResetMs: number;
}

/** Opens the pool; no connection is made before the first message. */
export function openEmailChannel(settings: EmailSettings): EmailChannel {
  const { url, from, connections, timeoutMs, dataTimeoutMs, breakerResetMs } = settings;
  const transport = createTransport(poolOptions(settings));
  const tries = watchTexts(transport);
  const senderDomain = from.slice(from.lastIndexOf('@') + 1);

  const work = async (signal: AbortSignal, { delivery, message, email }: Claimed, attempt: Attempt): Promise<void> => {
    const own = AbortSignal.any([signal, attempt.ended.signal]);
    tries.set(own, attempt);
    await transport.sendMail({
      from: { name: message.from, address: from },
      to: { name: message.to, address: email },
      subject: message.subject,
      text: message.text,
      html: message.html,
      date: delivery.queuedAt,
      // The same for every try, so that a mailbox knows a message that came twice.
      messageId: `<${delivery.id}@schoolbell.${senderDomain}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Content-Language': delivery.language },
      disableFileAccess: true,
      disableUrlAccess: true,
      signal: own,
    });
  };
  const guarded = breaker('smtp', work, {
    // The attempt's own limits end it earlier.
    timeoutMs: timeoutMs + dataTimeoutMs + 1_000,
    capacity: connections,
    resetMs: breakerResetMs,
    errorThreshold: 50,
    isFailure: (error, _, { textBegun }) => aboutProvider.has(outcomeOf(error, { textBegun }).kind),
  });

  let underWay = 0;
  const { hostname, port } = new URL(url);
  return {
    room: () => ({ closed: connections * 2, 'half-open': underWay === 0 ? 1 : 0, open: 0 })[guarded.state()],
    async send(letter, stopping) {
      underWay++;
      const attempt = openAttempt({ timeoutMs, dataTimeoutMs }, stopping);
      try {
        await guarded.fire(letter, attempt);
        return { kind: 'SENT' };
      } catch (error) {
        return outcomeOf(error, { personal: [letter.email, letter.message.to], textBegun: attempt.textBegun });
      } finally {
        attempt.close();
        underWay--;
      }
    },
    attributes: {
      'messaging.system': 'smtp',
      'messaging.operation.type': 'send',
      'server.address': hostname,
      ...(port ? { 'server.port': Number(port) } : {}),
    },
    close: () => {
      guarded.stop();
      transport.close();
    },
  };
}

const aboutProvider = new Set<Outcome['kind']>(['UNREACHABLE', 'OUTCOME_UNKNOWN']);

/** One try to send a letter, and how long it may still take. */
interface Attempt {
  /** From here on the server may have taken it. */
  textBegun: boolean;
  readonly ended: AbortController;
  /** The first byte of the text is about to go out. */
  begin(): void;
  close(): void;
}

// What is on the wire when the service stops gets this long, so that its outcome can still be recorded.
const lastWordMs = 4_000;

function openAttempt(
  { timeoutMs, dataTimeoutMs }: Pick<EmailSettings, 'timeoutMs' | 'dataTimeoutMs'>,
  stopping: AbortSignal | undefined,
): Attempt {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  let limit = setTimeout(end, timeoutMs);
  let lastWord: NodeJS.Timeout | undefined;
  const hurry = (): void => {
    lastWord = setTimeout(end, lastWordMs);
  };
  if (stopping?.aborted) hurry();
  else stopping?.addEventListener('abort', hurry, { once: true });
  return {
    textBegun: false,
    ended,
    begin() {
      this.textBegun = true;
      clearTimeout(limit);
      limit = setTimeout(end, dataTimeoutMs);
    },
    close() {
      clearTimeout(limit);
      clearTimeout(lastWord);
      stopping?.removeEventListener('abort', hurry);
    },
  };
}

/** Tells each attempt, found by the signal of its message, when nodemailer begins to read the text: that is after the server's 354. */
function watchTexts(transport: Transporter<unknown>): WeakMap<AbortSignal, Attempt> {
  const attempts = new WeakMap<AbortSignal, Attempt>();
  transport.use('stream', ({ data, message }, done) => {
    const create = message.createReadStream.bind(message);
    message.createReadStream = (options) => {
      const text = create(options);
      text.once('resume', () => data.signal && attempts.get(data.signal)?.begin());
      return text;
    };
    done();
  });
  return attempts;
}

function poolOptions({ url, connections, timeoutMs, dataTimeoutMs }: EmailSettings) {
  const { protocol, hostname } = new URL(url);
  const onThisMachine = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
  return {
    url,
    pool: true,
    maxConnections: connections,
    // Retries are ours, with their own pace; but a connection that the server closed while it was idle is no failure.
    maxRequeues: 1,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    // Silence; until the text is on its way an attempt ends by its own limit, which is shorter.
    socketTimeout: timeoutMs + dataTimeoutMs,
    dnsTimeout: timeoutMs,
    // Plain text never leaves this machine.
    requireTLS: protocol === 'smtp:' && !onThisMachine,
    ignoreTLS: onThisMachine,
  } as const;
}
