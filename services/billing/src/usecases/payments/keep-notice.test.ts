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

test('a notice is kept as it came before anything is decided; its copies are counted', async () => {
  const notice = noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(1n) });
  await billing.transact((tx) => keepNotice(tx, { raw: 'vnp_Amount=100', notice }));
  await billing.transact((tx) => keepNotice(tx, { raw: 'vnp_Amount=100', notice }));
  expect(await rows()).toMatchObject([
    { _id: notice.id, raw: 'vnp_Amount=100', count: 2, state: 'KEPT', notice: { orderRef: notice.orderRef, amount: 1n } },
  ]);
});

test('copies that come at the same time are one notice, and every one is counted', async () => {
  const notice = noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(1n) });
  await Promise.all(Array.from({ length: 10 }, () => billing.transact((tx) => keepNotice(tx, { raw: 'x', notice }))));
  expect(await rows()).toMatchObject([{ count: 10 }]);
});

test('a signed message that lacks what it takes is kept for a person', async () => {
  const id = crypto.randomUUID();
  await billing.transact((tx) => keepNotice(tx, { raw: 'vnp_TxnRef=1', unreadable: { id, gateway: 'vnpay' } }));
  expect(await rows()).toMatchObject([{ _id: id, raw: 'vnp_TxnRef=1', state: 'UNREADABLE' }]);
});
