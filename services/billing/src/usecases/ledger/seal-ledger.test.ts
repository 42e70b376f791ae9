import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { sealLedger } from './seal-ledger.ts';
import { verifyLedger } from './verify-ledger.ts';

const schools = testSchools();
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

test('entries are sealed in their order once they have rested, each once, and the chain goes on behind them', async () => {
  const billing = schools.newSchool();
  const { database } = billing;
  database.setNow(new Date('2026-11-21T02:00:00Z'));
  for (let each = 0; each < 3; each++) await billing.given.openInvoice();
  const seal = () => billing.transact((tx) => sealLedger(tx, { hash, limit: 2 }));
  database.setNow(new Date('2026-11-21T02:01:59Z'));
  expect(await seal()).toBe(false);
  database.setNow(new Date('2026-11-21T02:02:01Z'));
  expect([await seal(), await seal(), await seal()]).toEqual([true, false, false]);
  expect(await billing.count('seals')).toBe(2);
  const checked = (seq: number) => billing.read((tx) => verifyLedger(tx, { hash, seq }));
  expect([await checked(1), await checked(2), await checked(3)]).toEqual([
    { sealed: true, fault: undefined },
    { sealed: true, fault: undefined },
    { sealed: false, fault: undefined },
  ]);
});

test('workers that seal at once make one chain', async () => {
  const billing = schools.newSchool();
  billing.database.setNow(new Date('2026-11-21T02:00:00Z'));
  for (let each = 0; each < 4; each++) await billing.given.openInvoice();
  billing.database.setNow(new Date('2026-11-21T03:00:00Z'));
  await Promise.all(Array.from({ length: 5 }, () => billing.transact((tx) => sealLedger(tx, { hash, limit: 4 }))));
  expect(await billing.count('seals')).toBe(1);
});
