import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import {
  by,
  cooking,
  destruction,
  emptyRecord,
  fish,
  fullRecord,
  ingredient,
  must,
  portioning,
  sample,
  serving,
  soup,
} from '../../../test/kitchen-facts.ts';
import { current } from './food-check.ts';
import type { KitchenRecord } from './food-check-order.ts';
import { destroySample } from './sample.ts';
import { changeDishes } from './serving.ts';
import { checkCooking, checkIngredients, checkPortioning, keepSample, mostRecords } from './serving-record.ts';

const writing = { now: at('11:30'), by };
const code = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? 'taken' : result.refusal?.code);
const meal = serving();
const came = ingredient(meal.id);
const withFish = must(checkIngredients(emptyRecord(meal), [came], writing)).record;
const cooked = cooking(meal.id, { ingredientIds: [came.id] });

test('foods of one order are recorded all or none', () => {
  const bad = ingredient(meal.id, { sensory: 'FAILED' });
  expect(code(checkIngredients(emptyRecord(meal), [came, bad], writing))).toBe('ACTION_MISSING');
});

test('what was sent before adds nothing, with other content it is refused', () => {
  const again = must(checkIngredients(withFish, [came, ingredient(meal.id)], writing));
  expect(again.added).toHaveLength(1);
  expect(code(checkIngredients(withFish, [{ ...came, food: 'Cá ngừ' }], writing))).toBe('ID_REUSED');
  const record = must(checkCooking(withFish, cooked, writing)).record;
  expect(must(checkCooking(record, cooked, { now: at('12:30'), by: 'other' })).added).toEqual([]);
  expect(code(checkCooking(record, { ...cooked, portions: 1 }, writing))).toBe('ID_REUSED');
});

test('a dish has one record of each step, until it is corrected', () => {
  const record = must(checkCooking(withFish, cooked, writing)).record;
  const second = cooking(meal.id, { ingredientIds: [came.id], portions: 400 });
  expect(checkCooking(record, second, writing)).toMatchObject({ refusal: { code: 'ALREADY_RECORDED', what: fish.name, id: cooked.id } });
  const right = must(checkCooking(record, { ...second, replaces: cooked.id, reason: 'Đếm nhầm' }, writing)).record;
  expect(right.cookings).toHaveLength(2);
  expect(current(right.cookings)).toMatchObject([{ portions: 400, recordedBy: by }]);
});

test.each([
  ['a dish that is not on the menu', { dishId: 'x' }, 'DISH_NOT_ON_MENU'],
  ['a record that nobody made', { replaces: 'x', reason: 'y' }, 'REPLACED_UNKNOWN'],
  ['the record of another dish', { dishId: soup.id, replaces: cooked.id, reason: 'y' }, 'REPLACES_ANOTHER_DISH'],
])('%s is not recorded', (_, facts, wanted) => {
  const record = must(checkCooking(withFish, cooked, writing)).record;
  expect(code(checkCooking(record, cooking(meal.id, { ingredientIds: [came.id], ...facts }), writing))).toBe(wanted);
});

test('a record is corrected once; after that its correction is', () => {
  const right = (id: string, replaces: string) => ({ ...came, id, replaces, reason: 'Ghi nhầm' });
  const once = must(checkIngredients(withFish, [right('r1', came.id)], writing)).record;
  expect(checkIngredients(once, [right('r2', came.id)], writing)).toMatchObject({ refusal: { code: 'REPLACED_ALREADY', by: 'r1' } });
  expect(code(checkIngredients(once, [right('r2', 'r1')], writing))).toBe('taken');
});

test('a correction can no more make the book impossible than a first entry', () => {
  const record = fullRecord(meal);
  const [first] = record.ingredients;
  const later = { ...came, id: 'later', replaces: first!.id, reason: 'Ghi nhầm giờ', receivedAt: at('09:00') };
  expect(code(checkIngredients(record, [later], writing))).toBe('PREPARED_BEFORE_RECEIVED');
});

test('an honest kitchen writes down everything: food found bad afterwards, food for a dish that is cooked again, the dish itself', () => {
  let record = fullRecord(meal);
  const [first] = record.ingredients;
  const bad = { ...came, id: 'bad', replaces: first!.id, reason: 'Có mùi lạ', sensory: 'FAILED' as const, action: 'Bỏ, mua cá khác' };
  record = must(checkIngredients(record, [bad], writing)).record;
  const fresh = ingredient(meal.id, { receivedAt: at('10:00') });
  record = must(checkIngredients(record, [fresh], writing)).record;
  const again = {
    ...cooking(meal.id, { preparedAt: at('10:05'), cookedAt: at('10:25') }),
    replaces: record.cookings[0]!.id,
    reason: 'Nấu lại',
  };
  expect(code(checkCooking(record, { ...again, ingredientIds: [fresh.id, 'bad'] }, writing))).toBe('INGREDIENT_FAILED');
  expect(code(checkCooking(record, { ...again, ingredientIds: [fresh.id] }, writing))).toBe('taken');
  const sameFood = { ...again, preparedAt: at('07:40'), cookedAt: at('09:45'), reason: 'Ghi nhầm giờ' };
  expect(code(checkCooking(record, { ...sameFood, ingredientIds: [first!.id] }, writing))).toBe('taken');
});

