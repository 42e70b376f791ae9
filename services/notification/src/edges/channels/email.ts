import { breaker } from '@schoolbell/service-kit';
import { createTransport } from 'nodemailer';
import type { Outcome } from '../../domain/delivery.ts';
import type { Claimed } from '../../usecases/claim-deliveries.ts';
import { outcomeOf } from './smtp-outcome.ts';

/** The way to guardians' mailboxes: one provider, one breaker. */
export interface EmailChannel {
  /** How many messages may be taken in hand now: none while the provider is left alone, one to try whether it is back. */
  room(): number;
  /** Never throws: whatever happened is an outcome. */
  send(letter: Claimed): Promise<Outcome>;
  /** For spans; without personal data. */
  readonly attributes: Readonly<Record<string, string | number>>;
  close(): void;
}

export interface EmailSettings {
  /** smtp:// or smtps://, with user and password where needed. */
  readonly url: string;
  /** Address that mail comes from. */
  readonly from: string;
  readonly connections: number;
  /** Longest that one message may take, connecting included. */
  readonly timeoutMs: number;
  readonly breakerResetMs: number;
}

/** Opens the pool; no connection is made before the first message. */
export function openEmailChannel(settings: EmailSettings): EmailChannel {
  const { url, from, connections, timeoutMs, breakerResetMs } = settings;
  const transport = createTransport(poolOptions(settings));
  const senderDomain = from.slice(from.lastIndexOf('@') + 1);

  const work = async (signal: AbortSignal, { delivery, message, email }: Claimed): Promise<void> => {
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
      signal,
    });
  };
  const guarded = breaker('smtp', work, {
    timeoutMs,
    capacity: connections,
    resetMs: breakerResetMs,
    errorThreshold: 50,
    isFailure: (error) => outcomeOf(error).kind === 'UNREACHABLE',
  });

  let underWay = 0;
  const { hostname, port } = new URL(url);
  return {
    room: () => ({ closed: connections * 2, 'half-open': underWay === 0 ? 1 : 0, open: 0 })[guarded.state()],
    async send(letter) {
      underWay++;
      try {
        await guarded.fire(letter);
        return { kind: 'SENT' };
      } catch (error) {
        return outcomeOf(error, [letter.email, letter.message.to]);
      } finally {
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

function poolOptions({ url, connections, timeoutMs }: EmailSettings) {
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
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // Plain text never leaves this machine.
    requireTLS: protocol === 'smtp:' && !onThisMachine,
    ignoreTLS: onThisMachine,
  } as const;
}
