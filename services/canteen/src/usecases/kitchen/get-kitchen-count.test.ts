import { beforeEach, expect, test } from 'vitest';
import { at, lunch, monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { must, servingPlan } from '../../../test/kitchen-facts.ts';
import type { Ingredient } from '../../domain/meals/menu.ts';
import { countPipeline } from '../../store/kitchen/kitchen-counts.ts';
import { publishMenu } from '../meals/publish-menu.ts';
import { setDiet } from '../meals/set-diet.ts';
import { changeDishes } from './change-dishes.ts';
import { getKitchenCount } from './get-kitchen-count.ts';
import { planServing } from './plan-serving.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('the count goes by class, and says until when it moves', async () => {
  const other = await school.student({ classId: 'other', className: '1B' });
  await school.book([school.an, school.binh, other]);
  expect(await school.count()).toMatchObject({
    cutoffAt: at('07:30'),
    served: { dishes: undefined },
    rows: [
      { className: '1A', portions: 2, portionsAtCutoff: 2 },
      { className: '1B', portions: 1, portionsAtCutoff: 1 },
    ],
  });
});

test('the count freezes by itself: a service that is down at the cut-off changes nothing', async () => {
  await school.book([school.an, school.binh]);
  school.itIs(at('07:29'));
  await school.change('CANCEL', [school.an]);
  school.itIs(at('11:00'));
  await school.change('CANCEL', [school.binh], { reportedAt: at('07:00') });
  expect((await school.count()).rows).toMatchObject([{ portions: 0, portionsAtCutoff: 1 }]);
});

const peanuts = { name: 'Lạc', allergens: ['PEANUTS' as const] };
const withPeanuts = () =>
  school.transact((tx) => setDiet(tx, { wanted: { id: crypto.randomUUID(), studentId: school.an, ...avoids }, by: 'nurse' }));
const avoids = { since: monday, diet: { kind: 'STANDARD', note: '', avoided: ['PEANUTS'] }, cleared: [], noteCleared: false } as const;
const publish = (name: string, ...ingredients: Ingredient[]) => {
  const menu = { id: crypto.randomUUID(), ...lunch(), dishes: [{ name, ingredients }] };
  return school.transact((tx) => publishMenu(tx, { menu, by: 'principal' }));
};
const planned = async () => must(await school.transact((tx) => planServing(tx, { wanted: servingPlan({ dishes: [] }), by: 'kitchen' })));

test('who must not eat what goes by the dishes that are cooked, not by a menu that was published after they were planned', async () => {
  await withPeanuts();
  await school.book([school.an]);
  await publish('Xôi lạc', peanuts);
  await planned();
  await publish('Cơm trắng', { name: 'Gạo', allergens: [] });
  expect(await school.count()).toMatchObject({
    careful: [{ studentName: 'An', dishes: ['Xôi lạc'], unclear: [] }],
    served: { dishes: [{ name: 'Xôi lạc' }], difference: { version: 2, notServed: ['Cơm trắng'], notOnMenu: ['Xôi lạc'] } },
  });
});

test('a dish that is put on the meal warns of what it holds, and one of unknown content of everything', async () => {
  await withPeanuts();
  await school.book([school.an, school.binh]);
  await publish('Cơm trắng', { name: 'Gạo', allergens: [] });
  const { id: servingId } = await planned();
  expect((await school.count()).careful).toEqual([]);
  const put = (name: string, ingredients: Ingredient[]) =>
    school.transact((tx) =>
      changeDishes(tx, {
        ...{ servingId, by: 'kitchen' },
        input: { id: crypto.randomUUID(), added: [{ id: name, name, ingredients }], takenOff: [], reason: 'Hết cá' },
      }),
    );
  await put('Tôm rim', []);
  expect((await school.count()).careful).toMatchObject([{ studentName: 'An', dishes: [], unclear: ['Tôm rim'] }]);
  await put('Xôi lạc', [peanuts]);
  expect((await school.count()).careful).toMatchObject([{ dishes: ['Xôi lạc'], unclear: ['Tôm rim'] }]);
});

test('who may see figures only sees no pupil', async () => {
  await school.book([school.an]);
  school.itIs(at('08:00'));
  await school.say(school.an, {});
  expect(await school.read((tx) => getKitchenCount(tx, { ...lunch(), withPupils: false }))).toMatchObject({ lateChanges: [], careful: [] });
});

test('the count reads no booking: the index alone answers', async () => {
  await school.book([school.an, school.binh]);
  const pipeline = [{ $match: { schoolId: school.schoolId } }, ...countPipeline(lunch())];
  const plan = await school.database.db.collection('bookings').aggregate(pipeline).explain('executionStats');
  const text = JSON.stringify(plan, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
  expect(text).toContain('PROJECTION_COVERED');
  expect(text).toContain('"totalDocsExamined":0');
});
