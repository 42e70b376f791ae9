import { beforeEach, expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { findDueWalks } from './find-due-walks.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a walk is due for its first pass, then for its second, and then no more', async () => {
  const due = async () => (await school.read((tx) => findDueWalks(tx, 10))).length;
  expect(await due()).toBe(3);
  await school.tick();
  expect(await due()).toBe(0);
  school.itIs(at('06:01'));
  expect(await due()).toBe(3);
  await school.tick();
  school.itIs(at('07:00'));
  expect(await due()).toBe(0);
});
