import { expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { by, fish, must, serving, servingPlan, soup } from '../../../test/kitchen-facts.ts';
import { changeDishes, dishNameOf, dishOf, holdSamples, type NewChange, planServing, releaseSamples } from './serving.ts';

const when = { now: at('06:00'), by };
const nothing = { earlier: undefined, sameMeal: undefined, menu: [] };
const rice = { id: 'com', name: 'Cơm trắng', ingredients: [{ name: 'Gạo', allergens: [] }] };
const code = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? 'done' : result.refusal?.code);

test.each([
  ['a meal', {}, 'done'],
  ['a meal without dishes', { dishes: [] }, 'NO_DISHES'],
  ['a meal without portions', { portions: 0 }, 'NO_PORTIONS'],
  ['a meal with a dish twice', { dishes: [fish, fish] }, 'DISH_TWICE'],
  ['a meal with two dishes of one name', { dishes: [fish, { ...soup, name: fish.name }] }, 'DISH_TWICE'],
])('%s is planned or refused', (_, facts, wanted) => {
  expect(code(planServing(nothing, servingPlan(facts), when))).toBe(wanted);
});

test('there is one serving per meal and day, and the same plan again is the first answer', () => {
  const planned = serving();
  expect(planServing({ ...nothing, earlier: planned, sameMeal: planned }, servingPlan({ id: planned.id }), when)).toEqual({
    ok: true,
    value: planned,
  });
  expect(code(planServing({ ...nothing, earlier: planned }, servingPlan({ id: planned.id, meal: 'SNACK' }), when))).toBe('ID_REUSED');
  expect(code(planServing({ ...nothing, sameMeal: planned }, servingPlan(), when))).toBe('SERVING_EXISTS');
});

test('the dishes of a published menu are served, and no others are named beside it', () => {
  const published = { ...nothing, menu: [rice, soup] };
  expect(planServing(published, servingPlan({ dishes: [] }), when)).toMatchObject({ value: { dishes: [rice, soup] } });
  expect(code(planServing(published, servingPlan(), when))).toBe('MENU_PUBLISHED');
});

const change = (facts: Partial<NewChange> = {}): NewChange => ({
  id: 'c',
  added: [rice],
  takenOff: [fish.id],
  reason: 'Cá không đạt',
  ...facts,
});

test('dishes come and go with a reason, and a name stays known', () => {
  const changed = must(changeDishes(serving(), change(), when));
  expect(changed.dishes).toEqual([soup, rice]);
  expect(changed.changes).toMatchObject([{ added: [rice], takenOff: [fish], reason: 'Cá không đạt' }]);
  expect(dishOf(changed, fish.id)).toBeUndefined();
  expect(dishNameOf(changed, fish.id)).toBe(fish.name);
  expect(changeDishes(changed, change(), when)).toEqual({ ok: true, value: changed });
  expect(code(changeDishes(changed, change({ reason: 'Khác' }), when))).toBe('ID_REUSED');
  expect(code(changeDishes(changed, change({ added: [{ ...rice, ingredients: [] }] }), when))).toBe('ID_REUSED');
});

test.each([
  ['a dish that is not there', { takenOff: ['x'] }, 'DISH_NOT_ON_MENU'],
  ['the last dish', { added: [], takenOff: [fish.id, soup.id] }, 'NO_DISHES'],
  ['a dish that is there already', { added: [soup], takenOff: [] }, 'DISH_TWICE'],
])('a change of %s is refused', (_, facts, wanted) => {
  expect(code(changeDishes(serving(), change(facts), when))).toBe(wanted);
});

test('an open meal changes no more', () => {
  const open = { ...serving(), status: 'OPEN' as const, openedAt: at('10:50'), openedBy: by };
  expect(code(changeDishes(open, change(), when))).toBe('SERVING_OPEN');
});

test('a hold ends by a paper, once', () => {
  const held = must(holdSamples(serving(), { id: 'h', reason: 'Nghi ngộ độc' }, when));
  expect(must(holdSamples(held, { id: 'h', reason: 'Nghi ngộ độc' }, when))).toBe(held);
  expect(code(holdSamples(held, { id: 'h', reason: 'Khác' }, when))).toBe('ID_REUSED');
  expect(code(releaseSamples(held, { holdId: 'x', document: 'CV' }, when))).toBe('HOLD_UNKNOWN');
  const released = must(releaseSamples(held, { holdId: 'h', document: 'CV 45' }, { now: at('16:00'), by: 'principal' }));
  expect(released.holds).toMatchObject([{ release: { document: 'CV 45', releasedAt: at('16:00'), releasedBy: 'principal' } }]);
  expect(must(releaseSamples(released, { holdId: 'h', document: 'CV 45' }, when))).toBe(released);
  expect(code(releaseSamples(released, { holdId: 'h', document: 'CV 46' }, when))).toBe('HOLD_RELEASED');
});
