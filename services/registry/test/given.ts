import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { parseSchoolDate, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import type { Import, ImportKind } from '../src/domain/import.ts';
import { readFile } from '../src/edges/files/read-file.ts';
import { collections } from '../src/store/indexes.ts';
import { type RegistryTx, registryTx } from '../src/tx.ts';
import { applyImportChunk } from '../src/usecases/apply-import-chunk.ts';
import { planImport } from '../src/usecases/plan-import.ts';
import { startImport } from '../src/usecases/start-import.ts';
import { type BuiltCell, buildWorkbook } from './workbook.ts';

export const schoolId = '0198c1de-0000-7000-8000-000000000001';
export const otherSchoolId = '0198c1de-0000-7000-8000-000000000002';
export const principal = 'principal@79000701';

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

export interface Registry {
  readonly database: TestDatabase<RegistryTx>;
  /** Reads and plans; `importId` is made up when not given. */
  readonly plan: (kind: ImportKind, bytes: Uint8Array, importId?: string) => Promise<Import>;
  /** Starts a planned import and takes it over to its end. */
  readonly apply: (planned: Import) => Promise<Import>;
  readonly take: (kind: ImportKind, bytes: Uint8Array) => Promise<Import>;
  readonly announced: () => Promise<NonNullable<RegistryEvent['event']>[]>;
  readonly setDay: (day: string) => void;
}

/** Registry's use cases on a database of their own. */
export async function openRegistry(): Promise<Registry> {
  const database = await testDatabase(collections, registryTx);
  let now = new Date('2026-11-21T02:00:00Z');
  const setDay = (day: string): void => {
    now = new Date(`${day}T09:00:00+07:00`);
    database.setNow(now);
  };
  database.setNow(now);
  let made = 0;
  const newImportId = (): string => `0198c1de-0000-7000-9000-${String(++made).padStart(12, '0')}`;

  const plan: Registry['plan'] = async (kind, bytes, importId = newImportId()) => {
    const read = readFile({ kind, bytes, today: schoolDateOf(now) });
    if (!read.ok) throw new Error(`The file was refused: ${JSON.stringify(read.refusal)}`);
    const planned = await database.transact({ schoolId }, (tx) => planImport(tx, { ...read.value, importId, fileName: fileNames[kind] }));
    if (!planned.ok) throw new Error(`The plan was refused: ${planned.refusal.code}`);
    return planned.value;
  };
  const apply: Registry['apply'] = async ({ id }) => {
    const started = await database.transact({ schoolId }, (tx) => startImport(tx, { importId: id, by: principal }));
    if (!started.ok) throw new Error(`The start was refused: ${started.refusal.code}`);
    for (let more = true; more; ) {
      const applied = await database.transact({ schoolId }, (tx) => applyImportChunk(tx, { importId: id }));
      more = applied.ok && applied.value.more;
    }
    const found = await database.read({ schoolId }, (tx) => tx.imports.find(id));
    if (!found) throw new Error('The import is gone');
    return found;
  };
  return {
    database,
    plan,
    apply,
    take: async (kind, bytes) => apply(await plan(kind, bytes)),
    announced: async () => {
      const rows = await database.db.collection('outbox').find().sort({ _id: 1 }).toArray();
      return rows.flatMap(({ payload }) => RegistryEvent.decode(Uint8Array.from(payload.buffer)).event ?? []);
    },
    setDay,
  };
}

const fileNames = { ROSTER: 'C1-HocSinh.xlsx', CONTACTS: 'phu-huynh.csv' };

export function day(text: string): SchoolDate {
  const parsed = parseSchoolDate(text);
  if (!parsed) throw new Error(`${text} is no day`);
  return parsed;
}
