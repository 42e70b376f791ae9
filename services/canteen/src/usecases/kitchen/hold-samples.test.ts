import { beforeEach, expect, test } from 'vitest';
import { at, day } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { by } from '../../../test/kitchen-facts.ts';
import { holdSamples } from './hold-samples.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const tuesday = day('2026-11-24');

test('a hold takes every sample of the meal off the list of what may go, and its reason is announced to nobody', async () => {
  const { id: servingId } = await kitchen.ready();
  kitchen.school.itIs(at('12:00', tuesday));
  const due = () => kitchen.school.read((tx) => tx.samples.list({ dueAt: at('12:00', tuesday), after: '', size: 10 }));
  expect((await due()).rows).toHaveLength(2);
  const held = await kitchen.held(servingId, '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10');
  await kitchen.held(servingId, '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10');
  expect(held.holds).toMatchObject([{ reason: 'Nghi ngộ độc', heldBy: by }]);
  expect((await due()).rows).toEqual([]);
  const events = (await kitchen.school.announced()).filter(({ $case }) => $case === 'samplesHeld');
  expect(events).toMatchObject([{ value: { servingId, hold: { reason: '', heldBy: by } } }]);
});

test('a sample that is taken after the hold is held too', async () => {
  const { id: servingId } = await kitchen.ready();
  await kitchen.held(servingId);
  const [first] = (await kitchen.record(servingId)).samples;
  await kitchen.sampled(servingId, { dishId: first!.dishId, replaces: first!.id, reason: 'Ghi nhầm' });
  const due = await kitchen.school.read((tx) => tx.samples.list({ dueAt: at('12:00', tuesday), after: '', size: 10 }));
  expect(due.rows).toEqual([]);
});

test('an unknown meal has nothing to hold', async () => {
  const order = { servingId: crypto.randomUUID(), holdId: crypto.randomUUID(), reason: 'x', by };
  expect(await kitchen.school.transact((tx) => holdSamples(tx, order))).toMatchObject({ refusal: { code: 'SERVING_UNKNOWN' } });
});
