import { randomUUID } from 'node:crypto';
import postalMime from 'postal-mime';

/** A message as the mail server took it in. */
export interface ReceivedMail {
  readonly id: string;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly receivedAt: string;
  readonly from: string;
  /** Recipients of the envelope: where it really went, whatever the header says. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** By lower-case name; the values of a header that came more than once are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

export interface MailStore {
  keep(mail: ReceivedMail, bytes: number): void;
  /** Oldest first. */
  all(): readonly ReceivedMail[];
  find(id: string): ReceivedMail | undefined;
  clear(): void;
}

const mostMessages = 5_000;
const mostBytes = 64 * 1024 * 1024;

export function createMailStore(): MailStore {
  let kept: { mail: ReceivedMail; bytes: number }[] = [];
  let total = 0;
  return {
    keep(mail, bytes) {
      kept.push({ mail, bytes });
      total += bytes;
      let gone = 0;
      while (kept.length - gone > mostMessages || (total > mostBytes && kept.length - gone > 1)) {
        total -= kept[gone]?.bytes ?? 0;
        gone += 1;
      }
      if (gone > 0) kept = kept.slice(gone);
    },
    all: () => kept.map(({ mail }) => mail),
    find: (id) => kept.find(({ mail }) => mail.id === id)?.mail,
    clear() {
      kept = [];
      total = 0;
    },
  };
}

export interface MailFilter {
  /** Part of a recipient's address, in any case. */
  readonly to?: string | undefined;
  /** Part of the subject or of the text or HTML body, in any case. */
  readonly contains?: string | undefined;
}

export function matches(mail: ReceivedMail, { to, contains }: MailFilter): boolean {
  const within = (text: string, part: string) => text.normalize('NFC').toLowerCase().includes(part.normalize('NFC').toLowerCase());
  if (to && !mail.to.some((address) => within(address, to))) return false;
  return !contains || [mail.subject, mail.text, mail.html].some((text) => within(text, contains));
}

export async function readMail(raw: Uint8Array, envelope: Envelope): Promise<ReceivedMail> {
  const parsed = await postalMime.parse(raw);
  const headers: Record<string, string> = Object.create(null);
  for (const { key, value } of parsed.headers) headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  return {
    id: randomUUID(),
    receivedAt: new Date().toISOString(),
    from: parsed.from?.address ?? envelope.from,
    to: envelope.to,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html ?? '',
    messageId: parsed.messageId ?? '',
    headers,
  };
}
