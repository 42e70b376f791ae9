import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { listBalances } from './list-balances.ts';

const schools = testSchools();

test('accounts come by name, page by page, with both totals of the whole school', async () => {
  const billing = schools.newSchool();
  const pupils = [];
  for (let each = 0; each < 4; each++) {
    const invoice = await billing.given.openInvoice({ total: 100n });
    pupils.push(invoice.studentId);
    await billing.hear(noticeFor(await billing.given.attempt(invoice), { gatewayTransaction: String(each + 1) }));
  }
  const list = (query: Partial<Parameters<typeof listBalances>[1]>) =>
    billing.transact((tx) => listBalances(tx, { prefix: '', after: '', size: 100, ...query }));

  const all = await list({});
  expect(all.rows.map(({ account }) => account)).toEqual([
    'clearing:vnpay',
    ...pupils.map((id) => `receivable:${id}`).sort(),
    'revenue:BAN_TRU',
  ]);
  // Four pupils' payments lie in different rows of the account; their sum is what is shown.
  expect(all.rows[0]).toEqual({ account: 'clearing:vnpay', debit: vnd(400n), credit: vnd(0n) });
  expect(all).toMatchObject({ totalDebits: vnd(800n), totalCredits: vnd(800n), next: undefined });

  const first = await list({ prefix: 'receivable:', size: 3 });
  const second = await list({ prefix: 'receivable:', size: 3, after: first.next ?? '' });
  expect([first.rows.length, second.rows.length, second.next]).toEqual([3, 1, undefined]);
  expect(second.totalDebits).toEqual(vnd(800n));
});

test('a school without entries has empty books', async () => {
  const empty = await schools.newSchool().transact((tx) => listBalances(tx, { prefix: '', after: '', size: 100 }));
  expect(empty).toMatchObject({ rows: [], totalDebits: vnd(0n), totalCredits: vnd(0n) });
});
