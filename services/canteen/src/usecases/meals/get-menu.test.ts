import { beforeEach, expect, test } from 'vitest';
import { lunch } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { getMenu } from './get-menu.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a day without a menu says so', async () => {
  expect(await school.read((tx) => getMenu(tx, lunch()))).toEqual({ ok: false, refusal: { code: 'MENU_NOT_FOUND', ...lunch() } });
});
