import { vnd } from '@schoolbell/kernel';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import { keepNotice } from './keep-notice.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});
const rows = () => billing.database.db.collection('notices').find({ schoolId: billing.schoolId }).toArray();

test('a notice is kept as it came before anything is decided, and a copy of it changes nothing', async () => {
  const notice = noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(1n) });
  await billing.transact((tx) => keepNotice(tx, { raw: 'vnp_Amount=100', notice }));
  const first = await rows();
  await billing.transact((tx) => keepNotice(tx, { raw: 'vnp_Amount=100&x=1', notice }));
  expect(first).toMatchObject([
    { _id: notice.id, raw: 'vnp_Amount=100', state: 'KEPT', notice: { orderRef: notice.orderRef, amount: 1n } },
  ]);
  expect(await rows()).toEqual(first);
});

test('copies that come at the same time are one notice', async () => {
  const notice = noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(1n) });
  await Promise.all(Array.from({ length: 10 }, () => billing.transact((tx) => keepNotice(tx, { raw: 'x', notice }))));
  expect(await rows()).toHaveLength(1);
});

test('a signed message that lacks what it takes is kept for a person', async () => {
  const id = crypto.randomUUID();
  await billing.transact((tx) => keepNotice(tx, { raw: 'vnp_TxnRef=1', unreadable: { id, gateway: 'vnpay' } }));
  expect(await rows()).toMatchObject([{ _id: id, raw: 'vnp_TxnRef=1', state: 'UNREADABLE' }]);
});
