import { beforeEach, expect, test } from 'vitest';
import { monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { listDiets } from './list-diets.ts';
import { setDiet } from './set-diet.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a parent sees the diets of an own child, in the order in which they were set', async () => {
  for (const kind of ['SOFT', 'VEGETARIAN'] as const) {
    const wanted = {
      id: crypto.randomUUID(),
      studentId: school.an,
      since: monday,
      diet: { kind, note: '', avoided: [] },
      cleared: [],
      noteCleared: false,
    };
    await school.transact((tx) => setDiet(tx, { wanted, by: 'nurse' }));
  }
  const list = (studentId: string) => school.read((tx) => listDiets(tx, { studentId, actor: school.mother }));
  expect(await list(school.an)).toMatchObject({ value: [{ diet: { kind: 'SOFT' } }, { diet: { kind: 'VEGETARIAN' } }] });
  expect(await list(school.binh)).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
});
