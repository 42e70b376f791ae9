import { addDays } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { at, monday } from '../../../test/facts.ts';
import { by, cooking, emptyRecord, fish, fullRecord, must, portioning, serving, soup } from '../../../test/kitchen-facts.ts';
import { foodRulesOn } from './food-check-rules.ts';
import { missingFor, openServing } from './serving-gate.ts';
import { checkCooking, checkPortioning } from './serving-record.ts';

const rules = foodRulesOn(monday);
const opening = { rules, counted: 0, now: at('10:55'), by };
const full = fullRecord();
const small = fullRecord(serving({ portions: 29 }));

test('a meal opens when steps 1 to 3 and all samples are recorded, and the same again is the first answer', () => {
  const opened = must(openServing(full, opening));
  expect(opened).toMatchObject({ status: 'OPEN', openedAt: at('10:55'), openedBy: by, version: 2 });
  expect(openServing({ ...full, serving: opened }, { ...opening, now: at('12:00') })).toEqual({ ok: true, value: opened });
});

test('a meal of which nothing is recorded lacks everything, step by step', () => {
  const missing = missingFor(emptyRecord(), { rules, counted: 0 });
  expect(missing.map((one) => ('dish' in one ? `${one.what} ${one.dish.id}` : one.what))).toEqual([
    'INGREDIENTS',
    ...[fish, soup].flatMap(({ id }) => [`COOKING ${id}`, `PORTIONING ${id}`, `SAMPLE ${id}`]),
  ]);
});

test.each([
  ['step 1', { ...full, ingredients: [] }, ['INGREDIENTS']],
  [
    'step 1 with food that failed only',
    { ...full, ingredients: full.ingredients.map((one) => ({ ...one, sensory: 'FAILED' as const })) },
    ['INGREDIENTS', 'PASSED_INGREDIENTS', 'PASSED_INGREDIENTS'],
  ],
  ['step 2 of a dish', { ...full, cookings: full.cookings.slice(1) }, ['COOKING']],
  ['step 3 of a dish', { ...full, portionings: full.portionings.slice(1) }, ['PORTIONING']],
  ['the sample of a dish', { ...full, samples: full.samples.slice(1) }, ['SAMPLE']],
])('without %s no meal opens, for nobody', (_, record, wanted) => {
  expect(openServing(record, opening)).toMatchObject({ refusal: { code: 'SERVING_NOT_READY', missing: wanted.map((what) => ({ what })) } });
});

test('a dish that failed keeps the meal closed until it is corrected', () => {
  const [cooked, portioned] = [full.cookings[0]!, full.portionings[0]!];
  const failed = { sensory: 'FAILED', action: 'Nấu lại', reason: 'Nếm lại', dishId: fish.id } as const;
  const { ingredientIds } = cooked;
  const writing = { now: at('10:55'), by };
  const badly = must(checkCooking(full, cooking(full.serving.id, { ...failed, ingredientIds, replaces: cooked.id }), writing)).record;
  expect(openServing(badly, opening)).toMatchObject({ refusal: { missing: [{ what: 'PASSED_COOKING', dish: fish }] } });
  const again = cooking(full.serving.id, { ingredientIds, replaces: badly.cookings.at(-1)!.id, reason: 'Đã nấu lại' });
  expect(openServing(must(checkCooking(badly, again, writing)).record, opening).ok).toBe(true);
  const spoiled = must(checkPortioning(full, portioning(full.serving.id, { ...failed, replaces: portioned.id }), writing)).record;
  expect(openServing(spoiled, opening)).toMatchObject({ refusal: { missing: [{ what: 'PASSED_PORTIONING' }] } });
});

test('a dish whose food was found bad afterwards keeps the meal closed, and one that is back is judged again', () => {
  const bad = full.ingredients.map((one) => ({ ...one, sensory: 'FAILED' as const, action: 'Bỏ' }));
  const good = { ...full.ingredients[0]!, id: 'good' };
  expect(openServing({ ...full, ingredients: [...bad, good] }, opening)).toMatchObject({
    refusal: {
      missing: [
        { what: 'PASSED_INGREDIENTS', dish: fish },
        { what: 'PASSED_INGREDIENTS', dish: soup },
      ],
    },
  });
  const impossible = { ...full, cookings: full.cookings.map((one) => ({ ...one, preparedAt: at('05:00') })) };
  expect(openServing(impossible, opening)).toMatchObject({ refusal: { code: 'PREPARED_BEFORE_RECEIVED' } });
});

test('samples are needed from 30 portions on, whoever counted them', () => {
  const few = { ...small, samples: [], cookings: small.cookings.map((one) => ({ ...one, portions: 29 })) };
  expect(openServing(few, opening).ok).toBe(true);
  expect(openServing(few, { ...opening, counted: 30 }).ok).toBe(false);
  expect(openServing({ ...few, cookings: small.cookings }, opening).ok).toBe(false);
  expect(openServing({ ...few, serving: serving({ portions: 30 }) }, opening).ok).toBe(false);
});

test('a meal opens on its own day', () => {
  expect(openServing(full, { ...opening, now: at('10:55', addDays(monday, 1)) })).toMatchObject({ refusal: { code: 'NOT_THE_DAY' } });
});
