import { isPositive, lessThan, minus, plus, type SchoolDate, sum, vnd, zero } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outstanding } from '../invoices/invoice.ts';
import { type Meal, type Month, monthOf } from './meal.ts';
import { billMeals, stillToCharge, type Table, withoutInvoice } from './meal-bill.ts';
import { creditDue, isDue, type MealMonth, type Portion, reserved } from './portion.ts';

const day = (text: string) => text as SchoolDate;
const december = '2026-12' as Month;
const draft = {
  ...{ id: 'i1', studentId: 's1', studentName: 'Bùi Thanh Giang', className: '1A', title: 'Tiền ăn tháng 12/2026' },
  ...{ dueOn: day('2026-12-15'), issuedAt: new Date('2026-12-01T02:00:00Z'), runId: 'r1' },
};

let booked = 0;
const portionOn = (date: string, told: Partial<Portion> = {}): Portion => {
  booked++;
  const price = vnd(35_000n);
  const standing = { status: 'BOOKED', standsBy: 1, pricedBy: 1, charges: [], supported: undefined, entries: 0 } as const;
  const portion: Portion = { bookingId: `b${booked}`, date: day(date), meal: 'LUNCH', price, credited: zero, ...standing, ...told };
  return { ...portion, credited: creditDue(portion) };
};
const monthsFrom = (portions: readonly Portion[]): MealMonth[] =>
  [...Map.groupBy(portions, ({ date }) => monthOf(date))].map(([month, own]) => ({
    studentId: 's1',
    month,
    portions: own,
    recheck: false,
  }));
const tableWith = (portions: readonly Portion[], told: Partial<Table> = {}): Table => {
  const balance = sum(portions.map(({ credited }) => credited));
  return { months: monthsFrom(portions), balance, until: december, left: undefined, ...told };
};

test('a table on which nothing is due gives no bill', () => {
  expect(billMeals(draft, tableWith([]))).toBeUndefined();
  expect(billMeals(draft, tableWith([portionOn('2026-12-07', { price: zero })]))).toBeUndefined();
  expect(billMeals(draft, tableWith([portionOn('2027-01-04')]))).toBeUndefined();
});

test('lines tell meals of the month, of months before and rises of a price apart', () => {
  const charged = { charges: [{ invoiceId: 'i0', amount: vnd(30_000n) }] };
  const portions = [
    ...[portionOn('2026-12-07'), portionOn('2026-12-08'), portionOn('2026-12-07', { meal: 'SNACK', price: vnd(12_000n) })],
    ...[portionOn('2026-11-30'), portionOn('2026-11-27', charged)],
  ];
  const bill = billMeals(draft, tableWith(portions));
  expect(bill?.invoice.lines.map(({ name, amount }) => [name, amount.minorUnits])).toEqual([
    ['Tiền ăn bữa trưa tháng 11/2026 (kỳ trước chưa thu)', 35_000n],
    ['Chênh lệch giá tiền ăn bữa trưa tháng 11/2026', 5_000n],
    ['Tiền ăn bữa trưa tháng 12/2026', 70_000n],
    ['Tiền ăn bữa phụ tháng 12/2026', 12_000n],
  ]);
});

test('a credit account below zero is a line, and one above it pays at once', () => {
  const portions = [portionOn('2026-12-07')];
  const owing = billMeals(draft, tableWith(portions, { balance: vnd(-20_000n) }));
  expect(owing?.invoice.lines.at(-1)).toMatchObject({ code: 'CARRIED_OVER', name: 'Kỳ trước chuyển sang', amount: vnd(20_000n) });
  expect(billMeals(draft, tableWith([], { balance: vnd(-20_000n) }))?.invoice.total).toEqual(vnd(20_000n));
  expect(billMeals(draft, tableWith(portions, { balance: vnd(90_000n) }))?.invoice).toMatchObject({
    status: 'PAID',
    creditApplied: vnd(35_000n),
  });
});

test('of a pupil who left, meals to come that nobody has cut yet are not asked for', () => {
  const portions = [
    portionOn('2026-12-07'),
    portionOn('2026-12-08'),
    portionOn('2026-12-09', { status: 'CANCELLED' }),
    portionOn('2026-12-10'),
  ];
  const left = { on: day('2026-12-07'), today: day('2026-12-09') };
  expect(stillToCharge(tableWith(portions, { left, until: undefined }))).toEqual(vnd(105_000n));
  expect(stillToCharge(tableWith(portions, { left: { ...left, today: day('2027-01-01') }, until: undefined }))).toEqual(vnd(140_000n));
});

test('a month without a voided invoice is as it was before, and one that the invoice was not about stays the same', () => {
  const table = tableWith([portionOn('2026-12-07'), portionOn('2026-11-30')]);
  const bill = billMeals(draft, table);
  for (const month of bill?.months ?? []) {
    expect(withoutInvoice(month, 'i1')).toEqual(table.months.find((each) => each.month === month.month));
    expect(withoutInvoice(month, 'i2')).toBeUndefined();
  }
});

const anyPortion = fc
  .record({
    date: fc.constantFrom('2026-10-05', '2026-11-30', '2026-12-07', '2026-12-08', '2027-01-04', '2027-03-01'),
    meal: fc.constantFrom<Meal>('BREAKFAST', 'LUNCH', 'SNACK'),
    price: fc.bigInt(0n, 60_000n).map(vnd),
    status: fc.constantFrom('BOOKED' as const, 'CANCELLED' as const, 'CUT_LATE' as const),
    charged: fc.option(fc.bigInt(1n, 60_000n), { nil: undefined }),
  })
  .map(({ date, charged, ...told }) =>
    portionOn(date, { ...told, charges: charged === undefined ? [] : [{ invoiceId: 'i0', amount: vnd(charged) }] }),
  );

test('whatever is on the table, a bill asks for all that is due and no more, and spends no credit that another bill needs', () => {
  fc.assert(
    fc.property(fc.array(anyPortion, { maxLength: 12 }), fc.bigInt(-50_000n, 50_000n), (portions, other) => {
      const credits = sum(portions.map(({ credited }) => credited));
      const table = tableWith(portions, { balance: plus(credits, vnd(other)) });
      const due = stillToCharge(table);
      const bill = billMeals(draft, table);
      const after = new Map(table.months.map((month) => [month.month, month]));
      for (const month of bill?.months ?? []) after.set(month.month, month);
      const all = [...after.values()].flatMap((month) => month.portions);
      expect(all.filter((portion) => portion.date < '2027-01-01' && isDue(portion))).toEqual([]);
      const meals = bill?.invoice.lines.filter(({ code }) => code !== 'CARRIED_OVER') ?? [];
      expect(sum(meals.map(({ amount }) => amount))).toEqual(due);
      const carried = minus(bill?.invoice.total ?? zero, due);
      const left = plus(minus(table.balance, bill?.invoice.creditApplied ?? zero), carried);
      const needed = sum(all.map(reserved));
      expect(lessThan(left, needed)).toBe(false);
      if (bill && isPositive(outstanding(bill.invoice))) expect(left).toEqual(needed);
    }),
  );
});
