import { beforeEach, expect, test } from 'vitest';
import { day, lunch } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { getMenu } from './get-menu.ts';
import { listMenus } from './list-menus.ts';
import { publishMenu } from './publish-menu.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const publish = (date: string) => {
  const dishes = [{ name: 'Canh rau', ingredients: [{ name: 'Rau', allergens: [] }] }];
  const menu = { id: crypto.randomUUID(), ...lunch(day(date)), dishes };
  return school.transact((tx) => publishMenu(tx, { menu, by: 'principal', schoolId: school.schoolId }));
};

test('menus of a week come by day, the newest version of each, page by page', async () => {
  for (const date of ['2026-11-25', '2026-11-23', '2026-11-23', '2026-12-01']) await publish(date);
  const span = { firstDay: undefined, lastDay: undefined };
  const first = await school.read((tx) => listMenus(tx, { ...span, page: { after: '', size: 1 } }));
  expect(first).toMatchObject({ rows: [{ date: '2026-11-23', version: 2 }], next: '2026-11-23:LUNCH' });
  const next = await school.read((tx) => listMenus(tx, { ...span, page: { after: first.next ?? '', size: 1 } }));
  expect(next).toMatchObject({ rows: [{ date: '2026-11-25' }], next: undefined });
  expect(await school.read((tx) => getMenu(tx, lunch()))).toMatchObject({ value: { version: 2 } });
});