test('a dish that failed when it was portioned is cooked again, and the failure was possible when it was written down', () => {
  const full = fullRecord(meal);
  const [portioned] = full.portionings;
  const failed = { ...portioning(meal.id, { replaces: portioned!.id }), reason: 'Nếm lại', sensory: 'FAILED' as const, action: 'Nấu lại' };
  expect(code(checkPortioning(full, { ...failed, portionedAt: at('09:00') }, writing))).toBe('PORTIONED_BEFORE_COOKED');
  const record = { ...must(checkPortioning(full, failed, writing)).record, samples: [] };
  const again = cooking(meal.id, { preparedAt: at('10:45'), cookedAt: at('11:05'), ingredientIds: [full.ingredients[0]!.id] });
  const anew = must(checkCooking(record, { ...again, replaces: record.cookings[0]!.id, reason: 'Nấu lại' }, writing)).record;
  const second = portioning(meal.id, { replaces: failed.id, reason: 'Chia lại', portionedAt: at('11:00'), eatingAt: at('11:30') });
  expect(code(checkPortioning(anew, second, writing))).toBe('PORTIONED_BEFORE_COOKED');
  expect(code(checkPortioning(anew, { ...second, portionedAt: at('11:10') }, writing))).toBe('taken');
});

test('a dish that is taken off and put on again as a new one has records and a sample of its own', () => {
  const full = fullRecord(meal);
  const anew = { ...fish, id: 'ca-thu-2' };
  const input = { id: 'change', added: [anew], takenOff: [fish.id], reason: 'Nấu lại' };
  const record = { ...full, serving: must(changeDishes(meal, input, writing)) };
  const again = cooking(meal.id, {
    dishId: anew.id,
    preparedAt: at('10:45'),
    cookedAt: at('11:05'),
    ingredientIds: [full.ingredients[0]!.id],
  });
  const second = must(checkCooking(record, again, writing)).record;
  expect(code(keepSample(second, sample(meal.id, { dishId: anew.id, takenAt: at('11:06') }), writing))).toBe('taken');
  expect(current(second.samples)).toHaveLength(2);
});

test('two wrong times are corrected one after the other', () => {
  let record = must(checkCooking(withFish, cooked, writing)).record;
  const cookedLater = { ...cooked, id: 'c2', replaces: cooked.id, reason: 'Ghi nhầm giờ', preparedAt: at('08:30') };
  record = must(checkCooking(record, cookedLater, writing)).record;
  const cameLater = { ...came, id: 'i2', replaces: came.id, reason: 'Ghi nhầm giờ', receivedAt: at('08:00') };
  expect(code(checkIngredients(record, [cameLater], writing))).toBe('taken');
});

test('a sample that is gone is corrected no more', () => {
  const record = fullRecord(meal);
  const [kept] = record.samples;
  const gone = must(destroySample(kept!, destruction(), { holds: [], replacedBy: undefined, now: destruction().destroyedAt, by }));
  const known = { ...record, samples: [gone, ...record.samples.slice(1)] };
  expect(code(keepSample(known, sample(meal.id, { replaces: gone.id, reason: 'Ghi nhầm' }), writing))).toBe('SAMPLE_GONE');
});

test('a device that sends for ever is stopped', () => {
  const many = Array.from({ length: mostRecords }, () => ingredient(meal.id));
  const record = must(checkIngredients(emptyRecord(meal), many, writing)).record;
  expect(code(checkIngredients(record, [ingredient(meal.id)], writing))).toBe('RECORD_FULL');
});

const kinds = ['came', 'cooked', 'portioned', 'sampled'] as const;

test('whatever times are sent, what was taken could have happened in that order', () => {
  const minute = fc.integer({ min: 5 * 60, max: 11 * 60 + 30 }).map((of) => new Date(at('00:00').getTime() + of * 60_000));
  const act = fc.record({
    what: fc.constantFrom(...kinds),
    first: minute,
    second: minute,
    corrects: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      const end = acts.reduce(doAct, emptyRecord(meal));
      const [fishes, dish] = [current(end.ingredients), current(end.cookings)[0]];
      const [portioned, kept] = [current(end.portionings)[0], current(end.samples)[0]];
      if (dish) for (const one of fishes) if (dish.ingredientIds.includes(one.id)) expect(one.receivedAt <= dish.preparedAt).toBe(true);
      if (dish) expect(dish.preparedAt <= dish.cookedAt).toBe(true);
      if (portioned) expect(dish!.cookedAt <= portioned.portionedAt && portioned.portionedAt <= portioned.eatingAt).toBe(true);
      if (kept) expect(dish!.cookedAt <= kept.takenAt && (!portioned || kept.takenAt < portioned.eatingAt)).toBe(true);
    }),
  );
});

interface Act {
  readonly what: (typeof kinds)[number];
  readonly first: Date;
  readonly second: Date;
  readonly corrects: boolean;
}

function doAct(record: KitchenRecord, { what, first, second, corrects }: Act): KitchenRecord {
  const putRight = (list: readonly { id: string; replaces: string | undefined }[]) => {
    const last = list.at(-1);
    return corrects && last ? { replaces: last.id, reason: 'Ghi nhầm' } : {};
  };
  const foods = current(record.ingredients).map(({ id }) => id);
  const done = {
    came: () => checkIngredients(record, [ingredient(meal.id, { receivedAt: first, ...putRight(record.ingredients) })], writing),
    cooked: () =>
      checkCooking(
        record,
        cooking(meal.id, { preparedAt: first, cookedAt: second, ingredientIds: foods, ...putRight(record.cookings) }),
        writing,
      ),
    portioned: () =>
      checkPortioning(record, portioning(meal.id, { portionedAt: first, eatingAt: second, ...putRight(record.portionings) }), writing),
    sampled: () => keepSample(record, sample(meal.id, { takenAt: first, ...putRight(record.samples) }), writing),
  }[what]();
  return done.ok ? done.value.record : record;
}
