import { expect, test } from 'vitest';
import { createMailStore, readMail } from './mail-store.ts';

const mail = await readMail(Buffer.from('Subject: x\r\n\r\nx'), { from: 'a@example.vn', to: ['b@example.vn'] });

test('only the newest 5,000 messages are kept', () => {
  const store = createMailStore();
  for (let n = 1; n <= 5_003; n++) store.keep({ ...mail, id: String(n) }, 1_000);
  expect([store.all().length, store.all()[0]?.id, store.all().at(-1)?.id]).toEqual([5_000, '4', '5003']);
});

test('large messages push out older ones before they fill the memory', () => {
  const store = createMailStore();
  for (let n = 1; n <= 100; n++) store.keep({ ...mail, id: String(n) }, 1024 * 1024);
  expect(store.all().map(({ id }) => Number(id))).toEqual(Array.from({ length: 64 }, (_, index) => index + 37));
});

test('a message without the usual headers is kept too, under its envelope', async () => {
  expect(await readMail(Buffer.from('\r\nonly text'), { from: 'a@example.vn', to: ['b@example.vn'] })).toMatchObject({
    from: 'a@example.vn',
    to: ['b@example.vn'],
    subject: '',
    text: expect.stringContaining('only text'),
  });
});
