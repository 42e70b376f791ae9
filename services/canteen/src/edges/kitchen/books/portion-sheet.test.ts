import { expect, test } from 'vitest';
import { at, lunch } from '../../../../test/facts.ts';
import { fish, soup } from '../../../../test/kitchen-facts.ts';
import type { Served } from '../../../domain/kitchen/served-dishes.ts';
import { portionSheet } from './portion-sheet.ts';

const pupil = { studentId: 's', studentName: 'Hoàng Lê Phương Uyên', classId: 'a', className: '1A' };
const row = { classId: 'a', className: '1A', diet: 'STANDARD', portions: 30, portionsAtCutoff: 31, cutLate: 2 } as const;
const diet = { kind: 'VEGETARIAN' as const, note: 'Dị ứng dâu tây', avoided: ['FISH' as const, 'MILK' as const] };
const served: Served = {
  dishes: [fish, { id: 'tom-rim', name: 'Tôm rim', ingredients: [] }],
  difference: { version: 2, publishedAt: at('06:30'), notServed: [soup.name], notOnMenu: ['Tôm rim'], otherIngredients: [] },
};
const [chapter] = portionSheet({
  school: 'Trường',
  meals: [
    {
      ...lunch(),
      served,
      rows: [
        row,
        { ...row, diet: 'VEGETARIAN', portions: 2, portionsAtCutoff: 2, cutLate: 0 },
        { ...row, classId: 'b', className: '1B', portions: 28, portionsAtCutoff: 28 },
      ],
      lateChanges: [{ ...pupil, bookingId: 'b', kind: 'CUT_LATE', reportedAt: at('08:10'), heardAt: at('08:11') }],
      careful: [{ ...pupil, diet, dishes: ['Cá thu sốt cà chua'], unclear: ['Tôm rim'] }],
    },
  ],
}).chapters;

test('portions are counted per class and diet, and added up', () => {
  expect(chapter?.facts[0]).toBe('Tổng số suất: 60. Bếp được báo lúc chốt: 61.');
  expect(chapter?.tables[0]?.rows).toEqual([
    ['1', '1A', '30', '2', '', '', '', '32', '33', '2'],
    ['2', '1B', '28', '', '', '', '', '28', '28', '2'],
    ['', 'Cộng', '58', '2', '', '', '', '60', '61', '4'],
  ]);
});

test('the head names what is cooked, what nobody knows the content of, and how it differs from the menu that parents know', () => {
  expect(chapter?.facts.slice(1)).toEqual([
    'Món ăn: Cá thu sốt cà chua, Tôm rim (chưa rõ thành phần).',
    `KHÁC THỰC ĐƠN đã công bố (bản 2, 06:30 23-11-2026): có thêm Tôm rim; không nấu ${soup.name}.`,
  ]);
});

test('who must not eat what gets a line to be signed, and late changes say what the kitchen must do', () => {
  expect(chapter?.tables[1]?.rows).toEqual([
    [
      '1',
      '1A',
      'Hoàng Lê Phương Uyên',
      'Ăn chay',
      'cá, nước mắm, sữa',
      'Cá thu sốt cà chua, Tôm rim (chưa rõ thành phần)',
      'Dị ứng dâu tây',
      '',
    ],
  ]);
  expect(chapter?.tables[2]?.rows).toEqual([
    ['1', '1A', 'Hoàng Lê Phương Uyên', 'Báo trễ: suất đã nấu, học sinh không ăn', '08:10', '08:11'],
  ]);
});
