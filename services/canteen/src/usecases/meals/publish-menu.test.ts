import { beforeEach, expect, test } from 'vitest';
import { at, day, lunch, monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { publishMenu } from './publish-menu.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

const dish = { name: 'Thịt kho trứng', ingredients: [{ name: 'Trứng gà', allergens: ['EGGS' as const] }] };
const publish = (facts = {}) => {
  const menu = { id: crypto.randomUUID(), ...lunch(), dishes: [dish], ...facts };
  return school.transact((tx) => publishMenu(tx, { menu, by: 'principal' }));
};

test('a menu is announced, and published again it is the next version', async () => {
  await publish();
  expect(await publish({ dishes: [{ ...dish, name: 'Trứng luộc' }] })).toMatchObject({ value: { version: 2, publishedAt: at('06:00') } });
  expect(await school.announced()).toMatchObject([
    { $case: 'menuPublished', value: { menu: { date: monday, version: 1, dishes: [{ ingredients: [{ allergens: [3] }] }] } } },
    { $case: 'menuPublished', value: { menu: { version: 2, dishes: [{ name: 'Trứng luộc' }] } } },
  ]);
  expect(await school.read((tx) => tx.menus.newest(lunch()))).toMatchObject({ version: 2 });
});

test('two versions published at once follow each other', async () => {
  await Promise.all([publish(), publish()]);
  expect(await school.documents('menus')).toBe(2);
  expect(await school.read((tx) => tx.menus.newest(lunch()))).toMatchObject({ version: 2 });
});

test('the same menu sent twice is one; its id with other dishes is refused', async () => {
  const id = crypto.randomUUID();
  expect(await publish({ id })).toEqual(await publish({ id }));
  expect(await school.announced()).toHaveLength(1);
  expect(await publish({ id, dishes: [{ ...dish, name: 'Khác' }] })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});

test.each([
  ['a menu without a price in force', { code: 'PRICE_MISSING' }, { meal: 'SNACK' }],
  ['a dish without ingredients', { code: 'DISH_WITHOUT_INGREDIENTS', dish: 'Canh' }, { dishes: [{ name: 'Canh', ingredients: [] }] }],
  ['a day outside the school year', { code: 'OUTSIDE_SCHOOL_YEAR' }, lunch(day('2027-07-01'))],
  ['a holiday, by its name', { code: 'HOLIDAY', name: 'Tết Dương lịch' }, lunch(day('2026-12-31'))],
  ['a day without school', { code: 'NO_SCHOOL_DAY' }, lunch(day('2026-11-28'))],
])('%s is refused', async (_, refusal, facts) => {
  expect(await publish(facts)).toMatchObject({ ok: false, refusal });
  expect(await school.announced()).toEqual([]);
});
