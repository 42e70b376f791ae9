import { beforeEach, expect, test } from 'vitest';
import { at, day } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { listSamples } from './list-samples.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const list = (due: boolean, after = '', size = 10) => kitchen.school.read((tx) => listSamples(tx, { due, page: { after, size } }));

test('samples that may go are listed when their time is over, the oldest first, page by page', async () => {
  const { id } = await kitchen.ready();
  expect((await list(true)).ok && (await list(true))).toMatchObject({ value: { rows: [] } });
  kitchen.school.itIs(at('10:30', day('2026-11-24')));
  const first = await list(true, '', 1);
  expect(first).toMatchObject({ value: { rows: [{ serving: { id } }] } });
  const next = first.ok ? (first.value.next ?? '') : '';
  const second = await list(true, next, 1);
  expect(second).toMatchObject({ value: { rows: [{}], next: undefined } });
  const ids = [first, second].map((page) => page.ok && page.value.rows[0]?.sample.id);
  expect(new Set(ids).size).toBe(2);
});

test('a sample that is gone leaves the list of what may go and stays in that of all', async () => {
  const { id } = await kitchen.ready();
  kitchen.school.itIs(at('11:30', day('2026-11-24')));
  const [sample] = (await kitchen.record(id)).samples;
  await kitchen.destroyed(sample!.id);
  expect(await list(true)).toMatchObject({ value: { rows: { length: 1 } } });
  expect(await list(false)).toMatchObject({ value: { rows: { length: 2 } } });
});
