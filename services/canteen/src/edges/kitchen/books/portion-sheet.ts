import { clockText, dateText, mealNames, momentText } from '../../../domain/kitchen/food-check-book.ts';
import type { MenuDifference } from '../../../domain/kitchen/served-dishes.ts';
import type { ServedDish } from '../../../domain/kitchen/serving.ts';
import type { LateChange } from '../../../domain/meals/booking.ts';
import type { DietKind } from '../../../domain/meals/diet.ts';
import type { MealPortions, PortionsFound } from '../../../usecases/kitchen/read-portions.ts';
import { allergenWords } from '../../meals/words.ts';
import type { Chapter, Sheet, SheetColumn, SheetTable } from './sheet.ts';

const diets: Readonly<Record<DietKind, string>> = {
  STANDARD: 'Thường',
  VEGETARIAN: 'Ăn chay',
  NO_PORK: 'Không thịt lợn',
  SOFT: 'Cháo, mềm',
  OTHER: 'Khác',
};
const dietKinds = Object.keys(diets) as DietKind[];

const lateKinds: Readonly<Record<LateChange['kind'], string>> = {
  CUT_HEARD_LATE: 'Báo kịp giờ, bếp biết sau: bớt 1 suất',
  CUT_LATE: 'Báo trễ: suất đã nấu, học sinh không ăn',
  EXTRA: 'Đặt thêm sau giờ chốt: thêm 1 suất',
  RESTORED: 'Ăn lại: thêm 1 suất',
  HERE_WITHOUT_PORTION: 'Có mặt nhưng suất đã cắt: chưa có suất',
  DIET_CHANGED: 'Đổi chế độ ăn',
};

/** The kitchen's sheet: portions of each class and diet, the pupils who get something else, and what changed after the cut-off. */
export function portionSheet({ school, meals }: PortionsFound): Sheet {
  return {
    school,
    title: 'PHIẾU SUẤT ĂN CỦA BẾP',
    form: 'Số suất theo lớp và chế độ ăn',
    chapters: meals.map(chapterOf),
    signatures: ['Người lập', 'Bếp trưởng', 'Nhân viên y tế', 'Hiệu trưởng'],
  };
}

function chapterOf(meal: MealPortions): Chapter {
  const { date, served, rows } = meal;
  const total = rows.reduce((sum, { portions }) => sum + portions, 0);
  const atCutoff = rows.reduce((sum, row) => sum + row.portionsAtCutoff, 0);
  return {
    heading: `${mealNames[meal.meal]}, ngày ${dateText(date)}`,
    facts: [`Tổng số suất: ${total}. Bếp được báo lúc chốt: ${atCutoff}.`, dishesText(served.dishes), ...differenceText(served.difference)],
    tables: [portionTable(meal), carefulTable(meal), lateTable(meal)],
  };
}

function dishesText(dishes: readonly ServedDish[] | undefined): string {
  if (!dishes) return 'Chưa có thực đơn: bảng II có mọi học sinh phải kiêng.';
  return `Món ăn: ${dishes.map(({ name, ingredients }) => (ingredients.length > 0 ? name : unclear(name))).join(', ')}.`;
}

function unclear(name: string): string {
  return `${name} (chưa rõ thành phần)`;
}

/** Parents know the menu, so the sheet says where what is served differs from it. */
function differenceText(difference: MenuDifference | undefined): string[] {
  if (!difference) return [];
  const { version, publishedAt, notServed, notOnMenu, otherIngredients } = difference;
  const parts = [
    ...(notOnMenu.length > 0 ? [`có thêm ${notOnMenu.join(', ')}`] : []),
    ...(notServed.length > 0 ? [`không nấu ${notServed.join(', ')}`] : []),
    ...(otherIngredients.length > 0 ? [`khác thành phần: ${otherIngredients.join(', ')}`] : []),
  ];
  return [`KHÁC THỰC ĐƠN đã công bố (bản ${version}, ${momentText(publishedAt)}): ${parts.join('; ')}.`];
}

function portionTable({ rows }: MealPortions): SheetTable {
  const classes = [...new Map(rows.map((row) => [row.classId, row.className]))];
  const count = (of: (row: MealPortions['rows'][number]) => boolean, what: 'portions' | 'portionsAtCutoff' | 'cutLate' = 'portions') =>
    rows.filter(of).reduce((sum, row) => sum + row[what], 0);
  const line = (title: string, of: (row: MealPortions['rows'][number]) => boolean): string[] => [
    title,
    ...dietKinds.map((diet) => String(count((row) => of(row) && row.diet === diet) || '')),
    ...[count(of), count(of, 'portionsAtCutoff'), count(of, 'cutLate')].map(String),
  ];
  const centred: Omit<SheetColumn, 'title'> = { share: 2, align: 'center' };
  return {
    title: 'I. Số suất theo lớp',
    columns: [
      { title: 'TT', share: 1, align: 'center' },
      { title: 'Lớp', share: 3 },
      ...dietKinds.map((diet): SheetColumn => ({ title: diets[diet], group: 'Chế độ ăn', ...centred })),
      { title: 'Tổng', ...centred },
      { title: 'Đã báo lúc chốt', ...centred },
      { title: 'Báo trễ (đã nấu)', ...centred },
      { title: 'Ký nhận', share: 4 },
    ],
    rows: [
      ...classes.map(([id, name], at) => [String(at + 1), ...line(name, ({ classId }) => classId === id)]),
      ['', ...line('Cộng', () => true)],
    ],
    notes: [],
  };
}

function carefulTable({ careful }: MealPortions): SheetTable {
  return {
    title: 'II. Suất thay thế và lưu ý dị ứng',
    columns: [
      { title: 'TT', share: 1, align: 'center' },
      { title: 'Lớp', share: 2 },
      { title: 'Học sinh', share: 5 },
      { title: 'Chế độ ăn', share: 3 },
      { title: 'Không được ăn', share: 6 },
      { title: 'Món phải thay', share: 7 },
      { title: 'Ghi chú', share: 5 },
      { title: 'Món thay, người nấu ký', share: 5 },
    ],
    rows: careful.map((row, at) => {
      const { className, studentName, diet } = row;
      const avoided = diet.avoided.map((each) => allergenWords[each].vi).join(', ');
      const dishes = [...row.dishes, ...row.unclear.map(unclear)].join(', ');
      return [String(at + 1), className, studentName, diets[diet.kind], avoided, dishes, diet.note, ''];
    }),
    notes: [],
  };
}

function lateTable({ lateChanges }: MealPortions): SheetTable {
  return {
    title: 'III. Thay đổi sau giờ chốt',
    columns: [
      { title: 'TT', share: 1, align: 'center' },
      { title: 'Lớp', share: 2 },
      { title: 'Học sinh', share: 6 },
      { title: 'Thay đổi', share: 9 },
      { title: 'Báo lúc', share: 2, align: 'center' },
      { title: 'Bếp biết lúc', share: 2, align: 'center' },
    ],
    rows: lateChanges.map(({ className, studentName, kind, reportedAt, heardAt }, at) => {
      return [String(at + 1), className, studentName, lateKinds[kind], clockText(reportedAt), clockText(heardAt)];
    }),
    notes: [],
  };
}
