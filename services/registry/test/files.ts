import { parseSchoolDate, type SchoolDate } from '@schoolbell/kernel';
import { type BuiltCell, buildWorkbook } from './workbook.ts';

/** A pupil as a test wants the workbook to state it; what is left out is in order. */
export interface PupilFacts {
  readonly code?: BuiltCell;
  readonly number?: BuiltCell;
  readonly name?: BuiltCell;
  readonly birth?: BuiltCell;
  readonly sex?: BuiltCell;
  readonly className?: BuiltCell;
  readonly state?: BuiltCell;
  readonly since?: BuiltCell;
}

export const headings = [
  'STT',
  'Mã lớp (*)',
  'Họ tên (*)',
  'Ngày sinh (*)\n(dd/mm/yyyy)',
  'Giới tính',
  'Trạng thái HS',
  'Ngày nhập trạng thái',
  'Mã học sinh',
  'Số định danh cá nhân',
];

export function pupilLine(facts: PupilFacts, i: number): BuiltCell[] {
  const tail = String(i + 1).padStart(6, '0');
  const given: Required<PupilFacts> = {
    code: `79000701${tail}`,
    number: `079220${tail}`,
    name: `Nguyễn Văn ${i + 1}`,
    birth: '03/05/2020',
    sex: 'Nam',
    className: '1A',
    state: 'Đang học',
    since: '05/09/2026',
    ...facts,
  };
  return [i + 1, given.className, given.name, given.birth, given.sex, given.state, given.since, given.code, given.number];
}

/** A sector workbook with these pupils; the first stands in row 2. */
export function rosterOf(pupils: readonly PupilFacts[]): Uint8Array {
  return buildWorkbook([{ name: 'C1-HocSinh', lines: [headings, ...pupils.map(pupilLine)] }]);
}

export const contactHeadings = 'Mã học sinh,Họ tên người giám hộ,Quan hệ,Điện thoại,Email,Ngôn ngữ,Nhận thông báo';

/** A contact list with these lines; the first stands in row 2. */
export function contactsOf(lines: readonly string[]): Uint8Array {
  return Buffer.from(`\ufeff${[contactHeadings, ...lines].join('\r\n')}\r\n`);
}

export function day(text: string): SchoolDate {
  const parsed = parseSchoolDate(text);
  if (!parsed) throw new Error(`${text} is no day`);
  return parsed;
}
