import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contactsOf, rosterOf } from '../../test/files.ts';
import { openRegistry, principal, type Registry, schoolId } from '../../test/given.ts';
import { nameKey } from '../domain/stated-guardian.ts';
import { applyImportChunk } from './apply-import-chunk.ts';
import { startImport } from './start-import.ts';

const school = new URL('../../../../infra/demo/school/', import.meta.url);
const sample = readFileSync(new URL('C1-HocSinh.xlsx', school));
const sampleContacts = readFileSync(new URL('phu-huynh.csv', school));

let registry: Registry;
beforeEach(async () => {
  registry = await openRegistry();
});
afterEach(() => registry.database.close());

const announcedCases = async () => (await registry.announced()).map(({ $case }) => $case);
const all = { after: '', size: 2_000 };
const pupils = async () => (await registry.database.read({ schoolId }, (tx) => tx.pupils.page({ includeLeft: true, ...all }))).rows;
const guardians = async () => (await registry.database.read({ schoolId }, (tx) => tx.guardians.page({ today: '' as never, ...all }))).rows;
const nothing = { added: 0, changed: 0, unchanged: 0, ended: 0, merged: 0 };

describe('the sample of the ministry', () => {
  test('is taken over with the totals of its key, and a second time it changes nothing and announces nothing', async () => {
    const applied = await registry.take('ROSTER', sample);
    expect(applied).toMatchObject({ rows: 1_050, accepted: 1_023, refused: 19, left: 8, classes: 30, appliedRows: 1_031 });
    expect(applied).toMatchObject({ done: { ...nothing, added: 1_023, ended: 8 } });
    expect(await announcedCases()).toEqual(Array.from({ length: 1_023 }, () => 'studentEnrolled'));

    const stored = await pupils();
    const again = await registry.take('ROSTER', sample);
    expect(again).toMatchObject({ done: { ...nothing, unchanged: 1_031 }, accepted: 1_023, refused: 19 });
    expect(await pupils()).toEqual(stored);
    expect(await registry.announced()).toHaveLength(1_023);
  });

  test('with its contact list gives every guardian a tie, temporary ids included, and a second time nothing', async () => {
    await registry.take('ROSTER', sample);
    const applied = await registry.take('CONTACTS', sampleContacts);
    expect(applied).toMatchObject({
      rows: 1_681,
      accepted: 1_681,
      refused: 0,
      findings: [],
      done: { ...nothing, added: 1_681 },
      appliedRows: 1_681,
    });
    const again = await registry.take('CONTACTS', sampleContacts);
    expect(again).toMatchObject({ done: { ...nothing, unchanged: 1_681 } });
    expect((await announcedCases()).filter(($case) => $case === 'guardianChanged')).toHaveLength(1_681);
  });

  test('leaves no person number anywhere but in identities', async () => {
    await registry.take('ROSTER', sample);
    await registry.take('CONTACTS', sampleContacts);
    const { db } = registry.database;
    const numbers = await db.collection('identities').distinct('personNumber');
    expect(numbers.length).toBeGreaterThan(1_000);
    const known = new Set<unknown>(numbers);
    for (const { name } of await db.listCollections().toArray()) {
      if (name === 'identities') continue;
      const documents = await db.collection(name).find().toArray();
      const text = documents
        .map((document) => JSON.stringify(document) + Buffer.from(document.payload ?? '').toString('latin1'))
        .join('\n');
      const leaked = [...text.matchAll(/(?<!\d)\d{12}(?!\d)/g)].filter(([digits]) => known.has(digits));
      expect({ name, leaked: leaked.length }).toEqual({ name, leaked: 0 });
      expect(text).not.toContain('TAM-');
    }
  });
});

