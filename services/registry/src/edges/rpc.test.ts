import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { EnrolmentStatus, FindingLevel, ImportKind, ImportStatus, Sex } from '@schoolbell/contracts/school/registry/v1/registry';
import type { PlanImportRequest } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { decodeRefusal } from '@schoolbell/service-kit/rpc-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactsOf, rosterOf } from '../../test/files.ts';
import { type RegistryClient, type Served, serveRegistry } from '../../test/served.ts';
import { readerLimits } from './files/file-reader.ts';
import { largestRequestBytes } from './rpc.ts';

const schoolId = '0198c1de-0000-7000-8000-000000000001';
const sample = readFileSync(new URL('../../../../infra/demo/school/C1-HocSinh.xlsx', import.meta.url));
const importId = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10';
const otherImportId = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a11';
const plan: PlanImportRequest = { importId, kind: ImportKind.ROSTER, fileName: 'C1-HocSinh.xlsx', content: sample };

let served: Served;
let principal: RegistryClient;
let stranger: RegistryClient;
beforeAll(async () => {
  served = await serveRegistry();
  principal = served.client(schoolId, 'principal');
  stranger = served.client('0198c1de-0000-7000-8000-000000000002', 'principal');
});
afterAll(() => served.close());

const refusalOf = (call: Promise<unknown>) => call.then(() => undefined, decodeRefusal);
const page = (size = 0, token = '') => ({ size, token });

describe('a school that imports its workbook', () => {
  test('is made known by the system, for its own id only', async () => {
    const system = served.client(schoolId, 'system');
    const school = { schoolId, code: '79000701', name: ' Trường Tiểu học  Hoa Phượng ' };
    expect(await system.registerSchool({ school })).toEqual({ school: { schoolId, code: '79000701', name: 'Trường Tiểu học Hoa Phượng' } });
    expect(await refusalOf(system.registerSchool({ school: { ...school, schoolId: otherImportId } }))).toMatchObject({
      code: 'SCHOOL_NOT_YOURS',
    });
    expect(await refusalOf(system.registerSchool({ school: { ...school, name: ' ' } }))).toMatchObject({
      code: 'INPUT_INVALID',
      facts: { field: 'school.name' },
    });
  });

  test('hears what would change', async () => {
    const { import: planned } = await principal.planImport(plan);
    expect(planned).toMatchObject({
      importId,
      status: ImportStatus.PLANNED,
      fileName: 'C1-HocSinh.xlsx',
      rows: 1_050,
      accepted: 1_023,
      refused: 19,
      left: 8,
      classes: 30,
      diff: { added: 1_023, changed: 0, unchanged: 0, ended: 8, merged: 0 },
      appliedRows: 0,
    });
    expect(planned?.findings).toHaveLength(42);
    expect(planned?.findings[0]).toEqual({ row: 35, code: 'PERSON_NUMBER_TWICE', level: FindingLevel.ERROR });
    expect(await principal.planImport(plan)).toEqual({ import: planned });
    expect((await principal.listPupils({ classId: '', includeLeft: true, page: page() })).pupils).toEqual([]);
  });

  test('has it taken over in the background', async () => {
    const { import: applying } = await principal.applyImport({ importId });
    expect(applying).toMatchObject({ status: ImportStatus.APPLYING, appliedRows: 0 });
    await served.runClock();
    const { import: applied } = await principal.getImport({ importId });
    expect(applied).toMatchObject({ status: ImportStatus.APPLIED, appliedRows: 1_031, diff: { added: 1_023 } });
    expect(await principal.applyImport({ importId })).toEqual({ import: applied });
  });

  test('lists its classes and pupils page by page', async () => {
    const { classes, page: next } = await principal.listClasses({ page: page(20) });
    const rest = await principal.listClasses({ page: page(20, next?.nextToken) });
    expect([...classes, ...rest.classes].map(({ grade, name }) => `${grade} ${name}`)).toHaveLength(30);
    expect(rest.page?.nextToken).toBe('');
    expect([...classes, ...rest.classes].reduce((sum, { pupils }) => sum + pupils, 0)).toBe(1_023);

    const seen = new Set<string>();
    for (let token = ''; ; ) {
      const { pupils, page: after } = await principal.listPupils({ classId: '', includeLeft: false, page: page(300, token) });
      for (const { studentId, status: enrolment } of pupils) {
        expect(enrolment).toBe(EnrolmentStatus.ENROLLED);
        seen.add(studentId);
      }
      token = after?.nextToken ?? '';
      if (token === '') break;
    }
    expect(seen.size).toBe(1_023);
  });

  test('sees a pupil with the source of every field, and never the person number', async () => {
    const { pupil } = await principal.getPupil({ studentId: '79000701000001' });
    expect(pupil).toMatchObject({
      fullName: 'Bùi Thanh Giang',
      birthDate: '2020-05-03',
      sex: Sex.FEMALE,
      className: '1A',
      sectorStatus: 'Đang học',
      temporary: false,
    });
    expect(pupil?.provenance.map(({ field }) => field).sort()).toEqual([
      'birth_date',
      'class_name',
      'code',
      'full_name',
      'sector_status',
      'sex',
      'status',
    ]);
    expect(pupil?.provenance[0]).toMatchObject({ fileName: 'C1-HocSinh.xlsx', by: `principal@${schoolId}` });
    expect(JSON.stringify(pupil)).not.toContain('092320538096');
  });

  test('sees guardians with their guardianships', async () => {
    const list = ['79000701000001,Phan Lan,Mẹ,0915896980,lan@example.vn,en,x'];
    await principal.planImport({
      importId: otherImportId,
      kind: ImportKind.CONTACTS,
      fileName: 'phu-huynh.csv',
      content: Buffer.from(contactsOf(list)),
    });
    await principal.applyImport({ importId: otherImportId });
    await served.runClock();
    const { pupil } = await principal.getPupil({ studentId: '79000701000001' });
    const { guardians } = await principal.listGuardians({ studentId: pupil?.studentId ?? '', page: page() });
    expect(guardians).toMatchObject([
      {
        fullName: 'Phan Lan',
        phone: '+84915896980',
        language: 'en',
        wantsNotices: true,
        guardianships: [{ studentId: pupil?.studentId, validUntil: '' }],
      },
    ]);
    const { guardian } = await principal.getGuardian({ guardianId: guardians[0]?.guardianId ?? '' });
    expect(guardian?.provenance.map(({ field }) => field)).toContain('wants_notices');
  });
});

