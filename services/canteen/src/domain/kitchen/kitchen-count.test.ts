import { expect, test } from 'vitest';
import { booking } from '../../../test/bookings.ts';
import { at } from '../../../test/facts.ts';
import { standardDiet } from '../meals/diet.ts';
import { type CountedRow, carefulRows, kitchenRows, lateRows } from './kitchen-count.ts';

const row = (facts: Partial<CountedRow>): CountedRow => ({
  ...{ classId: 'a', className: '1A', diet: 'STANDARD', dietAtCutoff: 'STANDARD', portions: 0, portionsAtCutoff: 0, cutLate: 0 },
  ...facts,
});

test('rows go by class name and diet; who changed diet late counts now in one and then in the other', () => {
  const counted = [
    row({ classId: 'b', className: '1B', portions: 30, portionsAtCutoff: 31, cutLate: 1 }),
    row({ portions: 20, portionsAtCutoff: 20 }),
    row({ diet: 'SOFT', portions: 1, portionsAtCutoff: 1 }),
    row({ classId: 'z', className: '9Z' }),
  ];
  expect(kitchenRows(counted)).toEqual([
    { classId: 'a', className: '1A', diet: 'SOFT', portions: 1, portionsAtCutoff: 0, cutLate: 0 },
    { classId: 'a', className: '1A', diet: 'STANDARD', portions: 20, portionsAtCutoff: 21, cutLate: 0 },
    { classId: 'b', className: '1B', diet: 'STANDARD', portions: 30, portionsAtCutoff: 31, cutLate: 1 },
  ]);
});

test('late changes name the pupil and the class, by class', () => {
  const lateChanges = [{ kind: 'CUT_LATE', reportedAt: at('07:45'), heardAt: at('07:50') }] as const;
  const late = booking({ kitchen: { portion: true, portionAtCutoff: true, dietAtCutoff: 'STANDARD', lateChanges } });
  expect(lateRows([{ ...late, className: '1B', studentName: 'Bình' }, late])).toMatchObject([
    { className: '1A', studentName: 'An', kind: 'CUT_LATE' },
    { className: '1B', studentName: 'Bình' },
  ]);
});

const dishes = [
  { name: 'Thịt kho trứng', allergens: ['EGGS' as const] },
  { name: 'Canh rau', allergens: [] },
];

test('an allergy reaches the kitchen sheet with the dishes that hold it', () => {
  const eggs = booking({ diet: { ...standardDiet, avoided: ['EGGS'] } });
  const milk = booking({ studentId: 'binh', diet: { ...standardDiet, avoided: ['MILK'] } });
  expect(carefulRows([eggs, milk], dishes)).toMatchObject([{ studentId: 'an', dishes: ['Thịt kho trứng'] }]);
});

test('a dish of unknown content lists everybody who avoids anything, beside the dishes that are known to hold it', () => {
  const eggs = booking({ diet: { ...standardDiet, avoided: ['EGGS'] } });
  const milk = booking({ studentId: 'binh', studentName: 'Bình', diet: { ...standardDiet, avoided: ['MILK'] } });
  expect(carefulRows([eggs, milk], [...dishes, { name: 'Tôm rim', allergens: undefined }])).toMatchObject([
    { studentId: 'an', dishes: ['Thịt kho trứng'], unclear: ['Tôm rim'] },
    { studentId: 'binh', dishes: [], unclear: ['Tôm rim'] },
  ]);
});

test('a note is always shown, and while no menu is known everybody who avoids something', () => {
  const note = booking({ diet: { ...standardDiet, note: 'Dị ứng dâu tây' } });
  const milk = booking({ studentId: 'binh', diet: { ...standardDiet, avoided: ['MILK'] } });
  expect(carefulRows([note, milk], dishes)).toMatchObject([{ studentId: 'an', dishes: [] }]);
  expect(carefulRows([note, milk], undefined)).toHaveLength(2);
});
