import { expect, test } from 'vitest';
import { pdfText } from '../../../../test/pdf-text.ts';
import { createPrinter, printerLimits } from './printer.ts';
import type { Sheet } from './sheet.ts';

const sheet = (rows: number, facts: Partial<Sheet> = {}): Sheet => ({
  school: 'Trường Tiểu học Nguyễn Thị Định',
  title: 'SỔ THỬ',
  form: 'Mẫu số 1',
  signatures: ['Bếp trưởng', 'Hiệu trưởng'],
  chapters: [
    {
      heading: 'Bữa trưa, ngày 23-11-2026',
      facts: ['Số suất: 412'],
      tables: [
        {
          title: 'I. Thực phẩm tươi sống',
          columns: [
            { title: 'TT', share: 1, align: 'center' },
            { title: 'Tên cơ sở', group: 'Nơi cung cấp', share: 4 },
            { title: 'Điện thoại', group: 'Nơi cung cấp', share: 4 },
          ],
          rows: Array.from({ length: rows }, (_, at) => [`số ${at + 1}`, 'Nguyễn Thị Tường Vỹ', 'Gọi 0903 123 456']),
          notes: ['Dòng 1. Đính chính'],
        },
      ],
    },
  ],
  ...facts,
});
/** Only for a printer that hangs. */
const patient = { ...printerLimits, timeMs: 120_000 };
const print = createPrinter(patient);
const textOf = async (wanted: Sheet) => {
  const printed = await print(wanted);
  if (!printed.ok) throw new Error(printed.refusal.code);
  return pdfText(printed.value);
};

test('a book shows every letter of Vietnamese, with its fonts inside', async () => {
  const letters = 'ẮẰẲẴẶ ắằẳẵặ ẤẦẨẪẬ ấầẩẫậ ẾỀỂỄỆ ếềểễệ ỐỒỔỖỘ ốồổỗộ ỚỜỞỠỢ ớờởỡợ ỨỪỬỮỰ ứừửữự ỲỶỸỴ ỳỷỹỵ Đđ';
  const { pages, fonts } = await textOf(sheet(1, { title: letters }));
  expect(pages[0]).toContain(letters);
  expect(fonts.length).toBeGreaterThan(1);
  for (const { name, embedded } of fonts) expect([name, embedded]).toEqual([expect.stringMatching(/^RobotoCondensed-/), true]);
});

test('each page repeats the head of the table, the school and its own number, and no row is lost or parted', async () => {
  const { pages } = await textOf(sheet(120));
  expect(pages.length).toBeGreaterThan(2);
  for (const [at, page] of pages.entries()) {
    expect(page).toContain('I. Thực phẩm tươi sống Nơi cung cấp TT Tên cơ sở Điện thoại (1) (2) (3)');
    expect(page).toContain('Trường Tiểu học Nguyễn Thị Định');
    expect(page).toContain(`Trang ${at + 1}/${pages.length}`);
  }
  for (let row = 1; row <= 120; row++) {
    expect(pages.filter((page) => page.includes(`số ${row} Nguyễn Thị Tường Vỹ Gọi 0903 123 456`))).toHaveLength(1);
  }
  expect(pages.at(-1)).toContain('Dòng 1. Đính chính Bếp trưởng (Ký, ghi rõ họ tên) Hiệu trưởng (Ký, ghi rõ họ tên)');
});

test('a table without rows says so, and each chapter begins on a page of its own', async () => {
  const empty = sheet(0);
  const { pages } = await textOf({ ...empty, chapters: [...empty.chapters, ...sheet(1).chapters] });
  expect(pages).toHaveLength(2);
  expect(pages[0]).toContain('Không có');
});

test('the service goes on while a book is drawn', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await textOf(sheet(200));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

test.each([
  ['that takes too long', { timeMs: 1 }, 'PRINTING_TOO_LONG'],
  ['that is too large for an answer', { bytes: 1_000 }, 'BOOK_TOO_LARGE'],
])('a book %s is refused', async (_, limits, code) => {
  expect(await createPrinter({ ...patient, ...limits })(sheet(1))).toMatchObject({ refusal: { code } });
});

test('who asks while many wait is sent away, and the others get their books', async () => {
  const busy = createPrinter({ ...patient, waiting: 1 });
  const asked = await Promise.all([busy(sheet(1)), busy(sheet(1)), busy(sheet(1))]);
  expect(asked.map(({ ok }) => ok)).toEqual([true, true, false]);
  expect(asked[2]).toMatchObject({ refusal: { code: 'PRINTER_BUSY' } });
});
