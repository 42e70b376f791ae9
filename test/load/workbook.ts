import { type BuiltCell, buildWorkbook } from '@schoolbell/registry/test/workbook.ts';

const familyNames = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Đặng', 'Bùi'];
const middleNames = ['Thanh', 'Thùy', 'Hoàng Bảo', 'Minh', 'Ngọc', 'Gia', 'Quốc', 'Thị Kim', 'Đức'];
const givenNames = ['Giang', 'Anh', 'Ngọc', 'Khang', 'Nhi', 'Phúc', 'Trâm', 'Long', 'Vy', 'Huy', 'My'];
const gradeSize = 2_000;
const classSize = 40;

const titles = [
  'STT',
  'Mã lớp (*)',
  'Số định danh cá nhân',
  'Họ tên (*)',
  'Loại khuyết tật',
  'Dân tộc',
  'Ngày sinh (*)\n(dd/mm/yyyy)',
  'Ngày nhập trạng thái\n(dd/mm/yyyy)',
  'Trạng thái HS',
  'Mã học sinh',
  'Giới tính',
];
const groups = titles.map((title) =>
  title.includes('Mã lớp') ? 'Lớp' : title.includes('rạng thái') ? 'Trạng thái' : 'Thông tin học sinh',
);

/** A sector workbook of the shape of C1-HocSinh.xlsx, its dictionary sheets included, with so many pupils and nothing wrong in it. */
export function rosterOf(pupils: number): Buffer {
  const heading = [['SỞ GIÁO DỤC VÀ ĐÀO TẠO'], ['DANH SÁCH HỌC SINH NĂM HỌC 2026-2027 (mã trường 79000701)'], [], groups, titles];
  const lines = Array.from({ length: pupils }, (_, nth) => lineOf(nth));
  const dictionaries = Array.from({ length: 16 }, (_, nth) => ({
    name: `DM${String(nth + 1).padStart(2, '0')}`,
    lines: [
      ['Mã', 'Tên'],
      ['1', 'Kinh'],
    ],
  }));
  return Buffer.from(buildWorkbook([{ name: 'C1-HocSinh', lines: [...heading, ...lines] }, ...dictionaries]));
}

function lineOf(nth: number): BuiltCell[] {
  const grade = 1 + Math.floor(nth / gradeSize);
  const inGrade = nth % gradeSize;
  const className = `${grade}A${1 + Math.floor(inGrade / classSize)}`;
  const birthYear = 2_021 - grade;
  const girl = nth % 2 === 0;
  const serial = String(nth).padStart(6, '0');
  // Place, century and sex, birth year, serial number.
  const personNumber = `079${girl ? 3 : 2}${String(birthYear % 100).padStart(2, '0')}${serial}`;
  const birthDate = `${two(1 + (nth % 28))}/${two(1 + (nth % 12))}/${birthYear}`;
  const name = `${at(familyNames, nth)} ${at(middleNames, nth)} ${at(givenNames, nth)}`;
  const known = ['Đang học', `79000701${serial}`, girl ? 'Nữ' : 'Nam'];
  return [nth + 1, className, personNumber, name, undefined, 'Kinh', birthDate, '05/09/2026', ...known];
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function at(names: readonly string[], nth: number): string {
  return names[nth % names.length] ?? '';
}
