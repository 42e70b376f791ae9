import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Mailbox, startMailbox } from './mailbox.ts';

let mailbox: Mailbox;
beforeEach(async () => {
  mailbox = await startMailbox();
});
afterEach(() => mailbox.stop());

test('a message sent over SMTP is in the inbox with its texts, recipients and headers', async () => {
  expect(await send({ to: ['me@example.vn', 'ba@example.vn'], mime: vietnamese })).toBe('250');
  const [mail, ...more] = await inbox();
  expect(more).toEqual([]);
  expect(mail).toMatchObject({
    from: 'truong@example.vn',
    to: ['me@example.vn', 'ba@example.vn'],
    subject: 'Đã nhận 350.000 ₫',
    text: expect.stringContaining('Kính gửi phụ huynh'),
    html: expect.stringContaining('<b>Kính gửi phụ huynh</b>'),
    messageId: '<1@example.vn>',
    headers: { 'x-schoolbell-event': 'e-1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  });
  expect(Date.parse(String(mail?.receivedAt))).not.toBeNaN();
});

test('the inbox is in the order of arrival and can be asked by recipient and by words in any case', async () => {
  await send({ to: ['an@example.vn'], mime: plain('Thu tháng 11') });
  await send({ to: ['binh@example.vn'], mime: plain('Thu tháng 12') });
  expect((await inbox()).map((mail) => mail.subject)).toEqual(['Thu tháng 11', 'Thu tháng 12']);
  expect((await inbox('?to=BINH@')).map((mail) => mail.subject)).toEqual(['Thu tháng 12']);
  expect((await inbox(`?contains=${encodeURIComponent('THÁNG 11'.normalize('NFD'))}`)).map((mail) => mail.subject)).toEqual([
    'Thu tháng 11',
  ]);
  expect((await fetch(`${mailbox.httpUrl}/messages?from=x`)).status).toBe(400);
});

test('clearing the inbox empties it', async () => {
  await send({ to: ['an@example.vn'], mime: plain('x') });
  expect((await fetch(`${mailbox.httpUrl}/messages`, { method: 'DELETE' })).status).toBe(204);
  expect(await inbox()).toEqual([]);
});

test('a message over the size limit is refused and not kept', async () => {
  expect(await send({ to: ['an@example.vn'], mime: plain('big', 'x'.repeat(1_100_000).replace(/.{70}/g, '$&\r\n')) })).toBe('552');
  expect(await inbox()).toEqual([]);
});

test('told to refuse, it refuses that often and then takes mail again', async () => {
  await behave({ do: 'refuse', code: 451, times: 2 });
  expect(await send({ to: ['an@example.vn'], mime: plain('a') })).toBe('451');
  expect(await send({ to: ['an@example.vn'], mime: plain('a') })).toBe('451');
  expect(await send({ to: ['an@example.vn'], mime: plain('a') })).toBe('250');
  await behave({ do: 'refuse', code: 550, at: 'message' });
  expect(await send({ to: ['an@example.vn'], mime: plain('b') })).toBe('550');
  await behave({ do: 'accept' });
  expect(await send({ to: ['an@example.vn'], mime: plain('c') })).toBe('250');
  expect((await inbox()).map((mail) => mail.subject)).toEqual(['a', 'c']);
});

test('told to drop the line, it does so before or after keeping the message', async () => {
  await behave({ do: 'drop', times: 1 });
  expect(await send({ to: ['an@example.vn'], mime: plain('lost') })).toBe('line cut');
  await behave({ do: 'drop', kept: true, times: 1 });
  expect(await send({ to: ['an@example.vn'], mime: plain('kept') })).toBe('line cut');
  expect((await inbox()).map((mail) => mail.subject)).toEqual(['kept']);
});

test('told to hang, it answers nothing and still stops at once', async () => {
  await behave({ do: 'hang', times: 1 });
  const answer = send({ to: ['an@example.vn'], mime: plain('x') });
  // It behaves again once it has the message.
  await expect.poll(async () => (await fetch(`${mailbox.httpUrl}/behaviour`)).json()).toEqual({ do: 'accept' });
  await mailbox.stop();
  expect(await answer).toBe('line cut');
  mailbox = await startMailbox();
});

test('a behaviour it does not know is refused with the reason', async () => {
  const response = await behave({ do: 'sulk' });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('do');
});

test('the pages show a message without letting it run a script or load anything', async () => {
  await send({ to: ['an@example.vn'], mime: plain('<script>alert(1)</script>', '<img src=x>') });
  await send({ to: ['an@example.vn'], mime: vietnamese });
  const list = await fetch(mailbox.httpUrl);
  expect(list.headers.get('content-security-policy')).toContain("default-src 'none'");
  const page = await list.text();
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toContain('<script');
  const view = await (await fetch(`${mailbox.httpUrl}/view/${mailbox.messages()[1]?.id}`)).text();
  expect(view).toContain('<iframe sandbox src=');
  const body = await fetch(`${mailbox.httpUrl}/messages/${mailbox.messages()[1]?.id}/html`);
  expect(body.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
  expect(await body.text()).toContain('<b>Kính gửi phụ huynh</b>');
});

test('a request under another host name is turned away, so no page elsewhere can read the inbox', async () => {
  const { port } = new URL(mailbox.httpUrl);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end('GET /messages HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
  const [first] = await once(createInterface({ input: socket }), 'line');
  expect(first).toContain('421');
});

type Mail = Awaited<ReturnType<Mailbox['messages']>>[number];

async function inbox(query = ''): Promise<Mail[]> {
  return (await fetch(`${mailbox.httpUrl}/messages${query}`)).json() as Promise<Mail[]>;
}

function behave(wish: object): Promise<Response> {
  return fetch(`${mailbox.httpUrl}/behaviour`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  });
}

async function send({ to, mime }: { to: string[]; mime: string }): Promise<string> {
  const session = await open();
  const answer = await session.message(to, mime);
  session.close();
  return answer;
}

/** SMTP by hand, so that the mail server is not tested with a library of its own family. */
async function open() {
  const socket: Socket = connect(Number(new URL(mailbox.smtpUrl).port), '127.0.0.1');
  socket.on('error', () => {});
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async (): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) return 'line cut';
      if (value[3] !== '-') return value.slice(0, 3);
    }
  };
  const say = (line: string) => {
    socket.write(`${line}\r\n`);
    return reply();
  };
  await reply();
  await say('EHLO test');
  return {
    async message(to: string | string[], mime: string): Promise<string> {
      await say('MAIL FROM:<truong@example.vn>');
      for (const address of [to].flat()) {
        const answer = await say(`RCPT TO:<${address}>`);
        if (answer !== '250') return answer;
      }
      await say('DATA');
      return say(`${mime}\r\n.`);
    },
    close: () => socket.destroy(),
  };
}

function plain(subject: string, text = 'Xin chào'): string {
  return [`Subject: =?utf-8?B?${base64(subject)}?=`, 'Content-Type: text/plain; charset=utf-8', '', text].join('\r\n');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

const vietnamese = [
  'From: Truong <truong@example.vn>',
  'To: me@example.vn',
  'Message-ID: <1@example.vn>',
  `Subject: =?utf-8?B?${base64('Đã nhận 350.000 ₫')}?=`,
  'X-Schoolbell-Event: e-1',
  'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'Content-Type: multipart/alternative; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  base64('Kính gửi phụ huynh'),
  '--b',
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  base64('<p><b>Kính gửi phụ huynh</b></p>'),
  '--b--',
].join('\r\n');
