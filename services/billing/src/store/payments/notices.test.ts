import { vnd } from '@schoolbell/kernel';
import { everySchool } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { keepNotice } from '../../usecases/payments/keep-notice.ts';
import { settlePayment } from '../../usecases/payments/settle-payment.ts';

const schools = testSchools();

test('a notice that was kept and never settled is found after a while, and settled from what was kept', async () => {
  const billing = schools.newSchool();
  const { database, given } = billing;
  database.setNow(new Date('2026-11-21T02:00:00Z'));
  const attempt = await given.attempt(await given.openInvoice());
  await billing.transact((tx) => keepNotice(tx, { raw: 'x', notice: noticeFor(attempt) }));
  const due = () => database.read({ schoolId: everySchool }, (tx) => tx.notices.due(tx.now, 10));
  expect(await due()).toEqual([]);

  database.setNow(new Date('2026-11-21T02:00:31Z'));
  const [kept] = await due();
  expect(kept).toEqual({ schoolId: billing.schoolId, keptAt: new Date('2026-11-21T02:00:00Z'), notice: noticeFor(attempt) });
  if (!kept) throw new Error('none');
  expect(await billing.transact((tx) => settlePayment(tx, kept))).toBe('CONFIRMED');
  expect(await due()).toEqual([]);
});

test('of an unknown order only money is looked for again', async () => {
  const billing = schools.newSchool();
  billing.database.setNow(new Date('2026-11-23T02:00:00Z'));
  const order = { orderRef: crypto.randomUUID(), amount: vnd(1n) };
  for (const outcome of ['FAILED', 'HELD', 'UNKNOWN'] as const) await billing.receive(noticeFor(order, { outcome }));
  billing.database.setNow(new Date('2026-11-24T02:00:00Z'));
  expect(await billing.database.read({ schoolId: everySchool }, (tx) => tx.notices.due(tx.now, 10))).toEqual([]);
});

test('a notice whose order was unknown is tried again until the order appears, without a second receipt', async () => {
  const billing = schools.newSchool();
  const { database, given } = billing;
  database.setNow(new Date('2026-11-22T02:00:00Z'));
  const attemptId = crypto.randomUUID();
  const early = noticeFor({ orderRef: `79000701-${attemptId.replaceAll('-', '')}`, amount: vnd(1_500_000n) });
  expect(await billing.receive(early)).toBe('UNKNOWN_ORDER');
  const settleDue = async () => {
    const due = await database.read({ schoolId: everySchool }, (tx) => tx.notices.due(tx.now, 10));
    const answers = [];
    for (const kept of due) answers.push(await billing.transact((tx) => settlePayment(tx, kept)));
    return answers;
  };
  expect(await settleDue()).toEqual([]);
  database.setNow(new Date('2026-11-22T02:00:16Z'));
  expect(await settleDue()).toEqual(['UNKNOWN_ORDER']);

  const invoice = await given.openInvoice();
  await given.attempt(invoice, { attemptId });
  database.setNow(new Date('2026-11-22T02:01:00Z'));
  expect(await settleDue()).toEqual(['CONFIRMED']);
  expect(await billing.count('receipts')).toBe(1);
  expect(await billing.books()).toMatchObject({ 'suspense:unapplied': 0n, [`receivable:${invoice.studentId}`]: 0n });
  database.setNow(new Date('2026-12-22T02:01:00Z'));
  expect(await settleDue()).toEqual([]);
});

test('a notice that is put off comes back later, and each time later still', async () => {
  const { database, schoolId, transact } = schools.newSchool();
  const at = (seconds: number) => database.setNow(new Date(Date.parse('2026-11-21T02:00:00Z') + seconds * 1_000));
  const isDue = async () => {
    const due = await database.read({ schoolId: everySchool }, (tx) => tx.notices.due(tx.now, 10));
    return due.some((kept) => kept.schoolId === schoolId);
  };
  at(0);
  const notice = noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(1n) });
  const { keptAt } = await transact((tx) => keepNotice(tx, { raw: 'x', notice }));
  const putOff = () => transact(async (tx) => tx.notices.putOff({ notice, keptAt }));
  at(40);
  await putOff();
  at(79);
  expect(await isDue()).toBe(false);
  at(81);
  expect(await isDue()).toBe(true);
  await putOff();
  at(160);
  expect(await isDue()).toBe(false);
});
