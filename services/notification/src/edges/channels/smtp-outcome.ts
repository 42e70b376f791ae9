import { isBreakerError } from '@schoolbell/service-kit';
import type { Outcome } from '../../domain/deliveries/delivery.ts';
import { withoutPersonalData } from '../../domain/deliveries/provider-reply.ts';

/** What nodemailer tells of a failed send. */
interface SmtpFailure {
  /** "EENVELOPE", "ECONNECTION" … */
  readonly code?: unknown;
  /** The server's three digits, where it answered. */
  readonly responseCode?: unknown;
  /** The server's whole answer. */
  readonly response?: unknown;
  /** What it answered to: "CONN", "MAIL FROM", "RCPT TO", "DATA" … */
  readonly command?: unknown;
  readonly message?: unknown;
}

interface Known {
  /** Words that must not be kept. */
  readonly personal?: readonly string[];
  /** True from the first byte of the text on: a server that then says nothing may have taken it. */
  readonly textBegun?: boolean;
}

/** What a failed send means for the message. */
export function outcomeOf(failure: unknown, { personal = [], textBegun = false }: Known = {}): Exclude<Outcome, { kind: 'SENT' }> {
  const { code, responseCode, response, command, message }: SmtpFailure = typeof failure === 'object' && failure !== null ? failure : {};
  const told = typeof response === 'string' ? response : [code, message].filter((part) => typeof part === 'string').join(' ');
  const answer = { digits: typeof responseCode === 'number' ? responseCode : 0, command: typeof command === 'string' ? command : '', told };
  const error = withoutPersonalData(told, personal);
  // Whatever digits the server said, it said them instead of taking the message.
  if (textBegun && answer.digits === 0) return { kind: 'OUTCOME_UNKNOWN', error };
  return { kind: isBreakerError(failure) ? 'UNREACHABLE' : kindOf(typeof code === 'string' ? code : '', answer), error };
}

type Answer = { readonly digits: number; readonly command: string; readonly told: string };
type FailureKind = Exclude<Outcome['kind'], 'SENT'>;

// Before the envelope the server speaks of itself, and so it does when it closes (421) or wants other credentials.
const beforeEnvelope = /^(CONN|EHLO|HELO|LHLO|STARTTLS|AUTH)/;
const aboutServer = new Set([421, 454, 530, 534, 535, 538]);
const aboutMessage = new Set(['EENVELOPE', 'EMESSAGE', 'ESTREAM']);
// Enhanced status codes (RFC 3463): X.1.* and X.2.1 speak of the mailbox, X.7.* of policy, which is about the sender.
const aboutMailbox = /^5\d\d[ -]5\.(1\.\d+|2\.1)\b/;
const aboutPolicy = /^5\d\d[ -]5\.7\.\d+\b/;

function kindOf(code: string, { digits, command, told }: Answer): FailureKind {
  if (aboutServer.has(digits) || beforeEnvelope.test(command)) return 'UNREACHABLE';
  if (digits >= 400 && digits < 500) return 'DEFERRED';
  if (digits >= 500) {
    if (aboutMailbox.test(told)) return 'ADDRESS_REFUSED';
    return command === 'RCPT TO' && !aboutPolicy.test(told) ? 'ADDRESS_REFUSED' : 'ERROR';
  }
  // nodemailer itself found that the address cannot be used with this server.
  if (code === 'EENVELOPE') return 'ADDRESS_REFUSED';
  return aboutMessage.has(code) || code === '' ? 'ERROR' : 'UNREACHABLE';
}
