import { afterAll, beforeAll, expect, test } from 'vitest';
import { rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, principal, type Registry, schoolId } from '../../test/given.ts';
import { getPupil } from './get-pupil.ts';

let registry: Registry;
let [first, second] = ['', ''];
beforeAll(async () => {
  registry = await openRegistry();
  const one = await registry.take('ROSTER', rosterOf([{}]));
  registry.setDay('2026-12-01');
  const two = await registry.take('ROSTER', rosterOf([{ name: 'Nguyễn Văn Một' }]));
  [first, second] = [one.fileSha256, two.fileSha256];
});
afterAll(() => registry.database.close());

const get = (idOrCode: string, as = schoolId) => registry.database.read({ schoolId: as }, (tx) => getPupil(tx, idOrCode));

test('a pupil is found by the code and by the id, with the file that each field came from', async () => {
  const found = await get('79000701000001');
  if (!found.ok) throw new Error(found.refusal.code);
  const { pupil, provenance } = found.value;
  expect(await get(pupil.id)).toEqual(found);
  const sourceOf = (field: string) => provenance.find((source) => source.field === field);
  expect(sourceOf('fullName')).toEqual({
    field: 'fullName',
    fileName: 'C1-HocSinh.xlsx',
    fileSha256: second,
    at: new Date('2026-12-01T02:00:00Z'),
    by: principal,
  });
  expect(sourceOf('birthDate')).toMatchObject({ fileSha256: first, at: new Date('2026-11-21T02:00:00Z') });
  expect(provenance.map(({ field }) => field).sort()).toEqual([
    'birthDate',
    'className',
    'code',
    'fullName',
    'sectorStatus',
    'sex',
    'status',
  ]);
});

test.each(['0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10', '79000701999999', 'TAM-079220000001', '079220000001', '{"$ne":""}', ''])(
  'nobody is found by %j',
  async (idOrCode) => {
    expect(await get(idOrCode)).toEqual({ ok: false, refusal: { code: 'PUPIL_NOT_FOUND' } });
  },
);

test('another school does not find them', async () => {
  expect(await get('79000701000001', otherSchoolId)).toEqual({ ok: false, refusal: { code: 'PUPIL_NOT_FOUND' } });
});
