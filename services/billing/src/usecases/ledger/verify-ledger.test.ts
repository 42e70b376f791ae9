import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { sealLedger } from './seal-ledger.ts';
import { verifyLedger } from './verify-ledger.ts';

const schools = testSchools();
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
let billing: Billing;
beforeEach(async () => {
  billing = schools.newSchool();
  const { database } = billing;
  database.setNow(new Date('2026-11-21T02:00:00Z'));
  for (let each = 0; each < 3; each++) await billing.given.openInvoice();
  database.setNow(new Date('2026-11-21T03:00:00Z'));
  await billing.transact((tx) => sealLedger(tx, { hash, limit: 10 }));
});
// As somebody with the database in his hands would.
const tamper = () => billing.database.db.collection<{ _id: string; postings: { debit: bigint; credit: bigint }[] }>('ledger');
const fault = async () => (await billing.read((tx) => verifyLedger(tx, { hash, seq: 1 }))).fault;

test('an amount changed on both sides, so that the books still balance, is found and named', async () => {
  const entry = await tamper().findOne({ schoolId: billing.schoolId });
  if (!entry) throw new Error('none');
  await tamper().updateOne({ _id: entry._id }, { $set: { 'postings.0.debit': 1n, 'postings.1.credit': 1n } });
  expect(await fault()).toEqual({ seq: 1, txnId: entry._id, fault: 'CHANGED' });
});

test('an entry removed is found and named', async () => {
  const [entry] = await tamper().find({ schoolId: billing.schoolId }).sort({ _id: -1 }).toArray();
  if (!entry) throw new Error('none');
  await tamper().deleteOne({ _id: entry._id });
  expect(await fault()).toEqual({ seq: 1, txnId: entry._id, fault: 'MISSING' });
});

test('an entry slipped in among old ones is found and named', async () => {
  const entry = await tamper().findOne({ schoolId: billing.schoolId });
  if (!entry) throw new Error('none');
  await tamper().insertOne({ ...entry, _id: '00000000-0000-7000-8000-000000000000', ...{ reference: 'slipped in' } });
  expect(await fault()).toEqual({ seq: 1, txnId: '00000000-0000-7000-8000-000000000000', fault: 'ADDED' });
});
