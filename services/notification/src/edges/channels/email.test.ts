import { afterEach, beforeEach, expect, test } from 'vitest';
import { at } from '../../../test/given.ts';
import { type Mailbox, openMailbox } from '../../../test/mail-server.ts';
import type { Claimed } from '../../usecases/deliveries/claim-deliveries.ts';
import { type EmailChannel, openEmailChannel } from './email.ts';

let mailbox: Mailbox;
let channel: EmailChannel;
beforeEach(async () => {
  mailbox = await openMailbox();
  channel = open();
});
afterEach(async () => {
  channel.close();
  await mailbox.close();
});

function open({ timeoutMs = 60_000 } = {}): EmailChannel {
  const from = 'thong-bao@truong.example.vn';
  return openEmailChannel({ url: mailbox.url, from, connections: 2, timeoutMs, dataTimeoutMs: 60_000, breakerResetMs: 300 });
}

function letter(id = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10', email = 'nam.phan@example.vn'): Claimed {
  const now = at('2026-11-21T08:00:00Z');
  const about = {
    eventId: 'e1',
    guardianId: 'g1',
    studentId: 's1',
    channel: 'EMAIL',
    language: 'vi',
    kind: 'INVOICE_PAID',
    lane: 'BULK',
    invoiceId: 'i1',
  } as const;
  const times = { occurredAt: now, announcedAt: now, queuedAt: now, dueAt: now };
  return {
    delivery: { id, ...about, ...times, status: 'SENDING', claim: 'c', attempts: 1, strikes: 0, lastError: '' },
    message: {
      from: 'Trường Tiểu học Hoa Phượng',
      to: 'Phan Hữu Nam',
      subject: 'Đã nhận đủ tiền – Bùi Thanh Giang',
      text: 'Kính gửi …',
      html: '<p>Kính gửi …</p>',
    },
    email,
  };
}
const until = async (met: () => boolean): Promise<void> => {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 20));
};

test('a letter arrives as it was written, from the school, to the guardian', async () => {
  expect(await channel.send(letter())).toEqual({ kind: 'SENT' });
  const [mail] = mailbox.messages;
  expect(mail).toMatchObject({
    from: { name: 'Trường Tiểu học Hoa Phượng', address: 'thong-bao@truong.example.vn' },
    to: [{ name: 'Phan Hữu Nam', address: 'nam.phan@example.vn' }],
    subject: 'Đã nhận đủ tiền – Bùi Thanh Giang',
    messageId: '<0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10@schoolbell.truong.example.vn>',
    date: '2026-11-21T08:00:00.000Z',
  });
  expect(mail?.text?.trim()).toBe('Kính gửi …');
  expect(mail?.html).toContain('<p>Kính gửi …</p>');
  expect(mail?.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
});

test('a letter that is sent again carries the same Message-ID', async () => {
  await channel.send(letter());
  await channel.send(letter());
  expect(new Set(mailbox.messages.map(({ messageId }) => messageId)).size).toBe(1);
});

test('letters share the connections of the pool', async () => {
  for (let sent = 0; sent < 6; sent++) await channel.send(letter());
  expect(mailbox.connections).toBe(1);
});

test('an unknown mailbox is a refused address, and the reply is kept without it', async () => {
  mailbox.behave('refuses');
  expect(await channel.send(letter())).toEqual({ kind: 'ADDRESS_REFUSED', error: '550 5.1.1 … user … unknown' });
});

test('a greylisted letter is deferred, and taken the second time', async () => {
  mailbox.behave('greylists');
  const first = await channel.send(letter());
  expect(first).toMatchObject({ kind: 'DEFERRED' });
  expect(JSON.stringify(first)).not.toMatch(/nam|phan|example/i);
  expect(await channel.send(letter())).toEqual({ kind: 'SENT' });
});

test('a text that is refused speaks against the letter, not against the provider', async () => {
  mailbox.behave('dislikes');
  for (let sent = 0; sent < 12; sent++) expect(await channel.send(letter())).toMatchObject({ kind: 'ERROR' });
  expect(channel.room()).toBe(4);
});

test('a server that never answers or closes before it has the text is unreachable', async () => {
  for (const manner of ['hangs', 'closes'] as const) {
    mailbox.behave(manner);
    const impatient = open({ timeoutMs: 500 });
    expect(await impatient.send(letter()), manner).toMatchObject({ kind: 'UNREACHABLE' });
    impatient.close();
  }
  mailbox.behave('takes');
  expect(await channel.send(letter())).toEqual({ kind: 'SENT' });
});

test('a server may take longer to answer to the text than to anything before it', async () => {
  mailbox.ponder(2_500);
  channel.close();
  channel = open({ timeoutMs: 2_000 });
  expect(await channel.send(letter())).toEqual({ kind: 'SENT' });
  expect(mailbox.messages).toHaveLength(1);
});

test('of a server that has the text and drops the connection nobody knows whether it took it, also over a connection that was used before', async () => {
  expect(await channel.send(letter())).toEqual({ kind: 'SENT' });
  mailbox.behave('drops');
  expect(await channel.send(letter())).toMatchObject({ kind: 'OUTCOME_UNKNOWN' });
  expect(mailbox.messages).toHaveLength(2);
  mailbox.behave('takes');
  expect(await channel.send(letter())).toEqual({ kind: 'SENT' });
});

test('a server that is down is left alone, then tried with one letter, and used again when it is back', async () => {
  await mailbox.down();
  for (let sent = 0; channel.room() > 0 && sent < 50; sent++) expect(await channel.send(letter())).toMatchObject({ kind: 'UNREACHABLE' });
  expect(channel.room()).toBe(0);
  expect(await channel.send(letter())).toMatchObject({ kind: 'UNREACHABLE' });

  await mailbox.up();
  await until(() => channel.room() > 0);
  expect(channel.room()).toBe(1);
  const probe = channel.send(letter());
  expect(channel.room()).toBe(0);
  expect(await probe).toEqual({ kind: 'SENT' });
  expect(channel.room()).toBe(4);
});

test('an address that would smuggle a command reaches no server', async () => {
  for (const email of ['a@b.vn>\r\nRCPT TO:<c@d.vn', 'a@b.vn\r\nBcc: c@d.vn']) await channel.send(letter('d1', email));
  const heard = mailbox.messages.flatMap(({ to, bcc, cc }) => [...(to ?? []), ...(cc ?? []), ...(bcc ?? [])]).map(({ address }) => address);
  expect(heard).not.toContain('c@d.vn');
});