describe('a chunk', () => {
  test('is taken over once, though clocks of several processes reach for it at once', async () => {
    const planned = await registry.plan('ROSTER', rosterOf(Array.from({ length: 600 }, () => ({}))));
    await registry.database.transact({ schoolId }, (tx) => startImport(tx, { importId: planned.id, by: principal }));
    const clock = async () => {
      for (let more = true; more; ) {
        const applied = await registry.database.transact({ schoolId }, (tx) => applyImportChunk(tx, { importId: planned.id }));
        more = applied.ok && applied.value.more;
      }
    };
    await Promise.all([clock(), clock(), clock()]);
    const found = await registry.database.read({ schoolId }, (tx) => tx.imports.find(planned.id));
    expect(found).toMatchObject({ status: 'APPLIED', appliedRows: 600, done: { ...nothing, added: 600 } });
    expect(await announcedCases()).toHaveLength(600);
  });

  test('that was broken off leaves nothing behind, and the next clock goes on from there', async () => {
    const planned = await registry.plan('ROSTER', rosterOf(Array.from({ length: 300 }, () => ({}))));
    await registry.database.transact({ schoolId }, (tx) => startImport(tx, { importId: planned.id, by: principal }));
    const chunk = (fails: boolean) =>
      registry.database.transact({ schoolId }, async (tx) => {
        const applied = await applyImportChunk(tx, { importId: planned.id });
        if (fails) throw new Error('The process dies here');
        return applied;
      });
    await expect(chunk(true)).rejects.toThrow('dies');
    expect(await pupils()).toEqual([]);
    await chunk(false);
    expect(await pupils()).toHaveLength(250);
    await expect(chunk(true)).rejects.toThrow('dies');
    await chunk(false);
    expect(await pupils()).toHaveLength(300);
    expect(await announcedCases()).toHaveLength(300);
  });

  test('takes its rows with it: what a file said is kept no longer than it is needed', async () => {
    await registry.take('ROSTER', rosterOf([{}, {}]));
    expect(await registry.database.db.collection('import_rows').countDocuments()).toBe(0);
  });

  test('of a file in which every row is refused is none, and the import is applied all the same', async () => {
    const applied = await registry.take('ROSTER', rosterOf([{ name: '' }]));
    expect(applied).toMatchObject({ status: 'APPLIED', accepted: 0, refused: 1, done: nothing });
  });
});

describe('a pupil', () => {
  test('with a temporary id is merged when the code comes: one pupil, told with the code', async () => {
    await registry.take('ROSTER', rosterOf([{ code: 'TAM-079220000001' }]));
    const [before] = await pupils();
    const applied = await registry.take('ROSTER', rosterOf([{}]));
    expect(applied).toMatchObject({ done: { ...nothing, merged: 1 } });
    const [after, ...others] = await pupils();
    expect(others).toEqual([]);
    expect(after).toMatchObject({ id: before?.id, code: '79000701000001' });
    const [enrolled, changed] = await registry.announced();
    expect(enrolled).toMatchObject({ $case: 'studentEnrolled', value: { student: { studentId: before?.id, code: '' } } });
    expect(changed).toMatchObject({ $case: 'studentChanged', value: { student: { studentId: before?.id, code: '79000701000001' } } });
    expect(await registry.take('ROSTER', rosterOf([{ code: 'TAM-079220000001' }]))).toMatchObject({ done: { ...nothing, unchanged: 1 } });
  });

  test('who leaves is told with the last day, and who comes back is enrolled again', async () => {
    await registry.take('ROSTER', rosterOf([{}]));
    expect(await registry.take('ROSTER', rosterOf([{ state: 'Chuyển đi', since: '15/10/2026' }]))).toMatchObject({
      done: { ...nothing, ended: 1 },
    });
    expect(await registry.take('ROSTER', rosterOf([{ state: 'Chuyển đến' }]))).toMatchObject({ done: { ...nothing, changed: 1 } });
    const [, left, back] = await registry.announced();
    expect(left).toMatchObject({ $case: 'studentLeft', value: { leftOn: '2026-10-15', student: { code: '79000701000001' } } });
    expect(back).toMatchObject({ $case: 'studentEnrolled', value: { student: { className: '1A', grade: 1 } } });
  });

  test('who is not in a later file stays as they are: a list of one class must not empty the school', async () => {
    await registry.take('ROSTER', rosterOf([{}, {}, {}]));
    await registry.take('ROSTER', rosterOf([{}]));
    expect((await pupils()).map(({ status }) => status)).toEqual(['ENROLLED', 'ENROLLED', 'ENROLLED']);
  });

  test('whose code names one and whose number names another is held for a person', async () => {
    await registry.take('ROSTER', rosterOf([{}, {}]));
    const applied = await registry.take('ROSTER', rosterOf([{ number: '079220000002' }, { code: '79000701000003', number: undefined }]));
    expect(applied).toMatchObject({ accepted: 1, refused: 1, done: { ...nothing, added: 1 } });
    expect(applied.findings).toContainEqual({ row: 2, code: 'IDENTITY_CONFLICT' });
  });

  test('who came into conflict after the plan was made is held when it is applied', async () => {
    const planned = await registry.plan('ROSTER', rosterOf([{ code: '79000701000009' }]));
    await registry.take('ROSTER', rosterOf([{}]));
    expect(await registry.apply(planned)).toMatchObject({
      accepted: 0,
      refused: 1,
      findings: [{ row: 2, code: 'IDENTITY_CONFLICT' }],
      done: nothing,
    });
  });
});

