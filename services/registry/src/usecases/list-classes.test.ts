import { afterAll, beforeAll, expect, test } from 'vitest';
import { rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, type Registry, schoolId } from '../../test/given.ts';
import { listClasses } from './list-classes.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await openRegistry();
  const names = ['10A', '2B', '1A', '2A', '1A', 'Lá', '1A'];
  await registry.take('ROSTER', rosterOf(names.map((className, i) => ({ className, state: i === 6 ? 'Thôi học' : 'Đang học' }))));
});
afterAll(() => registry.database.close());

const list = (page: Parameters<typeof listClasses>[1], as = schoolId) =>
  registry.database.read({ schoolId: as }, (tx) => listClasses(tx, page));

test('classes come by grade and name, with the pupils who are in them now', async () => {
  const classes = await list({ size: 100 });
  expect(classes.map(({ name, grade, pupils }) => [name, grade, pupils])).toEqual([
    ['Lá', 0, 1],
    ['1A', 1, 2],
    ['2A', 2, 1],
    ['2B', 2, 1],
    ['10A', 10, 1],
  ]);
});

test('a page goes on behind the last class of the page before', async () => {
  const page = await list({ size: 2 });
  expect(page.map(({ name }) => name)).toEqual(['Lá', '1A', '2A']);
  expect((await list({ size: 2, after: { grade: 2, name: '2A' } })).map(({ name }) => name)).toEqual(['2B', '10A']);
});

test('another school has none of them', async () => {
  expect(await list({ size: 100 }, otherSchoolId)).toEqual([]);
});
