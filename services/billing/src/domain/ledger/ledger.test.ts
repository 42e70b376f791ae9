import { vnd, zero } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clearing,
  credit,
  credited,
  debited,
  isSchoolWide,
  ledgerTxn,
  type Movement,
  movements,
  type Posting,
  receivable,
  revenue,
  reversed,
  suspense,
  unlike,
  wallet,
} from './ledger.ts';

const at = new Date('2026-11-21T02:00:00Z');
const entry = (postings: readonly Posting[]) =>
  ledgerTxn({ id: 'txn', reference: 'ref', kind: 'MONEY_RECEIVED', effectiveAt: at, postedAt: at, causationId: 'cause', postings });

test('an entry that does not balance cannot be made', () => {
  expect(() => entry([debited(clearing('vnpay'), vnd(10n)), credited(suspense, vnd(9n))])).toThrow(
    /does not balance: 10 debited, 9 credited/,
  );
});

test('a posting stands on one side only and is never negative', () => {
  const account = revenue('BAN_TRU');
  expect(() => entry([{ account, debit: vnd(1n), credit: vnd(1n) }, credited(suspense, vnd(1n))])).toThrow(/one side only/);
  expect(() => entry([debited(account, vnd(-1n)), credited(suspense, vnd(-1n))])).toThrow(/one side only/);
  expect(() => entry([{ account, debit: vnd(-1n), credit: vnd(2n) }, credited(suspense, vnd(1n))])).toThrow(/one side only/);
});

test('a side of nothing is left out, and an entry of nothing cannot be made', () => {
  const { postings } = entry([debited(clearing('vnpay'), vnd(5n)), credited(receivable('s'), vnd(5n)), credited(suspense, zero)]);
  expect(postings).toHaveLength(2);
  expect(() => entry([debited(clearing('vnpay'), zero), credited(suspense, zero)])).toThrow(/fewer than two/);
});

const amount = fc.bigInt({ min: 1n, max: 10n ** 12n });

test('whatever is booked and reversed, debits equal credits and a reversal undoes every account', () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 8 }), (parts) => {
      const total = parts.reduce((sum, part) => sum + part, 0n);
      const booked = entry([
        debited(receivable('s'), vnd(total)),
        ...parts.map((part, index) => credited(revenue(`FEE_${index % 3}`), vnd(part))),
      ]);
      const undone = entry(reversed(booked.postings));
      const rows = movements([booked, undone]);
      for (const row of rows) expect(row.debit).toEqual(row.credit);
      expect(rows.reduce((sum, row) => sum + row.debit.minorUnits, 0n)).toBe(2n * total);
    }),
  );
});

test('only accounts that every pupil shares are school-wide', () => {
  expect([clearing('vnpay'), revenue('BAN_TRU'), suspense].map(isSchoolWide)).toEqual([true, true, true]);
  expect([receivable('s'), credit('s'), wallet('s')].map(isSchoolWide)).toEqual([false, false, false]);
});

test('accounts whose balance is not the sum of their postings are named, also those that only one side knows', () => {
  const sum = (account: string, debit: bigint) => ({ account, debit: vnd(debit), credit: zero }) as Movement;
  expect(unlike([sum('a', 1n), sum('b', 2n)], [sum('b', 2n), sum('a', 1n)])).toEqual([]);
  expect(unlike([sum('c', 1n), sum('a', 1n)], [sum('a', 2n), sum('b', 1n)])).toEqual(['a', 'b', 'c']);
});
