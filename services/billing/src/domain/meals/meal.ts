import { parseSchoolDate, type SchoolDate } from '@schoolbell/kernel';

/** A meal of the school day, as canteen names it. */
export type Meal = 'BREAKFAST' | 'LUNCH' | 'SNACK';

/** A month of the school calendar: "2026-12". Compare two with < and >. */
export type Month = string & { readonly __month: never };

export function monthOf(date: SchoolDate): Month {
  return date.slice(0, 7) as Month;
}

/** Reads "2026-12"; undefined for anything that is no real month. */
export function parseMonth(text: string): Month | undefined {
  return parseSchoolDate(`${text}-01`) ? (text as Month) : undefined;
}

/** As a bill has it: "12/2026". */
export function monthText(month: Month): string {
  return `${month.slice(5)}/${month.slice(0, 4)}`;
}

/** As a bill has it. */
export const mealNames: Readonly<Record<Meal, string>> = { BREAKFAST: 'bữa sáng', LUNCH: 'bữa trưa', SNACK: 'bữa phụ' };

/** Months from the one of a day to the one of another, both included; none where the second is before the first. */
export function monthsOf(first: SchoolDate, last: SchoolDate): Month[] {
  const months: Month[] = [];
  for (let [year, month] = [Number(first.slice(0, 4)), Number(first.slice(5, 7))]; ; month++) {
    if (month > 12) [year, month] = [year + 1, 1];
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}` as Month;
    if (first > last || name > monthOf(last)) return months;
    months.push(name);
  }
}
