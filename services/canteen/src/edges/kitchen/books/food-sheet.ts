import { type BookPart, bookParts, checkersOf, dateText, type FoodBook, mealNames } from '../../../domain/kitchen/food-check-book.ts';
import type { KitchenRecord } from '../../../domain/kitchen/food-check-order.ts';
import type { Chapter, Sheet, SheetColumn } from './sheet.ts';

interface Form {
  readonly title: string;
  readonly form: string;
  /** The people who checked, as the book calls them. */
  readonly checkers: string;
  readonly signatures: readonly string[];
  /** Widths of the columns of each part; their content never changes so much that they would have to be calculated. */
  readonly shares: readonly (readonly number[])[];
  /** Columns with centred cells, of each part. */
  readonly centred: readonly (readonly number[])[];
  readonly place: string;
}

const decision = 'QĐ 1246/QĐ-BYT ngày 31-3-2017';
const signatures = ['Người kiểm tra', 'Bếp trưởng', 'Nhân viên y tế', 'Hiệu trưởng'];

const forms: Readonly<Record<FoodBook, Form>> = {
  STEP1: {
    title: 'KIỂM TRA TRƯỚC KHI CHẾ BIẾN THỨC ĂN (BƯỚC 1)',
    form: `Mẫu số 1, ${decision}`,
    checkers: 'Người kiểm tra',
    signatures,
    shares: [
      [2, 7.5, 5, 5, 8, 9, 6.5, 5.5, 5.5, 5.5, 5.5, 5, 8],
      [2, 7.5, 8, 5, 5, 8, 9, 6.5, 5, 6.5, 5.5, 5.5, 7.5],
    ],
    centred: [
      [0, 10, 11],
      [0, 8, 11],
    ],
    place: 'Địa điểm kiểm tra',
  },
  STEP2: {
    title: 'KIỂM TRA KHI CHẾ BIẾN THỨC ĂN (BƯỚC 2)',
    form: `Mẫu số 2, ${decision}`,
    checkers: 'Người kiểm tra',
    signatures,
    shares: [[2, 4.5, 9, 17, 3.8, 4.2, 4.4, 3, 3.4, 3, 3.4, 3, 3.4, 3, 3.4, 10]],
    centred: [[0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]],
    place: 'Địa điểm kiểm tra',
  },
  STEP3: {
    title: 'KIỂM TRA TRƯỚC KHI ĂN (BƯỚC 3)',
    form: `Mẫu số 3, ${decision}`,
    checkers: 'Người kiểm tra',
    signatures,
    shares: [[2, 5, 11, 4, 4.5, 4.8, 11, 3.4, 3.8, 3.4, 3.8, 12, 8, 6]],
    centred: [[0, 3, 4, 5, 7, 8, 9, 10]],
    place: 'Địa điểm kiểm tra',
  },
  SAMPLES: {
    title: 'SỔ THEO DÕI LƯU VÀ HỦY MẪU THỨC ĂN',
    form: `Mẫu số 5, ${decision}`,
    checkers: 'Người lưu mẫu',
    signatures: ['Người lưu mẫu', 'Người hủy mẫu', 'Nhân viên y tế', 'Hiệu trưởng'],
    shares: [[2, 9, 4.5, 4, 5, 7, 5, 5.5, 7, 5.5, 5.5, 7, 7, 9]],
    centred: [[0, 3, 4, 6]],
    place: 'Nơi lưu mẫu',
  },
};

/** One of the four books of food safety, a chapter for each meal. */
export function foodSheet(school: string, book: FoodBook, records: readonly KitchenRecord[]): Sheet {
  const { title, form, signatures: signed } = forms[book];
  return { school, title, form, signatures: signed, chapters: records.map((record) => chapterOf(record, book)) };
}

function chapterOf(record: KitchenRecord, book: FoodBook): Chapter {
  const { serving } = record;
  const { checkers, shares, centred, place } = forms[book];
  const people = checkersOf(record, book).join(', ');
  return {
    heading: `${mealNames[serving.meal]}, ngày ${dateText(serving.date)}`,
    facts: [
      `Số suất ăn dự kiến: ${serving.portions}. Món ăn: ${serving.dishes.map(({ name }) => name).join(', ')}.`,
      `${checkers}: ${people === '' ? '………………………………' : people}. ${place}: ………………………………`,
    ],
    tables: bookParts(record, book).map((part, at) => ({
      title: part.title,
      columns: columnsOf(part, shares[at] ?? [], centred[at] ?? []),
      rows: part.rows.map(({ cells }) => cells),
      notes: part.rows.flatMap(({ cells: [number = ''], corrections }) => corrections.map((text) => `Dòng ${number}. ${text}`)),
    })),
  };
}

function columnsOf({ columns }: BookPart, shares: readonly number[], centred: readonly number[]): SheetColumn[] {
  return columns.map((column, at) => ({ ...column, share: shares[at] ?? 1, ...(centred.includes(at) && { align: 'center' as const }) }));
}
