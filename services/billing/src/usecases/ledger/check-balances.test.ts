import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { checkBalances } from './check-balances.ts';

const schools = testSchools();

test('balances are the sums of their postings, and one that is not is named', async () => {
  const [billing, other] = [schools.newSchool(), schools.newSchool()];
  for (const school of [billing, other]) {
    const invoice = await school.given.openInvoice();
    await school.hear(noticeFor(await school.given.attempt(invoice)));
  }
  const check = () => billing.transact(checkBalances);
  expect(await check()).toEqual([]);

  const rows = billing.database.db.collection<{ _id: string; account: string }>('balances');
  const wrong = await rows.findOneAndUpdate({ schoolId: billing.schoolId, account: 'clearing:vnpay' }, { $inc: { debit: 1n } });
  expect(await check()).toEqual(['clearing:vnpay']);
  await rows.deleteOne({ _id: wrong?._id ?? '' });
  expect(await check()).toEqual(['clearing:vnpay']);
  expect(await other.transact(checkBalances)).toEqual([]);
});
