import type { CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { Handlers } from '@schoolbell/service-kit';
import type { Meal } from '../../domain/meals/meal.ts';
import { readBook } from '../../usecases/kitchen/read-book.ts';
import { readPortions } from '../../usecases/kitchen/read-portions.ts';
import { type CanteenDeps, scopeOf } from '../calls.ts';
import { type Book, bookInput } from '../kitchen-input.ts';
import type { KitchenRefused } from '../kitchen-refusal-texts.ts';
import { refusedKitchen } from '../kitchen-refusals.ts';
import { read as readInput } from '../scalars.ts';
import { foodSheet } from './food-sheet.ts';
import { portionSheet } from './portion-sheet.ts';
import { createPrinter } from './printer.ts';
import type { Sheet } from './sheet.ts';

/** What a thread draws in a few seconds: a month of step 1 has about 500 rows. */
const mostRows = 1_000;

const names: Readonly<Record<Book, string>> = {
  STEP1: 'kiem-thuc-buoc-1',
  STEP2: 'kiem-thuc-buoc-2',
  STEP3: 'kiem-thuc-buoc-3',
  SAMPLES: 'luu-mau-thuc-an',
  PORTIONS: 'suat-an',
};

interface Asked {
  readonly book: Book;
  readonly from: SchoolDate;
  readonly until: SchoolDate;
  readonly meal: Meal | undefined;
}

/** rpc PrintBook: reads first, without a transaction, and draws when nothing is held any more. */
export function bookPrinting(deps: CanteenDeps): Handlers<typeof CanteenServiceService>['printBook'] {
  const print = createPrinter();
  return async (request, call) => {
    const asked = readInput(bookInput, request);
    if (!asked.ok) return refusedKitchen(asked.refusal);
    const { book, from, until } = asked.value;
    const sheet = await sheetOf(deps, asked.value, scopeOf(call));
    if (!sheet.ok) return refusedKitchen(sheet.refusal);
    const rows = rowsOf(sheet.value);
    if (rows > mostRows) return refusedKitchen({ code: 'BOOK_TOO_LONG', rows, most: mostRows });
    const printed = await print(sheet.value);
    if (!printed.ok) return refusedKitchen(printed.refusal);
    const days = from === until ? from : `${from}_${until}`;
    return ok({ pdf: Buffer.from(printed.value), fileName: `${names[book]}_${days}.pdf`, rows });
  };
}

async function sheetOf(
  { read }: CanteenDeps,
  { book, ...span }: Asked,
  scope: ReturnType<typeof scopeOf>,
): Promise<Result<Sheet, KitchenRefused>> {
  if (book === 'PORTIONS') {
    const found = await read(scope, (tx) => readPortions(tx, span));
    return found.ok ? ok(portionSheet(found.value)) : err(found.refusal);
  }
  const found = await read(scope, (tx) => readBook(tx, span));
  return found.ok ? ok(foodSheet(found.value.school, book, found.value.records)) : err(found.refusal);
}

function rowsOf({ chapters }: Sheet): number {
  return chapters.flatMap(({ tables }) => tables).reduce((sum, { rows }) => sum + rows.length, 0);
}
