import { addDays } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { at, monday } from '../../../test/facts.ts';
import { by, cook, destruction, emptyRecord, fish, fullRecord, ingredient, must, serving, soup } from '../../../test/kitchen-facts.ts';
import { bookParts, checkersOf, clockText, dateText, type FoodBook, momentText } from './food-check-book.ts';
import { destroySample, type Hold } from './sample.ts';
import { changeDishes } from './serving.ts';
import { checkIngredients } from './serving-record.ts';

const full = fullRecord();
const writing = { now: at('12:00'), by };
const rowsOf = (record: typeof full, book: FoodBook, part = 0) => bookParts(record, book)[part]?.rows ?? [];

test.each([
  ['STEP1', [13, 13]],
  ['STEP2', [16]],
  ['STEP3', [14]],
  ['SAMPLES', [14]],
] as const)('%s has as many columns as its form, and every row a cell for each', (book, wanted) => {
  const parts = bookParts(full, book);
  expect(parts.map(({ columns }) => columns.length)).toEqual(wanted);
  for (const { columns, rows } of parts) for (const { cells } of rows) expect(cells).toHaveLength(columns.length);
});

test('step 1 says what came, from whom, with which papers', () => {
  expect(rowsOf(full, 'STEP1')[0]?.cells).toEqual([
    ...['1', 'Cá thu tươi', '05:45 23-11-2026', '35 kg', 'Cửa hàng thực phẩm sạch Minh Tâm'],
    ...['12 Trần Hưng Đạo, Quận 5; 0903 123 456', 'Trần Văn Hùng', 'HĐ 0012345', 'ĐKTY 123/2026', 'KD 9981/2026', 'Đạt', '', ''],
  ]);
});

test('dry goods have a part of their own with maker and expiry', () => {
  const sauce = ingredient(full.serving.id, {
    ...{
      food: 'Nước mắm',
      category: 'DRY_PACKAGED_ADDITIVE',
      producer: 'Công ty Phú Quốc, Kiên Giang',
      quantityThousandths: 1_250,
      unit: 'lít',
    },
    ...{ expiresOn: addDays(monday, 90), storage: 'Nhiệt độ thường' },
  });
  const record = must(checkIngredients(emptyRecord(full.serving), [sauce], writing)).record;
  expect(rowsOf(record, 'STEP1')).toEqual([]);
  expect(rowsOf(record, 'STEP1', 1)[0]?.cells).toMatchObject({
    2: 'Công ty Phú Quốc, Kiên Giang',
    4: '1,25 lít',
    8: '21-02-2027',
    9: 'Nhiệt độ thường',
    11: 'Đạt',
  });
});

test('steps 2 and 3 tick one cell of each pair', () => {
  const [cooked] = rowsOf(full, 'STEP2');
  expect(cooked?.cells).toEqual([
    '1',
    'Bữa trưa',
    fish.name,
    'Cá thu tươi 35 kg',
    '412',
    '07:30',
    '09:45',
    'X',
    '',
    'X',
    '',
    'X',
    '',
    'X',
    '',
    '',
  ]);
  const [portioned] = rowsOf(full, 'STEP3');
  expect(portioned?.cells).toEqual([
    ...['1', 'Bữa trưa', fish.name, '412', '10:40', '11:00', 'Khay inox có nắp', 'X', '', 'X', '', ''],
    ...[cook, '10:50 23-11-2026'],
  ]);
});

test('the sample book says when a sample may go, when it went, and that it is held', () => {
  const [kept] = full.samples;
  const tuesday = addDays(monday, 1);
  const gone = must(destroySample(kept!, destruction(), { holds: [], replacedBy: undefined, now: at('11:00', tuesday), by }));
  const hold: Hold = { id: 'h', reason: 'Nghi ngộ độc', heldAt: at('13:00'), heldBy: 'nurse', release: undefined };
  const record = { ...full, serving: { ...full.serving, holds: [hold] }, samples: [gone, ...full.samples.slice(1)] };
  const cells = rowsOf(record, 'SAMPLES').find(({ recordId }) => recordId === gone.id)?.cells;
  expect(cells?.slice(4)).toEqual([
    ...['120 g', 'Hộp inox có nắp', '4,5', '10:30 23-11-2026', cook, '10:30 24-11-2026', '11:00 24-11-2026', cook, 'Lê Thị Ánh Ngọc'],
    'Mẫu bình thường. Đang giữ mẫu từ 13:00 23-11-2026, không được hủy',
  ]);
  expect(JSON.stringify(rowsOf(record, 'SAMPLES'))).not.toContain('ngộ độc');
  const released = { ...hold, release: { document: 'Công văn 45/TTYT', releasedAt: at('16:00'), releasedBy: 'principal' } };
  const after = { ...record, serving: { ...record.serving, holds: [released] } };
  expect(rowsOf(after, 'SAMPLES')[0]?.cells.at(-1)).toContain('Giữ mẫu từ 13:00 23-11-2026 đến 16:00 23-11-2026 theo Công văn 45/TTYT');
});

