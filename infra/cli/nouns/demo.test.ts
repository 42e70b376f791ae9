import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FarEnd, openFarEnd } from '../test/far-end.ts';

const mailbox = createServer((_, response) => response.end('ok'));
let far: FarEnd;
beforeEach(async () => {
  await new Promise<void>((resolve) => mailbox.listen(0, '127.0.0.1', resolve));
  far = await openFarEnd({ mailbox: `http://127.0.0.1:${(mailbox.address() as AddressInfo).port}/messages` });
});
afterEach(async () => {
  far.close();
  if (mailbox.listening) await new Promise((resolve) => mailbox.close(resolve));
});

const aDemo = () => writeFileSync(join(far.folder, '.schoolbell', 'demo.json'), '{}');
const tokenFile = () => {
  writeFileSync(join(far.folder, 'token'), 'a-token');
  return join(far.folder, 'token');
};

test('a day is replayed at the demo school of this machine', async () => {
  aDemo();
  far.answers.listClasses = () => ({ classes: [] });
  far.answers.listBookings = () => ({ bookings: [] });
  expect(await far.run('demo', 'day')).toMatchObject({ exit: 1, err: expect.stringContaining('no 4 classes left') });
});

test('a school elsewhere is never played with: no cut-off is laid down and no pupil is marked away', async () => {
  aDemo();
  for (const flags of [['--address', far.address], ['--address', `canteen=${far.address}`], []])
    expect(await far.run('demo', 'day', ...flags, '--token-file', tokenFile())).toMatchObject({
      exit: 2,
      err: expect.stringContaining('at the demo school of this machine only'),
    });
  expect(far.asked).toEqual([]);
});

test('a Schoolbell without the demo school is left alone, and it is said how to get one', async () => {
  expect(await far.run('demo', 'day')).toMatchObject({ exit: 1, err: expect.stringContaining('"npm start" without --empty') });
  expect(far.asked).toEqual([]);
});

test('nothing is played while no mailbox catches the letters', async () => {
  aDemo();
  await new Promise((resolve) => mailbox.close(resolve));
  expect(await far.run('demo', 'day')).toMatchObject({ exit: 3, err: expect.stringContaining('./schoolbell status') });
  expect(far.asked).toEqual([]);
});
