import { beforeEach, expect, test } from 'vitest';
import { at, day } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { by, must, sample } from '../../../test/kitchen-facts.ts';
import { takeSample } from './take-sample.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const cookedFish = async () => {
  const { id } = await kitchen.plan();
  const [came] = must(await kitchen.came(id));
  must(await kitchen.cooked(id, { ingredientIds: [came!.id] }));
  return id;
};

test('a sample starts its 24 hours when it is taken, and is announced once', async () => {
  const servingId = await cookedFish();
  const input = sample(servingId);
  const take = () => kitchen.school.transact((tx) => takeSample(tx, { input, by }));
  const first = await take();
  expect(first).toMatchObject({ value: { destroyableFrom: at('10:30', day('2026-11-24')), destroyed: undefined } });
  expect(await take()).toEqual(first);
  expect((await kitchen.announced()).filter((name) => name === 'sampleTaken')).toHaveLength(1);
});

test('a sample that was corrected leaves the list, and its correction is in it', async () => {
  const servingId = await cookedFish();
  const { id } = must(await kitchen.sampled(servingId));
  const right = must(await kitchen.sampled(servingId, { replaces: id, reason: 'Ghi nhầm khối lượng', amount: 150 }));
  const { rows } = await kitchen.school.read((tx) => tx.samples.list({ dueAt: undefined, after: '', size: 10 }));
  expect(rows).toEqual([right]);
  expect((await kitchen.record(servingId)).samples).toHaveLength(2);
});

test('an id of another meal and an unknown meal are refused', async () => {
  const { id } = must(await kitchen.sampled(await cookedFish()));
  const snack = await kitchen.plan({ meal: 'SNACK' });
  expect(await kitchen.sampled(snack.id, { id })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
  expect(await kitchen.sampled(crypto.randomUUID())).toMatchObject({ refusal: { code: 'SERVING_UNKNOWN' } });
});