describe('what cannot be done is said so that the reader knows what to do', () => {
  const planned = (content: Uint8Array, more: Partial<typeof plan> = {}) =>
    refusalOf(principal.planImport({ ...plan, importId: '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a12', content: Buffer.from(content), ...more }));

  test('in both languages', async () => {
    const without = Buffer.from('PK nothing');
    const ask = (language: 'vi' | 'en') => refusalOf(principal.planImport({ ...plan, content: without }, { language }));
    expect(await ask('vi')).toMatchObject({
      code: 'NOT_A_WORKBOOK',
      status: status.INVALID_ARGUMENT,
      message: expect.stringContaining('Excel (.xlsx)'),
    });
    expect(await ask('en')).toMatchObject({ message: expect.stringContaining('Download it again') });
  });

  test.each<[string, Partial<PlanImportRequest>, string]>([
    ['an id that is none', { importId: '1' }, 'import_id'],
    ['no kind', { kind: ImportKind.UNSPECIFIED }, 'kind'],
    ['no name', { fileName: ' ' }, 'file_name'],
  ])('of %s', async (_, more, field) => {
    expect(await planned(sample, more)).toMatchObject({ code: 'INPUT_INVALID', facts: { field } });
  });

  test('of missing columns, by their names', async () => {
    const refusal = await planned(contactsOf(['a,b']), { kind: ImportKind.ROSTER });
    expect(refusal).toMatchObject({ code: 'NOT_A_WORKBOOK' });
    const csv = Buffer.from('Mã học sinh,Email\n1,2\n');
    expect(await planned(csv, { kind: ImportKind.CONTACTS })).toMatchObject({
      code: 'COLUMNS_MISSING',
      facts: { columns: 'Họ tên người giám hộ, Quan hệ, Điện thoại, Ngôn ngữ, Nhận thông báo' },
    });
  });

  test('of an id that stands for another file', async () => {
    expect(await planned(rosterOf([{}]), { importId })).toMatchObject({ code: 'ID_REUSED', status: status.ALREADY_EXISTS });
  });

  test('of a file that is too large, and of one that is far too large', async () => {
    expect(await planned(Buffer.alloc(readerLimits.bytes + 1))).toMatchObject({ code: 'FILE_TOO_LARGE' });
    expect(await planned(Buffer.alloc(17_000_000))).toMatchObject({ code: 'FILE_TOO_LARGE' });
    expect(await planned(Buffer.alloc(largestRequestBytes - 100))).toMatchObject({ code: 'FILE_TOO_LARGE' });
    await expect(principal.planImport({ ...plan, content: Buffer.alloc(2 * readerLimits.bytes) })).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
  });

  test('and nothing of it has changed anything', async () => {
    expect(await served.database.db.collection('imports').countDocuments()).toBe(2);
    expect(await served.database.db.collection('pupils').countDocuments()).toBe(1_031);
  });

  test.each([page(501), page(-1), page(10, 'nonsense'), page(10, Buffer.from('{"$ne":1}').toString('base64url'))])(
    'of the page %j',
    async (wrong) => {
      const wrongPage = { code: 'INPUT_INVALID', facts: { field: expect.stringMatching(/^page/) } };
      expect(await refusalOf(principal.listClasses({ page: wrong }))).toMatchObject(wrongPage);
      expect(await refusalOf(principal.listPupils({ classId: '', includeLeft: false, page: wrong }))).toMatchObject(wrongPage);
      expect(await refusalOf(principal.listGuardians({ studentId: '', page: wrong }))).toMatchObject(wrongPage);
    },
  );
});

