import { type SchoolDate, vnd } from '@schoolbell/kernel';
import type { SchoolYear } from '../src/domain/meals/calendar.ts';
import type { CutoffRule } from '../src/domain/meals/cutoff.ts';
import type { MealOfDay } from '../src/domain/meals/meal.ts';
import type { MealPrice } from '../src/domain/meals/price.ts';

export const day = (text: string): SchoolDate => text as SchoolDate;
export const monday = day('2026-11-23');
/** A clock time of Vietnam; the day is a Monday in November unless another is given. */
export const at = (clock: string, date = monday): Date => new Date(`${date}T${clock}:00+07:00`);
export const lunch = (date = monday): MealOfDay => ({ date, meal: 'LUNCH' });

export const year = (facts: Partial<SchoolYear> = {}): SchoolYear => ({
  name: '2026-2027',
  firstDay: day('2026-09-05'),
  lastDay: day('2027-05-31'),
  holidays: [
    { firstDay: day('2026-12-31'), lastDay: day('2027-01-01'), name: 'Tết Dương lịch', citation: 'Bộ luật Lao động 2019, Điều 112' },
  ],
  weekdays: { MORNING: [1, 2, 3, 4, 5], AFTERNOON: [1, 2, 3, 4] },
  announcedAt: at('08:00', day('2026-09-01')),
  ...facts,
});

export const price = (facts: Partial<MealPrice> = {}): MealPrice => ({
  ...{ id: crypto.randomUUID(), meal: 'LUNCH', amount: vnd(35_000n) },
  ...{ effectiveFrom: day('2026-09-05'), effectiveUntil: undefined, citation: 'Thỏa thuận với cha mẹ học sinh, 05-09-2026' },
  ...facts,
});

/** Until 07:30 of the day; an absent half-day is enough. */
export const rule = (facts: Partial<CutoffRule> = {}): CutoffRule => ({
  ...{ id: crypto.randomUUID(), meal: 'LUNCH', daysBefore: 0, time: '07:30', halfDayRule: 'ANY_HALF' },
  ...{ effectiveFrom: day('2026-09-05'), effectiveUntil: undefined, citation: 'Nội quy bán trú 2026-2027' },
  ...facts,
});
