import { beforeEach, expect, test } from 'vitest';
import { at, day } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { cook } from '../../../test/kitchen-facts.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const tuesday = day('2026-11-24');
const someSample = async () => {
  const serving = await kitchen.ready();
  const [sample] = (await kitchen.record(serving.id)).samples;
  return { servingId: serving.id, id: sample!.id };
};

test('a sample is destroyed after its time, with who did it and who saw it, and that is announced once', async () => {
  const { servingId, id } = await someSample();
  expect(await kitchen.destroyed(id)).toMatchObject({ refusal: { code: 'CLOCK_AHEAD' } });
  kitchen.school.itIs(at('11:30', tuesday));
  expect(await kitchen.destroyed(id, { destroyedAt: at('10:29', tuesday) })).toMatchObject({ refusal: { code: 'SAMPLE_TOO_YOUNG' } });
  const gone = await kitchen.destroyed(id);
  expect(gone).toMatchObject({ value: { destroyed: { destroyedBy: cook, destroyedAt: at('11:00', tuesday) } } });
  expect(await kitchen.destroyed(id)).toEqual(gone);
  expect((await kitchen.record(servingId)).samples.find((one) => one.id === id)).toEqual(gone.ok && gone.value);
  expect((await kitchen.announced()).filter((name) => name === 'sampleDestroyed')).toHaveLength(1);
});

test('a sample that is held is not destroyed, nor in the instant in which it is held', async () => {
  const { servingId, id } = await someSample();
  kitchen.school.itIs(at('11:30', tuesday));
  const [, destroyed] = await Promise.all([kitchen.held(servingId), kitchen.destroyed(id)]);
  const events = (await kitchen.announced()).filter((name) => name === 'samplesHeld' || name === 'sampleDestroyed');
  expect(events).toEqual(destroyed.ok ? ['sampleDestroyed', 'samplesHeld'] : ['samplesHeld']);
  const other = (await kitchen.record(servingId)).samples.find((one) => one.id !== id);
  expect(await kitchen.destroyed(other!.id)).toMatchObject({ refusal: { code: 'SAMPLE_HELD' } });
});

test('a sample that nobody took is refused', async () => {
  expect(await kitchen.destroyed(crypto.randomUUID())).toMatchObject({ refusal: { code: 'SAMPLE_UNKNOWN' } });
});