describe('a class', () => {
  test('is one, however its name is typed and in however many chunks it stands', async () => {
    await registry.take('ROSTER', rosterOf(Array.from({ length: 520 }, (_, i) => ({ className: i % 2 === 0 ? '1A' : ' 1a ' }))));
    const { rows: classes } = await registry.database.read({ schoolId }, (tx) => tx.classes.page(all));
    expect(classes).toMatchObject([{ name: '1A', grade: 1 }]);
  });
});

describe('a guardian', () => {
  const mother = '79000701000001,Phan Lan,Mẹ,0915896980,lan@example.vn,vi,x';
  const father = '79000701000001,Phan Nam,Bố,0915896981,,vi,';
  beforeEach(async () => {
    await registry.take('ROSTER', rosterOf([{}, {}, { code: 'TAM-079220000003' }]));
  });

  test('of two children is one, told whole', async () => {
    await registry.take('CONTACTS', contactsOf([mother, mother.replace('000001', '000002')]));
    const [lan, ...others] = await guardians();
    expect(others).toEqual([]);
    expect(lan?.guardianships).toHaveLength(2);
    const told = (await registry.announced()).filter(({ $case }) => $case === 'guardianChanged');
    expect(told).toMatchObject([
      {
        value: {
          guardian: { phone: '+84915896980', wantsNotices: true, guardianships: [{ validFrom: '2026-11-21', validUntil: '' }, {}] },
        },
      },
    ]);
  });

  test('of a pupil with a temporary id is found by the number in it', async () => {
    const applied = await registry.take('CONTACTS', contactsOf([mother.replace('79000701000001', 'TAM-079220000003')]));
    expect(applied).toMatchObject({ accepted: 1, findings: [] });
    const students = await registry.database.read({ schoolId }, (tx) => tx.knownPupils.ofNames([{ personNumber: '079220000003' }]));
    const [lan] = await guardians();
    expect(lan?.guardianships[0]?.studentId).toBe(students.get(nameKey({ personNumber: '079220000003' })));
  });

  test('of a pupil nobody knows is not taken in, and the others are', async () => {
    const applied = await registry.take('CONTACTS', contactsOf([mother.replace('000001', '999999'), father]));
    expect(applied).toMatchObject({
      accepted: 1,
      refused: 1,
      findings: [{ row: 2, code: 'PUPIL_UNKNOWN' }],
      done: { ...nothing, added: 1 },
    });
  });

  test('who is listed no more ends on that day; pupils who are not in the list keep theirs', async () => {
    const ofTwo = mother.replace('000001', '000002');
    await registry.take('CONTACTS', contactsOf([mother, father, ofTwo]));
    registry.setDay('2027-01-05');
    expect(await registry.take('CONTACTS', contactsOf([father]))).toMatchObject({ done: { ...nothing, unchanged: 1, ended: 1 } });
    const ties = new Map((await guardians()).map(({ fullName, guardianships }) => [fullName, guardianships]));
    expect(ties.get('Phan Lan')).toMatchObject([{ validUntil: '2027-01-05' }, { validFrom: '2026-11-21' }]);
    expect(ties.get('Phan Lan')?.[1]).not.toHaveProperty('validUntil');
    expect((await registry.announced()).at(-1)).toMatchObject({
      $case: 'guardianChanged',
      value: { guardian: { guardianships: [{ validUntil: '2027-01-05' }, { validUntil: '' }] } },
    });
    expect(await registry.take('CONTACTS', contactsOf([father]))).toMatchObject({ done: { ...nothing, unchanged: 1 } });
  });

  test('whose line cannot be read any more keeps the guardianship', async () => {
    await registry.take('CONTACTS', contactsOf([mother, father]));
    const applied = await registry.take('CONTACTS', contactsOf([mother.replace('Phan Lan', ''), father]));
    expect(applied).toMatchObject({ refused: 1, done: { ...nothing, unchanged: 1, ended: 0 } });
  });

  test('of too many pupils is nobody: the rows are held, and no guardianship ends because of them', async () => {
    const codes = Array.from({ length: 240 }, (_, i) => String(79000701000101 + i));
    await registry.take('ROSTER', rosterOf(codes.map((code, i) => ({ code, number: `0792201${String(i).padStart(5, '0')}` }))));
    const office = (some: readonly string[]) => some.map((code) => `${code},Văn phòng,Khác,0915896900,,vi,x`);
    expect(await registry.take('CONTACTS', contactsOf(office(codes)))).toMatchObject({ accepted: 0, refused: 240, done: nothing });
    const half = [...office(codes.slice(0, 150)), mother.replace('79000701000001', codes[150] ?? '')];
    expect(await registry.take('CONTACTS', contactsOf(half))).toMatchObject({ refused: 0, done: { ...nothing, added: 2 } });

    const rest = await registry.take('CONTACTS', contactsOf(office(codes.slice(150))));
    expect(rest).toMatchObject({ accepted: 0, refused: 90, planned: nothing, done: nothing });
    expect(rest.findings).toEqual(codes.slice(150).map((_, i) => ({ row: i + 2, code: 'TOO_MANY_WARDS' })));
  });

  test('who came to have too many after the plan was made is held when it is applied', async () => {
    const codes = Array.from({ length: 240 }, (_, i) => String(79000701000101 + i));
    await registry.take('ROSTER', rosterOf(codes.map((code, i) => ({ code, number: `0792201${String(i).padStart(5, '0')}` }))));
    const office = (some: readonly string[]) => some.map((code) => `${code},Văn phòng,Khác,0915896900,,vi,x`);
    await registry.take('CONTACTS', contactsOf([mother.replace('79000701000001', codes[239] ?? '')]));
    const planned = await registry.plan('CONTACTS', contactsOf(office(codes.slice(120))));
    expect(planned).toMatchObject({ accepted: 120, planned: { ...nothing, added: 1, ended: 1 } });
    await registry.take('CONTACTS', contactsOf(office(codes.slice(0, 120))));
    expect(await registry.apply(planned)).toMatchObject({ accepted: 0, refused: 120, done: nothing });
    expect((await guardians()).find(({ fullName }) => fullName === 'Phan Lan')?.guardianships[0]).not.toHaveProperty('validUntil');
  });

  test('who wants no notices any more is told at once', async () => {
    await registry.take('CONTACTS', contactsOf([mother]));
    expect(await registry.take('CONTACTS', contactsOf([mother.replace(/x$/, '')]))).toMatchObject({ done: { ...nothing, changed: 1 } });
    expect((await registry.announced()).at(-1)).toMatchObject({ value: { guardian: { wantsNotices: false } } });
  });
});
