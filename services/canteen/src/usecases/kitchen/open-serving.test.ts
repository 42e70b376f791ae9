import { beforeEach, expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { type Kitchen, testKitchens } from '../../../test/kitchen.ts';
import { by, fish, must, soup } from '../../../test/kitchen-facts.ts';

const kitchens = testKitchens();
let kitchen: Kitchen;
beforeEach(async () => {
  kitchen = await kitchens.newKitchen();
});

test('a meal with everything recorded opens once', async () => {
  const { id } = await kitchen.ready();
  const opened = await kitchen.open(id);
  expect(opened).toMatchObject({ value: { status: 'OPEN', openedAt: at('10:50'), openedBy: by } });
  kitchen.school.itIs(at('11:10'));
  expect(await kitchen.open(id)).toEqual(opened);
  expect((await kitchen.announced()).filter((name) => name === 'servingOpened')).toHaveLength(1);
});

test('a meal that lacks something stays closed and says what', async () => {
  const { id } = await kitchen.plan();
  const [came] = must(await kitchen.came(id));
  must(await kitchen.cooked(id, { ingredientIds: [came!.id] }));
  expect(await kitchen.open(id)).toMatchObject({
    refusal: {
      code: 'SERVING_NOT_READY',
      missing: [
        { what: 'PORTIONING', dish: fish },
        { what: 'SAMPLE', dish: fish },
        { what: 'COOKING', dish: soup },
        { what: 'PORTIONING', dish: soup },
        { what: 'SAMPLE', dish: soup },
      ],
    },
  });
  expect(await kitchen.announced()).not.toContain('servingOpened');
});

test('an unknown meal does not open', async () => {
  expect(await kitchen.open(crypto.randomUUID())).toMatchObject({ refusal: { code: 'SERVING_UNKNOWN' } });
});
