import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import { type Finding, type FindingCode, inOrder, isError } from './finding.ts';
import type { Columns } from './heading.ts';
import { isPersonNumber, readPersonNumber, type Sex } from './person-number.ts';
import { type DateSystem, readDay } from './school-day.ts';
import { textOf } from './sheet.ts';
import type { Table, TableLine } from './table.ts';
import { fold, longest } from './text.ts';

export type RosterColumn =
  | 'ordinal'
  | 'className'
  | 'fullName'
  | 'birthDate'
  | 'sex'
  | 'sectorStatus'
  | 'code'
  | 'personNumber'
  | 'statusSince';

/** The columns of a sector workbook C1-HocSinh that are read. What else it holds (ethnicity, disability) has no purpose here. */
export const rosterColumns: Columns<RosterColumn> = {
  ordinal: { title: 'STT', alsoCalled: ['TT', 'Số thứ tự'], needed: false },
  className: { title: 'Mã lớp', needed: true },
  fullName: { title: 'Họ tên', alsoCalled: ['Họ và tên', 'Họ tên học sinh', 'Họ và tên học sinh'], needed: true },
  birthDate: { title: 'Ngày sinh', alsoCalled: ['Ngày tháng năm sinh', 'Ngày, tháng, năm sinh'], needed: true },
  sex: { title: 'Giới tính', needed: true },
  sectorStatus: { title: 'Trạng thái HS', alsoCalled: ['Trạng thái học sinh'], needed: true },
  code: { title: 'Mã học sinh', alsoCalled: ['Mã HS'], needed: true },
  personNumber: {
    title: 'Số định danh cá nhân',
    alsoCalled: ['Số định danh', 'Mã định danh cá nhân', 'Số ĐDCN', 'Số ĐDCN/CCCD'],
    needed: true,
  },
  statusSince: { title: 'Ngày nhập trạng thái', needed: false },
};

/** One pupil as a workbook states it, without errors. */
export interface RosterRow {
  readonly row: number;
  /** Issued by the sector database; absent while the pupil has none or a temporary one. */
  readonly code?: string;
  /** 12 digits. Never leaves registry. */
  readonly personNumber?: string;
  readonly fullName: string;
  readonly birthDate: SchoolDate;
  readonly sex: Sex;
  readonly className: string;
  /** As the workbook says it: "Đang học". */
  readonly sectorStatus: string;
  /** The state says that the pupil is at the school no more. */
  readonly leaves: boolean;
  readonly statusSince?: SchoolDate;
}

export interface RosterFile {
  /** What can be taken in; each has a code or a person number that no other row has. */
  readonly rows: readonly RosterRow[];
  readonly findings: readonly Finding[];
  /** Lines that state a pupil, refused ones included. */
  readonly total: number;
}

export type RosterRefused =
  | { readonly code: 'ROWS_MISSING' }
  | { readonly code: 'TOO_MANY_LINES' }
  | { readonly code: 'TOO_MANY_ROWS' }
  | { readonly code: 'FORMULA_WITHOUT_VALUE'; readonly row: number; readonly column: string };

export const mostRows = 20_000;

/** Reads the lines below a heading. `today` bounds the birth dates that can be. */
export function readRoster(
  table: Table<RosterColumn> & { found: true },
  system: DateSystem,
  today: SchoolDate,
): Result<RosterFile, RosterRefused> {
  if (table.cutOff) return err({ code: 'TOO_MANY_LINES' });
  const lines = table.lines.filter(isPupilLine);
  if (lines.length === 0) return err({ code: 'ROWS_MISSING' });
  if (lines.length > mostRows) return err({ code: 'TOO_MANY_ROWS' });
  for (const { row, cells } of lines) {
    const column = requiredColumns.find((key) => cells[key]?.kind === 'FORMULA');
    // Excel shows a value there that the file does not hold. Reading it as empty would enrol who has left.
    if (column) return err({ code: 'FORMULA_WITHOUT_VALUE', row, column: rosterColumns[column].title });
  }
  const drafts = lines.map((line) => readLine(line, system, today));
  const findings = [...drafts.flatMap(({ findings }) => findings), ...twice(drafts)];
  const refused = new Set(findings.filter(isError).map(({ row }) => row));
  const rows = drafts.flatMap(({ row }) => (row && !refused.has(row.row) ? [row] : []));
  return ok({ rows, findings: inOrder(findings), total: lines.length });
}

const requiredColumns = (Object.keys(rosterColumns) as RosterColumn[]).filter((key) => rosterColumns[key].needed);

/**
 * Titles of a section, repeated headings, sums and signatures stand among the pupils or below them. A pupil has a number in
 * front, or at least two cells that look as a pupil's do.
 */
