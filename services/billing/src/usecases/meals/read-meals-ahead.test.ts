import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { monthFrom, tableOf } from '../../../test/meals.ts';
import { readMealsAhead } from './read-meals-ahead.ts';

const schools = testSchools();

test('what was read ahead is what is there, and is not read again in the same transaction', async () => {
  const billing = schools.newSchool();
  const studentId = await billing.given.student();
  const [cut = ''] = await tableOf(billing, studentId).book(['2026-12-07']);
  await tableOf(billing, studentId).book(['2027-01-04']);
  const date = '2026-12-07' as SchoolDate;
  await billing.transact(async (tx) => {
    await readMealsAhead(tx, [
      { studentId, dates: [date, date], money: true },
      { studentId: 'nobody', dates: [], money: false },
    ]);
    await billing.database.db.collection('meal_months').deleteMany({ schoolId: billing.schoolId });
    const [month, ...others] = await tx.mealMonths.find([{ studentId, month: monthFrom('2026-12') }]);
    expect([month?.portions[0]?.bookingId, others]).toEqual([cut, []]);
    expect((await tx.ledger.credits([studentId])).get(studentId)?.minorUnits).toBe(0n);
  });
});
