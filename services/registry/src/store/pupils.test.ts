import { afterAll, beforeAll, expect, test } from 'vitest';
import { rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, type Registry, schoolId } from '../../test/given.ts';
import type { PupilPage } from './pupils.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await openRegistry();
  await registry.take('ROSTER', rosterOf([{}, { className: '1B' }, { state: 'Thôi học' }, {}, {}]));
});
afterAll(() => registry.database.close());

const list = (page: Partial<PupilPage>, as = schoolId) =>
  registry.database.read({ schoolId: as }, (tx) => tx.pupils.page({ includeLeft: false, after: '', size: 100, ...page }));
const names = async (page: Partial<PupilPage>) => (await list(page)).rows.map(({ fullName }) => fullName.replace('Nguyễn Văn ', ''));

test('those who left are listed only when asked for', async () => {
  expect(await names({})).toEqual(['1', '2', '4', '5']);
  expect(await names({ includeLeft: true })).toEqual(['1', '2', '3', '4', '5']);
});

test('a class lists its own', async () => {
  const [, two] = (await list({})).rows;
  expect(await names({ classId: two?.schoolClass.id })).toEqual(['2']);
});

test('pages neither skip nor repeat, and say where the list goes on', async () => {
  const pages = [];
  for (let after = ''; pages.length === 0 || after !== ''; after = pages.at(-1)?.next ?? '')
    pages.push(await list({ includeLeft: true, size: 2, after }));
  expect(pages.map(({ rows }) => rows.length)).toEqual([2, 2, 1]);
  expect(pages.flatMap(({ rows }) => rows)).toEqual((await list({ includeLeft: true })).rows);
});

test('another school has none of them', async () => {
  expect((await list({ includeLeft: true }, otherSchoolId)).rows).toEqual([]);
});
