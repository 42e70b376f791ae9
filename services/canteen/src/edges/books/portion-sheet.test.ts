import { expect, test } from 'vitest';
import { at, lunch } from '../../../test/facts.ts';
import { portionSheet } from './portion-sheet.ts';

const pupil = { studentId: 's', studentName: 'Hoàng Lê Phương Uyên', classId: 'a', className: '1A' };
const row = { classId: 'a', className: '1A', diet: 'STANDARD', portions: 30, told: 31, cutLate: 2 } as const;
const [chapter] = portionSheet({
  school: 'Trường',
  meals: [
    {
      ...lunch(),
      dishes: ['Cá thu sốt cà chua'],
      rows: [
        row,
        { ...row, diet: 'VEGETARIAN', portions: 2, told: 2, cutLate: 0 },
        { ...row, classId: 'b', className: '1B', portions: 28, told: 28 },
      ],
      lateChanges: [{ ...pupil, bookingId: 'b', kind: 'CUT_LATE', reportedAt: at('08:10'), heardAt: at('08:11') }],
      careful: [
        { ...pupil, diet: { kind: 'VEGETARIAN', note: 'Dị ứng dâu tây', avoided: ['FISH', 'MILK'] }, dishes: ['Cá thu sốt cà chua'] },
      ],
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

test('who must not eat what gets a line to be signed, and late changes say what the kitchen must do', () => {
  expect(chapter?.tables[1]?.rows).toEqual([
    ['1', '1A', 'Hoàng Lê Phương Uyên', 'Ăn chay', 'cá, nước mắm, sữa', 'Cá thu sốt cà chua', 'Dị ứng dâu tây', ''],
  ]);
  expect(chapter?.tables[2]?.rows).toEqual([
    ['1', '1A', 'Hoàng Lê Phương Uyên', 'Báo trễ: suất đã nấu, học sinh không ăn', '08:10', '08:11'],
  ]);
});
