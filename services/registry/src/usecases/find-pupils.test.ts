import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactsOf, rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, type Registry, schoolId } from '../../test/given.ts';
import { findPupils, type Sought } from './find-pupils.ts';

const [an, binh, chi] = ['79000701000001', '79000701000002', '79000701000003'];
const lan = (code: string) => `${code},Phan Lan,Mẹ,0915896980,,vi,x`;

let registry: Registry;
let lanId = '';
beforeAll(async () => {
  registry = await openRegistry();
  await registry.take('ROSTER', rosterOf([{}, {}, {}]));
  await registry.take('CONTACTS', contactsOf([lan(an), lan(binh)]));
  const { rows } = await registry.database.read({ schoolId }, (tx) => tx.guardians.page({ after: '', size: 1, today: '' as never }));
  const [guardian] = rows;
  lanId = guardian?.id ?? '';
});
afterAll(() => registry.database.close());

const find = (sought: Partial<Sought>, as = schoolId) =>
  registry.database.read({ schoolId: as }, (tx) => findPupils(tx, { codes: [], childrenOf: undefined, ...sought }));
const codes = async (sought: Partial<Sought>, as = schoolId) => (await find(sought, as)).map(({ code }) => code);

test('who is named by code or id is found once, in the order of ids, and who is unknown is left out', async () => {
  const [first] = await find({ codes: [an] });
  expect(await codes({ codes: [chi, an, first?.id ?? '', '79000701999999', '{"$ne":""}'] })).toEqual([an, chi]);
  expect(await find({ codes: [first?.id ?? ''] })).toEqual([first]);
  expect(await codes({ codes: [an] }, otherSchoolId)).toEqual([]);
});

test('a parent finds own children, all of them where none is named, and nobody else', async () => {
  expect(await codes({ childrenOf: lanId })).toEqual([an, binh]);
  expect(await codes({ childrenOf: lanId, codes: [binh, chi] })).toEqual([binh]);
  expect(await codes({ childrenOf: 'parent@79000701' })).toEqual([]);
  expect(await codes({ childrenOf: lanId }, otherSchoolId)).toEqual([]);
});

test('a child of the past is no child', async () => {
  registry.setDay('2026-12-01');
  await registry.take('CONTACTS', contactsOf([lan(binh), `${an},Phan Nam,Bố,0915896981,,vi,x`]));
  expect(await codes({ childrenOf: lanId })).toEqual([binh]);
  expect(await codes({ childrenOf: lanId, codes: [an] })).toEqual([]);
});
