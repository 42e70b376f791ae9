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

const list = (page: Partial<Parameters<typeof listClasses>[1]>, as = schoolId) =>
  registry.database.read({ schoolId: as }, (tx) => listClasses(tx, { after: '', size: 100, ...page }));

test('classes come by grade and name, with the pupils who are in them now', async () => {
  const { rows } = await list({});
  expect(rows.map(({ name, grade, pupils }) => [name, grade, pupils])).toEqual([
    ['Lá', 0, 1],
    ['1A', 1, 2],
    ['2A', 2, 1],
    ['2B', 2, 1],
    ['10A', 10, 1],
  ]);
});

test('a page goes on behind the last class of the page before', async () => {
  const page = await list({ size: 3 });
  expect(page.rows.map(({ name }) => name)).toEqual(['Lá', '1A', '2A']);
  const rest = await list({ size: 3, after: page.next ?? '' });
  expect(rest.rows.map(({ name }) => name)).toEqual(['2B', '10A']);
  expect(rest.next).toBeUndefined();
});

test('another school has none of them', async () => {
  expect(await list({}, otherSchoolId)).toEqual({ rows: [], next: undefined });
});
