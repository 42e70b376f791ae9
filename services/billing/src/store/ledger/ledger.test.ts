import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';

const schools = testSchools();

test('accounts come by name, page by page, and both totals are of the whole school', async () => {
  const billing = schools.newSchool();
  const pupils = [];
  for (let each = 0; each < 4; each++) {
    const invoice = await billing.given.openInvoice({ total: 100n });
    pupils.push(invoice.studentId);
    await billing.receive(noticeFor(await billing.given.attempt(invoice), { gatewayTransaction: String(each + 1) }));
  }
  const list = (query: { prefix?: string; after?: string; size?: number }) =>
    billing.read((tx) => tx.ledger.balances({ prefix: '', after: '', size: 100, ...query }));

  const all = await list({});
  expect(all.rows.map(({ account }) => account)).toEqual([
    'clearing:vnpay',
    ...pupils.map((id) => `receivable:${id}`).sort(),
    'revenue:BAN_TRU',
  ]);
  // Four pupils' payments lie in different rows of the account; their sum is what is shown.
  expect(all.rows[0]).toEqual({ account: 'clearing:vnpay', debit: vnd(400n), credit: vnd(0n) });
  expect(all.next).toBeUndefined();
  expect(await billing.read((tx) => tx.ledger.totals())).toEqual({ debit: vnd(800n), credit: vnd(800n) });

  const first = await list({ prefix: 'receivable:', size: 3 });
  const second = await list({ prefix: 'receivable:', size: 3, after: first.next ?? '' });
  expect([first.rows.length, second.rows.length, second.next]).toEqual([3, 1, undefined]);
});

test('a school without entries has empty books', async () => {
  const { read } = schools.newSchool();
  expect(await read((tx) => tx.ledger.balances({ prefix: '', after: '', size: 100 }))).toEqual({ rows: [], next: undefined });
  expect(await read((tx) => tx.ledger.totals())).toEqual({ debit: vnd(0n), credit: vnd(0n) });
});