test('an import that could not be taken over to its end says why, and the school can import again', async () => {
  const school = '0198c1de-0000-7000-8000-000000000003';
  const other = served.client(school, 'principal');
  const content = Buffer.from(rosterOf([{}]));
  const [lost, again] = ['0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a21', '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a22'];
  await other.planImport({ ...plan, importId: lost, content });
  await other.applyImport({ importId: lost });
  await served.database.db.collection('import_rows').deleteMany({ importId: lost });
  await served.runClock();
  expect((await other.getImport({ importId: lost })).import).toMatchObject({
    status: ImportStatus.FAILED,
    failure: 'ROWS_LOST',
    diff: { added: 0 },
    appliedRows: 0,
  });
  await other.planImport({ ...plan, importId: again, content });
  await other.applyImport({ importId: again });
  await served.runClock();
  expect((await other.getImport({ importId: again })).import).toMatchObject({ status: ImportStatus.APPLIED, failure: '' });
});

describe('who asks', () => {
  test('for another school finds nothing of this one', async () => {
    const all = { classId: '', includeLeft: true, page: page() };
    expect((await stranger.listPupils(all)).pupils).toEqual([]);
    expect((await stranger.listClasses({ page: page() })).classes).toEqual([]);
    expect((await stranger.listGuardians({ studentId: '', page: page() })).guardians).toEqual([]);
    const { pupils } = await principal.listPupils({ ...all, page: page(1) });
    expect(await refusalOf(stranger.getPupil({ studentId: pupils[0]?.studentId ?? '' }))).toMatchObject({ code: 'PUPIL_NOT_FOUND' });
    expect(await refusalOf(stranger.getImport({ importId }))).toMatchObject({ code: 'IMPORT_NOT_FOUND' });
    expect(await refusalOf(stranger.applyImport({ importId }))).toMatchObject({ code: 'IMPORT_NOT_FOUND' });
  });

  test('in a role that may not is refused', async () => {
    const kitchen = served.client(schoolId, 'kitchen');
    expect(await refusalOf(kitchen.getPupil({ studentId: '79000701000001' }))).toMatchObject({ status: status.PERMISSION_DENIED });
    expect(await refusalOf(principal.registerSchool({ school: { schoolId, code: '1', name: '2' } }))).toMatchObject({
      status: status.PERMISSION_DENIED,
    });
  });

  test('in the kitchen finds a pupil by code without a list of pupils; a parent finds own children and nobody else', async () => {
    const [kitchen, parent] = [served.client(schoolId, 'kitchen'), served.client(schoolId, 'parent')];
    const { pupils } = await kitchen.findPupils({ codes: ['79000701000001', '79000701999999'] });
    expect(pupils).toMatchObject([{ code: '79000701000001', className: '1A' }]);
    expect(Object.keys(pupils[0] ?? {})).toEqual(['studentId', 'code', 'fullName', 'classId', 'className']);
    expect(await refusalOf(kitchen.findPupils({ codes: [] }))).toMatchObject({ code: 'CODES_MISSING' });
    const wrongCodes = { code: 'INPUT_INVALID', facts: { field: expect.stringMatching(/^codes/) } };
    for (const codes of [[''], ['x'.repeat(51)], Array.from({ length: 201 }, (_, nth) => String(nth))])
      expect(await refusalOf(kitchen.findPupils({ codes }))).toMatchObject(wrongCodes);
    expect((await parent.findPupils({ codes: [] })).pupils).toEqual([]);
    expect((await parent.findPupils({ codes: ['79000701000001'] })).pupils).toEqual([]);
    const [tie] = (await principal.listGuardians({ studentId: '', page: page(1) })).guardians;
    const mother = served.client(schoolId, 'parent', tie?.guardianId);
    const own = (await mother.findPupils({ codes: [] })).pupils.map(({ studentId }) => studentId);
    expect(own).toEqual(tie?.guardianships.map(({ studentId }) => studentId).sort());
  });

  test.each(['{"$ne":""}', '$where', '{"$gt":""}', "'; return true; //", 'x'.repeat(1_000_000)])(
    'with %.20s finds what a wrong id finds',
    async (text) => {
      expect(await refusalOf(principal.getPupil({ studentId: text }))).toMatchObject({ code: 'PUPIL_NOT_FOUND' });
      expect(await refusalOf(principal.getGuardian({ guardianId: text }))).toMatchObject({ code: 'GUARDIAN_NOT_FOUND' });
      expect(await refusalOf(principal.getImport({ importId: text }))).toMatchObject({ code: 'IMPORT_NOT_FOUND' });
      expect((await principal.listPupils({ classId: text, includeLeft: true, page: page() })).pupils).toEqual([]);
      expect((await principal.listGuardians({ studentId: text, page: page() })).guardians).toEqual([]);
    },
  );
});
