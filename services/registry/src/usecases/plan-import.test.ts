import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactsOf, rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, type Registry, schoolId } from '../../test/given.ts';
import { expiryOf } from '../domain/import.ts';
import { planImport } from './plan-import.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await openRegistry();
});
afterAll(() => registry.database.close());

const importId = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10';
const count = (name: string) => registry.database.db.collection(name).countDocuments();

describe('a plan', () => {
  test('says what would change, and changes no pupil and no guardian', async () => {
    const planned = await registry.plan('ROSTER', rosterOf([{}, { state: 'Thôi học' }, { name: '' }]), importId);
    expect(planned).toMatchObject({
      id: importId,
      status: 'PLANNED',
      fileName: 'C1-HocSinh.xlsx',
      rows: 3,
      accepted: 1,
      left: 1,
      refused: 1,
      classes: 1,
      planned: { added: 1, changed: 0, unchanged: 0, ended: 1, merged: 0 },
      findings: [{ row: 4, code: 'NAME_MISSING' }],
    });
    for (const name of ['pupils', 'classes', 'identities', 'guardians', 'outbox']) expect([name, await count(name)]).toEqual([name, 0]);
  });

  test('asked for again with the same file is the first answer', async () => {
    const first = await registry.plan('ROSTER', rosterOf([{}, { state: 'Thôi học' }, { name: '' }]), importId);
    const chunks = await count('import_rows');
    expect(await registry.plan('ROSTER', rosterOf([{}, { state: 'Thôi học' }, { name: '' }]), importId)).toEqual(first);
    expect(await count('import_rows')).toBe(chunks);
  });

  test('under an id that stands for another file is refused', async () => {
    await expect(registry.plan('ROSTER', rosterOf([{}, {}]), importId)).rejects.toThrow('ID_REUSED');
  });

  test('forgets the rows by itself when nobody applies it', async () => {
    const rows = await registry.database.db.collection('import_rows').find().toArray();
    expect(rows.map(({ expiresAt }) => expiresAt)).toEqual([expiryOf(new Date('2026-11-21T02:00:00Z'))]);
    const indexes = await registry.database.db.collection('import_rows').indexes();
    expect(indexes.find(({ key }) => 'expiresAt' in key)).toMatchObject({ expireAfterSeconds: 0 });
  });

  test('compares with the pupils of this school only', async () => {
    await registry.take('ROSTER', rosterOf([{}]));
    const row = {
      row: 2,
      code: '79000701000001',
      fullName: 'An',
      birthDate: '2020-05-03',
      sex: 'MALE',
      className: '1A',
      sectorStatus: '',
      leaves: false,
    };
    const planned = await registry.database.transact({ schoolId: otherSchoolId }, (tx) =>
      planImport(tx, {
        kind: 'ROSTER',
        file: { rows: [row as never], findings: [], total: 1 },
        importId: '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a99',
        fileName: 'C1-HocSinh.xlsx',
        sha256: 'a'.repeat(64),
      }),
    );
    expect(planned).toMatchObject({ value: { planned: { added: 1, unchanged: 0 } } });
    expect(await registry.database.read({ schoolId }, (tx) => tx.imports.find('0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a99'))).toBeUndefined();
  });

  test('of a contact list says whom it could not place, and what would end', async () => {
    await registry.take('CONTACTS', contactsOf(['79000701000001,Phan Lan,Mẹ,0915896980,,vi,x']));
    const planned = await registry.plan(
      'CONTACTS',
      contactsOf(['79000701000001,Phan Nam,Bố,0915896981,,vi,', '79000701999999,Phan Tú,Bố,0915896982,,vi,']),
    );
    expect(planned).toMatchObject({
      accepted: 1,
      refused: 1,
      planned: { added: 1, ended: 1 },
      findings: [{ row: 3, code: 'PUPIL_UNKNOWN' }],
    });
  });
});