test('a correction holds, keeps its place, and is shown with what it changed; all of a chain are', () => {
  const meal = serving();
  const [a, b] = [ingredient(meal.id), ingredient(meal.id, { food: 'Cà chua' })];
  let record = must(checkIngredients(emptyRecord(meal), [a], { now: at('06:00'), by })).record;
  record = must(checkIngredients(record, [b], { now: at('06:10'), by })).record;
  const right = { ...a, id: crypto.randomUUID(), replaces: a.id, reason: 'Cân lại', quantityThousandths: 34_500 };
  record = must(checkIngredients(record, [right], { now: at('07:00'), by })).record;
  const again = { ...right, id: crypto.randomUUID(), replaces: right.id, reason: 'Thiếu số hóa đơn', invoiceNo: 'HĐ 99' };
  record = must(checkIngredients(record, [again], { now: at('08:00'), by })).record;
  const [first, second] = rowsOf(record, 'STEP1');
  expect(first).toMatchObject({
    recordId: again.id,
    cells: { 1: 'Cá thu tươi', 3: '34,5 kg', 7: 'HĐ 99', 12: 'Có đính chính, xem dưới bảng' },
  });
  expect(first?.corrections).toEqual([
    'Đính chính 08:00 23-11-2026 (Thiếu số hóa đơn): Chứng từ, hóa đơn trước ghi "HĐ 0012345"',
    'Đính chính 07:00 23-11-2026 (Cân lại): Khối lượng (kg, lít…) trước ghi "35 kg"',
  ]);
  expect(second).toMatchObject({ cells: { 0: '2', 1: 'Cà chua', 12: '' }, corrections: [] });
});

test('a food that was written in the wrong part is listed in the right one', () => {
  const meal = serving();
  const wrong = ingredient(meal.id, { food: 'Gạo' });
  let record = must(checkIngredients(emptyRecord(meal), [wrong], writing)).record;
  const right = {
    ...wrong,
    id: crypto.randomUUID(),
    replaces: wrong.id,
    reason: 'Nhầm loại',
    category: 'DRY_PACKAGED_ADDITIVE' as const,
    expiresOn: monday,
  };
  record = must(checkIngredients(record, [right], writing)).record;
  expect(rowsOf(record, 'STEP1')).toEqual([]);
  expect(rowsOf(record, 'STEP1', 1)).toMatchObject([{ recordId: right.id, corrections: [expect.stringContaining('Nhầm loại')] }]);
});

test('what was recorded of a dish that was taken off stays in the book, and says why it is off', () => {
  const input = { id: 'c', added: [], takenOff: [fish.id], reason: 'Cá có mùi lạ' };
  const without = { ...full, serving: must(changeDishes(full.serving, input, writing)) };
  expect(rowsOf(without, 'STEP2').map(({ cells }) => [cells[2], cells[15]])).toEqual([
    [soup.name, ''],
    [fish.name, 'Món đã bỏ: Cá có mùi lạ'],
  ]);
});

test('who looked is named once', () => {
  expect(checkersOf(full, 'STEP2')).toEqual([cook]);
  expect(checkersOf(emptyRecord(), 'STEP1')).toEqual([]);
});

test('times are those of Vietnam', () => {
  const late = new Date('2026-11-23T17:05:00Z');
  expect([clockText(late), momentText(late), dateText(monday)]).toEqual(['00:05', '00:05 24-11-2026', '23-11-2026']);
});
