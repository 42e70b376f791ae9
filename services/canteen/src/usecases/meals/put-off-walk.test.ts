import { beforeEach, expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { findDueWalks } from './find-due-walks.ts';
import { putOffWalk } from './put-off-walk.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a walk that failed is put off for a minute, and the others are not', async () => {
  const due = () => school.read((tx) => findDueWalks(tx, 10));
  const [first, ...others] = await due();
  await school.transact((tx) => putOffWalk(tx, first?.walkId ?? ''));
  expect(await due()).toEqual(others);
  school.itIs(at('06:01'));
  expect(await due()).toHaveLength(others.length + 1);
});
