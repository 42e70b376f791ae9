import { expect, test } from 'vitest';
import { z } from 'zod';
import * as fields from './fields.ts';
import { readInput } from './input.ts';

const Meal = { UNSPECIFIED: 0, LUNCH: 1, SNACK: 2 } as const;
const schema = z.object({
  orderId: fields.id,
  dueOn: fields.blankOr(fields.day),
  note: fields.line(5, 0),
  meals: z.array(fields.choice(Meal, ['LUNCH', 'SNACK'])).min(1),
  price: fields.money(0n, 10n),
});
const right = {
  orderId: '0191d2a0-0000-7000-8000-000000000001',
  dueOn: '',
  note: ' Để  ',
  meals: [2],
  price: { currencyCode: 'VND', minorUnits: 10n },
};

test('a request is read into what the domain knows', () => {
  expect(readInput(schema, { ...right, dueOn: '2026-11-30' })).toMatchObject({
    value: { dueOn: '2026-11-30', note: 'Để', meals: ['SNACK'], price: { minorUnits: 10n } },
  });
  expect(readInput(schema, right)).toMatchObject({ value: { dueOn: undefined } });
});

test.each([
  [{ orderId: 'A' }, 'order_id', 'must be a UUID in lower case', 'phải là UUID viết thường'],
  [{ dueOn: '30/11' }, 'due_on', 'must be a day like 2026-11-30', 'phải là một ngày có thật, ví dụ 2026-11-30'],
  [{ note: 'a\nb' }, 'note', 'must be one line of plain text', 'phải là một dòng chữ thường, không có ký tự điều khiển'],
  [{ note: 'too long' }, 'note', 'must be at most 5 characters', 'không được quá 5 ký tự'],
  [{ note: '\u202eabc' }, 'note', 'must be one line of plain text', 'phải là một dòng chữ thường, không có ký tự điều khiển'],
  [{ meals: [] }, 'meals', 'must be at least 1 entries', 'không được ít hơn 1 mục'],
  [{ meals: [0] }, 'meals.0', 'must be one of LUNCH, SNACK', 'phải là một trong: LUNCH, SNACK'],
  [{ price: undefined }, 'price', 'must be given', 'bắt buộc phải có'],
  [{ price: { currencyCode: 'VND', minorUnits: 11n } }, 'price.minor_units', 'must be at most 10', 'không được quá 10'],
])('%o is refused by the name of its field, in both languages', (wrong, field, en, vi) => {
  expect(readInput(schema, { ...right, ...wrong })).toEqual({
    ok: false,
    refusal: { code: 'INPUT_INVALID', field, problem: { en, vi } },
  });
});

test('a page token goes there and back, and a foreign one is refused', () => {
  const token = fields.toToken('lớp 1A');
  expect(fields.page.parse({ size: 0, token })).toEqual({ size: 100, after: 'lớp 1A' });
  expect(fields.page.safeParse({ size: 0, token: '!' }).success).toBe(false);
});
