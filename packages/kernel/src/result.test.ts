import { expect, test } from 'vitest';
import { isUuid } from './id.ts';
import { err, ok } from './result.ts';
import { unreachable } from './unreachable.ts';

test('a result is either a value or a refusal with its facts', () => {
  expect(ok(7)).toEqual({ ok: true, value: 7 });
  expect(err({ code: 'INSUFFICIENT_FUNDS', missing: 5n })).toEqual({ ok: false, refusal: { code: 'INSUFFICIENT_FUNDS', missing: 5n } });
});

test('a case that nobody thought of ends loudly', () => {
  expect(() => unreachable('surprise' as never)).toThrow('surprise');
});

test('only a canonical lower-case UUID is an id of a caller', () => {
  expect(isUuid('0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10')).toBe(true);
  for (const text of ['0198C1DE-6C1E-7B5E-9C1A-0D3B1F6F2A10', '0198c1de6c1e7b5e9c1a0d3b1f6f2a10', '', '{"$ne":null}'])
    expect(isUuid(text)).toBe(false);
});
