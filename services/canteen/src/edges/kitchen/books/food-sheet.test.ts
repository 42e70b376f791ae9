import { expect, test } from 'vitest';
import { cook, emptyRecord, fullRecord } from '../../../../test/kitchen-facts.ts';
import { foodSheet } from './food-sheet.ts';

test.each(['STEP1', 'STEP2', 'STEP3', 'SAMPLES'] as const)('%s has a width for each of its columns', (book) => {
  const [chapter] = foodSheet('Trường', book, [fullRecord()]).chapters;
  for (const { columns } of chapter?.tables ?? []) {
    expect(columns.filter(({ share }) => share === 1)).toEqual([]);
    expect(columns[0]).toMatchObject({ title: 'TT', align: 'center' });
  }
});

test('each meal is a chapter that says day, portions, dishes and who looked', () => {
  const sheet = foodSheet('Trường', 'STEP2', [fullRecord(), emptyRecord()]);
  expect(sheet).toMatchObject({ school: 'Trường', form: expect.stringContaining('QĐ 1246/QĐ-BYT') });
  expect(sheet.chapters.map(({ heading }) => heading)).toEqual(['Bữa trưa, ngày 23-11-2026', 'Bữa trưa, ngày 23-11-2026']);
  expect(sheet.chapters[0]?.facts.join(' ')).toContain(`412. Món ăn: Cá thu sốt cà chua, Canh chua bông so đũa. Người kiểm tra: ${cook}.`);
  expect(sheet.chapters[1]?.facts.join(' ')).toContain('Người kiểm tra: ……');
});