function isPupilLine({ cells }: TableLine<RosterColumn>): boolean {
  const filled = requiredColumns.filter((key) => cells[key]);
  if (/^\d+\.?$/.test(textOf(cells.ordinal)) && filled.length > 0) return true;
  return filled.filter((key) => cells[key]?.kind === 'FORMULA' || looksRight[key]?.test(textOf(cells[key]))).length >= 2;
}

const looksRight: Partial<Record<RosterColumn, RegExp>> = {
  className: /^(?=.*\d)\S{1,10}$/u,
  birthDate: /^\d{5}(\.\d+)?$|^\d{1,4} ?[-/.] ?\d{1,2} ?[-/.] ?\d{1,4}/,
  sex: /^(nam|nữ)$/iu,
  sectorStatus: /^(đang học|chuyển|thôi học|nghỉ học|bỏ học|lưu ban|bảo lưu)/iu,
  code: /^\d{6,}$|^TAM ?-/i,
  personNumber: /^\d{6,}$/,
};

interface Draft {
  readonly row?: RosterRow;
  readonly line: number;
  readonly findings: readonly Finding[];
  /** The code as it stands, temporary ones too: two rows may not share it. */
  readonly codeText: string;
  readonly personNumber?: string | undefined;
}

function readLine({ row, cells }: TableLine<RosterColumn>, system: DateSystem, today: SchoolDate): Draft {
  const fullName = textOf(cells.fullName);
  const className = textOf(cells.className);
  const sectorStatus = textOf(cells.sectorStatus);
  const sex = sexes.get(fold(textOf(cells.sex)));
  const birthDate = readBirthDate(readDay(cells.birthDate, system), today);
  const birthYear = birthDate === undefined ? undefined : Number(birthDate.slice(0, 4));
  const number = readPersonNumber(cells.personNumber, { sex, birthYear });
  const codeText = textOf(cells.code).replaceAll(' ', '').toUpperCase();
  const temporary = /^TAM-?(.*)$/.exec(codeText)?.[1];
  const personNumber = number.personNumber ?? (temporary !== undefined && isPersonNumber(temporary) ? temporary : undefined);
  const code = temporary === undefined && codeText !== '' ? codeText : undefined;

  const codes: FindingCode[] = [...number.findings];
  if (temporary !== undefined) codes.push('TEMPORARY_ID');
  if (fullName === '') codes.push('NAME_MISSING');
  if (fullName.length > longest.name) codes.push('NAME_TOO_LONG');
  if (className === '') codes.push('CLASS_MISSING');
  if (className.length > longest.className) codes.push('CLASS_TOO_LONG');
  if (sectorStatus.length > longest.state) codes.push('STATE_TOO_LONG');
  if (codeText.length > longest.pupilCode) codes.push('PUPIL_CODE_TOO_LONG');
  if (!sex) codes.push('SEX_UNKNOWN');
  if (!birthDate) codes.push('BIRTH_DATE_IMPOSSIBLE');
  if (!code && !personNumber && !number.findings.includes('PERSON_NUMBER_MALFORMED')) codes.push('IDENTITY_MISSING');
  const draft = { line: row, findings: codes.map((code) => ({ row, code })), codeText, personNumber };
  if (!sex || !birthDate) return draft;
  const since = readDay(cells.statusSince, system);
  return {
    ...draft,
    row: {
      row,
      ...(code ? { code } : {}),
      ...(personNumber ? { personNumber } : {}),
      fullName,
      birthDate,
      sex,
      className,
      sectorStatus,
      leaves: gone.has(fold(sectorStatus)),
      ...(since ? { statusSince: since } : {}),
    },
  };
}

const sexes = new Map<string, Sex>([
  [fold('Nam'), 'MALE'],
  [fold('Nữ'), 'FEMALE'],
]);
const gone = new Set(['chuyển đi', 'thôi học'].map(fold));
// Older than any pupil of an evening class; a serial that is really a year (2020) falls before it.
const earliestBirth = '1920-01-01';

function readBirthDate(day: SchoolDate | undefined, today: SchoolDate): SchoolDate | undefined {
  return day !== undefined && day >= earliestBirth && day <= today ? day : undefined;
}

/** Every row that shares a code or a number is held: no program can tell which of them is right. */
function twice(drafts: readonly Draft[]): Finding[] {
  const findings: Finding[] = [];
  const hold = (code: FindingCode, keyOf: (draft: Draft) => string | undefined): void => {
    const lines = new Map<string, number[]>();
    for (const draft of drafts) {
      const key = keyOf(draft);
      if (!key) continue;
      const sharing = lines.get(key);
      if (sharing) sharing.push(draft.line);
      else lines.set(key, [draft.line]);
    }
    for (const shared of lines.values()) if (shared.length > 1) findings.push(...shared.map((row) => ({ row, code })));
  };
  hold('PUPIL_CODE_TWICE', ({ codeText }) => codeText);
  hold('PERSON_NUMBER_TWICE', ({ personNumber }) => personNumber);
  return findings;
}
