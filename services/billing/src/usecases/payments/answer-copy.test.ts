import { vnd } from '@schoolbell/kernel';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Billing, noticeFor, testSchools } from '../../../test/given.ts';
import type { PaymentAttempt, PaymentNotice } from '../../domain/payments/payment.ts';
import { answerCopy } from './answer-copy.ts';
import { keepNotice } from './keep-notice.ts';

const schools = testSchools();
let billing: Billing;
let attempt: PaymentAttempt;
beforeEach(async () => {
  billing = schools.newSchool();
  attempt = await billing.given.attempt(await billing.given.openInvoice());
});
const answer = (notice: PaymentNotice) => billing.read((tx) => answerCopy(tx, notice));

describe('a copy of a settled notice is told what writing it again would say', () => {
  test.each([
    ['a success', {}, 'ALREADY_CONFIRMED'],
    ['a failure', { outcome: 'FAILED' }, 'ALREADY_CONFIRMED'],
    ['suspected money', { outcome: 'HELD' }, 'ALREADY_CONFIRMED'],
    ['another amount', { amount: vnd(1n) }, 'AMOUNT_DIFFERS'],
  ] as const)('%s', async (_, facts, told) => {
    const notice = noticeFor(attempt, facts);
    await billing.receive(notice);
    expect(await answer(notice)).toBe(told);
    expect(await billing.receive(notice)).toBe(told);
  });
});

test('a copy of a notice whose order is unknown is told so, until the order has appeared', async () => {
  const attemptId = crypto.randomUUID();
  const order = { orderRef: `79000701-${attemptId.replaceAll('-', '')}`, amount: vnd(1_500_000n) };
  const [money, failure] = [noticeFor(order), noticeFor(order, { outcome: 'FAILED' })];
  for (const notice of [money, failure]) {
    await billing.receive(notice);
    expect(await answer(notice)).toBe('UNKNOWN_ORDER');
  }
  await billing.given.attempt(await billing.given.openInvoice(), { attemptId });
  for (const notice of [money, failure]) expect(await answer(notice)).toBeUndefined();
  expect(await billing.receive(money)).toBe('CONFIRMED');
  expect(await answer(money)).toBe('ALREADY_CONFIRMED');
  // No news any more, but it waits still, and is done only by being settled.
  expect(await answer(failure)).toBeUndefined();
  expect(await billing.receive(failure)).toBe('ALREADY_CONFIRMED');
  expect(await answer(failure)).toBe('ALREADY_CONFIRMED');
});

describe('nothing is known of a notice about which something may be left to do', () => {
  test('that never came, that was kept and not settled, and that is another one of a settled order', async () => {
    const notice = noticeFor(attempt);
    expect(await answer(notice)).toBeUndefined();
    await billing.transact((tx) => keepNotice(tx, { raw: 'x', notice }));
    expect(await answer(notice)).toBeUndefined();
    await billing.receive(notice);
    expect(await answer(noticeFor(attempt, { gatewayTransaction: '2' }))).toBeUndefined();
  });

  test('whose transaction has its receipt with other facts, and whose figure is no amount', async () => {
    await billing.receive(noticeFor(attempt));
    for (const amount of [vnd(7n), undefined]) {
      const notice = noticeFor(attempt, { amount, gatewayTransaction: amount ? '14422574' : '8' });
      await billing.receive(notice);
      expect(await answer(notice)).toBeUndefined();
    }
  });

  test("another school's copy", async () => {
    const notice = noticeFor(attempt);
    await billing.receive(notice);
    expect(await schools.newSchool().read((tx) => answerCopy(tx, notice))).toBeUndefined();
  });
});
