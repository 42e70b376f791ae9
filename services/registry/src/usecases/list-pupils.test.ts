import { afterAll, beforeAll, expect, test } from 'vitest';
import { rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, type Registry, schoolId } from '../../test/given.ts';
import { listPupils, type PupilsAfter } from './list-pupils.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await openRegistry();
  await registry.take('ROSTER', rosterOf([{}, { className: '1B' }, { state: 'Thôi học' }, {}, {}]));
});
afterAll(() => registry.database.close());

const list = (page: Partial<PupilsAfter>, as = schoolId) =>
  registry.database.read({ schoolId: as }, (tx) => listPupils(tx, { includeLeft: false, size: 100, ...page }));
const names = async (page: Partial<PupilsAfter>) => (await list(page)).map(({ fullName }) => fullName.replace('Nguyễn Văn ', ''));

test('those who left are listed only when asked for', async () => {
  expect(await names({})).toEqual(['1', '2', '4', '5']);
  expect(await names({ includeLeft: true })).toEqual(['1', '2', '3', '4', '5']);
});

test('a class lists its own', async () => {
  const [, two] = await list({});
  expect(await names({ classId: two?.schoolClass.id })).toEqual(['2']);
});

test('pages neither skip nor repeat, and show that the list goes on', async () => {
  const all = await list({ includeLeft: true });
  const seen = [];
  for (let after: string | undefined; ; after = seen.at(-1)?.id) {
    const found = await list({ includeLeft: true, size: 2, after });
    seen.push(...found.slice(0, 2));
    if (found.length <= 2) break;
  }
  expect(seen).toEqual(all);
});

test('another school has none of them', async () => {
  expect(await list({ includeLeft: true }, otherSchoolId)).toEqual([]);
});
