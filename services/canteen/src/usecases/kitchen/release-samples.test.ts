import { beforeEach, expect, test } from 'vitest';
import { at, day } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { by } from '../../../test/kitchen-facts.ts';
import { releaseSamples } from './release-samples.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const tuesday = day('2026-11-24');
const release = (servingId: string, holdId: string) =>
  kitchen.school.transact((tx) => releaseSamples(tx, { servingId, holdId, document: 'Công văn 45/TTYT', by }));

test('samples may go again when the last hold is over, and each end is announced once', async () => {
  const { id: servingId } = await kitchen.ready();
  const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
  await kitchen.held(servingId, first);
  await kitchen.held(servingId, second);
  kitchen.school.itIs(at('12:00', tuesday));
  const due = async () =>
    (await kitchen.school.read((tx) => tx.samples.list({ dueAt: at('12:00', tuesday), after: '', size: 10 }))).rows.length;
  await release(servingId, first);
  await release(servingId, first);
  expect(await due()).toBe(0);
  expect(await release(servingId, second)).toMatchObject({ value: { holds: [{ release: { document: 'Công văn 45/TTYT' } }, {}] } });
  expect(await due()).toBe(2);
  expect((await kitchen.announced()).filter((name) => name === 'samplesReleased')).toHaveLength(2);
});

test('what was not held is not released', async () => {
  const { id: servingId } = await kitchen.plan();
  expect(await release(servingId, crypto.randomUUID())).toMatchObject({ refusal: { code: 'HOLD_UNKNOWN' } });
  expect(await release(crypto.randomUUID(), crypto.randomUUID())).toMatchObject({ refusal: { code: 'SERVING_UNKNOWN' } });
});
