import type { PrintBookResponse } from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { err, ok, type Result } from '@schoolbell/kernel';
import { type EdgeCall, type EdgeDeps, type InputRefused, readInput } from '@schoolbell/service-kit';
import type { z } from 'zod';
import type { CanteenTx } from '../../../tx.ts';
import { readBook } from '../../../usecases/kitchen/read-book.ts';
import { readPortions } from '../../../usecases/kitchen/read-portions.ts';
import { bookInput } from '../input.ts';
import type { KitchenRefused } from '../refusals.ts';
import { foodSheet } from './food-sheet.ts';
import { portionSheet } from './portion-sheet.ts';
import { createPrinter } from './printer.ts';
import type { Sheet } from './sheet.ts';

type BookRequest = z.output<typeof bookInput>;

/** What a thread draws in a few seconds: a month of step 1 has about 500 rows. */
const mostRows = 1_000;

const names: Readonly<Record<BookRequest['book'], string>> = {
  STEP1: 'kiem-thuc-buoc-1',
  STEP2: 'kiem-thuc-buoc-2',
  STEP3: 'kiem-thuc-buoc-3',
  SAMPLES: 'luu-mau-thuc-an',
  PORTIONS: 'suat-an',
};

const print = createPrinter();

/** rpc PrintBook: reads first, without a transaction, and draws when it holds nothing of the database any more. */
export async function printBook(
  request: unknown,
  call: EdgeCall,
  { read }: EdgeDeps<CanteenTx>,
): Promise<Result<PrintBookResponse, KitchenRefused | InputRefused>> {
  const input = readInput(bookInput, request);
  if (!input.ok) return input;
  const { book, from, until } = input.value;
  const sheet = await read(call, (tx) => sheetOf(tx, input.value));
  if (!sheet.ok) return sheet;
  const rows = rowsOf(sheet.value);
  if (rows > mostRows) return err({ code: 'BOOK_TOO_LONG', rows, most: mostRows });
  const printed = await print(sheet.value);
  if (!printed.ok) return printed;
  const days = from === until ? from : `${from}_${until}`;
  return ok({ pdf: Buffer.from(printed.value), fileName: `${names[book]}_${days}.pdf`, rows });
}

async function sheetOf(tx: CanteenTx, { book, ...span }: BookRequest): Promise<Result<Sheet, KitchenRefused>> {
  if (book === 'PORTIONS') {
    const found = await readPortions(tx, span);
    return found.ok ? ok(portionSheet(found.value)) : found;
  }
  const found = await readBook(tx, span);
  return found.ok ? ok(foodSheet(found.value.school, book, found.value.records)) : found;
}

function rowsOf({ chapters }: Sheet): number {
  return chapters.flatMap(({ tables }) => tables).reduce((sum, { rows }) => sum + rows.length, 0);
}
