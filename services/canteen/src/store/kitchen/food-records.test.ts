import { beforeEach, expect, test } from 'vitest';
import { at, day } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

const list = (due: boolean, after = '', size = 10) =>
  kitchen.school.read((tx) => tx.foodRecords.samples({ dueAt: due ? tx.now : undefined, after, size }));

test('samples that may go are listed when their time is over, the oldest first, page by page', async () => {
  const { id } = await kitchen.ready();
  expect((await list(true)).rows).toEqual([]);
  kitchen.school.itIs(at('10:30', day('2026-11-24')));
  const first = await list(true, '', 1);
  expect(first).toMatchObject({ rows: [{ serving: { id } }] });
  const second = await list(true, first.next, 1);
  expect(second).toMatchObject({ rows: [{}], next: undefined });
  expect(second.rows[0]?.sample.id).not.toBe(first.rows[0]?.sample.id);
});

test('a sample that is gone leaves the list of what may go and stays in that of all', async () => {
  const { id } = await kitchen.ready();
  kitchen.school.itIs(at('11:30', day('2026-11-24')));
  const [sample] = (await kitchen.record(id)).samples;
  await kitchen.destroyed(sample!.id);
  expect([(await list(true)).rows.length, (await list(false)).rows.length]).toEqual([1, 2]);
});
