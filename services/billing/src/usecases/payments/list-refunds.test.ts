import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { checkRefunds } from '../../../test/refunds.ts';
import { listRefunds } from './list-refunds.ts';

const schools = testSchools();

test('what is to be paid comes by the day it is due, page by page, with amounts as of now', async () => {
  const billing = schools.newSchool();
  const pupils = [];
  for (const leftOn of ['2026-12-10', '2026-12-08', '2026-12-09']) {
    const studentId = await billing.given.student();
    const invoice = await billing.given.openInvoice({ studentId, total: 10_000n });
    const attempt = await billing.given.attempt(invoice);
    const notice = { gatewayTransaction: `${studentId} 1` };
    await billing.receive(noticeFor(attempt, notice));
    await billing.receive(noticeFor(attempt, { gatewayTransaction: `${studentId} 2` }));
    await billing.given.student({ id: studentId, leftOn, version: 2 });
    pupils.push({ studentId, leftOn });
  }
  await billing.given.student({ leftOn: '2026-12-01' });
  await checkRefunds(billing);
  const page = (after: string) => billing.transact((tx) => listRefunds(tx, { includeClosed: false, after, size: 2 }));
  const first = await page('');
  const second = await page(first.next ?? '');
  expect([...first.rows, ...second.rows].map(({ refund, amount }) => [refund.leftOn, amount.minorUnits])).toEqual([
    ['2026-12-08', 10_000n],
    ['2026-12-09', 10_000n],
    ['2026-12-10', 10_000n],
  ]);
  expect(second.next).toBeUndefined();
});
