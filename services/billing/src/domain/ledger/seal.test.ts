import { createHash } from 'node:crypto';
import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { clearing, credited, debited, type LedgerTxn, ledgerTxn, receivable } from './ledger.ts';
import { firstFault, sealUp } from './seal.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const at = new Date('2026-11-21T02:00:00Z');
const entry = (id: string, amount = 5n) =>
  ledgerTxn({
    id,
    reference: id,
    kind: 'MONEY_RECEIVED',
    effectiveAt: at,
    postedAt: at,
    causationId: 'c',
    postings: [debited(clearing('vnpay'), vnd(amount)), credited(receivable('s'), vnd(amount))],
  });
const txns = ['a', 'b', 'c'].map((id) => entry(id));
const first = sealUp(undefined, txns, hash);
const second = sealUp(first, [entry('d')], hash);
const check = (found: readonly LedgerTxn[]) => firstFault(first, { before: undefined, txns: found, hash });

test('an untouched ledger has no fault', () => {
  expect(check(txns)).toBeUndefined();
  expect(firstFault(second, { before: first, txns: [entry('d')], hash })).toBeUndefined();
});

test.each([
  ['a changed amount', [entry('a'), entry('b', 6n), entry('c')], 'b', 'CHANGED'],
  ['a removed entry', [entry('a'), entry('c')], 'b', 'MISSING'],
  ['a removed last entry', [entry('a'), entry('b')], 'c', 'MISSING'],
  ['an added entry', [entry('a'), entry('a2'), entry('b'), entry('c')], 'a2', 'ADDED'],
  ['an added last entry', [...txns, entry('c2')], 'c2', 'ADDED'],
  ['two entries swapped', [entry('b'), entry('a'), entry('c')], 'a', 'MISSING'],
])('%s is named', (_, found, txnId, fault) => {
  expect(check(found)).toEqual({ seq: 1, txnId, fault });
});

test('a seal that is missing, repeated or does not follow the one before breaks the chain', () => {
  expect(firstFault(second, { before: undefined, txns: [entry('d')], hash })).toMatchObject({ seq: 2, fault: 'CHAIN_BROKEN' });
  const forged = sealUp(undefined, [entry('a'), entry('b')], hash);
  expect(firstFault(second, { before: forged, txns: [entry('d')], hash })).toMatchObject({ fault: 'CHAIN_BROKEN' });
});
