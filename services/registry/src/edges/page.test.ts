import { expect, test } from 'vitest';
import { cutPage, idCursor, pageOf } from './page.ts';

test('a list that is walked with its own tokens ends, and loses nothing', () => {
  const all = ['a', 'b', 'c', 'd', 'e'];
  const seen: string[] = [];
  for (let token = ''; ; ) {
    const asked = pageOf({ size: 2, token }, idCursor);
    if (!asked.ok) throw new Error(asked.refusal.code);
    const { after, size } = asked.value;
    const from = after === undefined ? 0 : all.indexOf(after) + 1;
    const { items, page } = cutPage(all.slice(from, from + size + 1), size, (last) => last);
    seen.push(...items);
    token = page.nextToken;
    if (token === '') break;
  }
  expect(seen).toEqual(all);
});

test('a page that is not asked for in size holds a hundred rows', () => {
  expect(pageOf(undefined, idCursor)).toEqual({ ok: true, value: { size: 100 } });
  expect(pageOf({ size: 500, token: '' }, idCursor)).toEqual({ ok: true, value: { size: 500 } });
});

test.each([
  [{ size: 501, token: '' }, 'PAGE_SIZE_WRONG'],
  [{ size: -1, token: '' }, 'PAGE_SIZE_WRONG'],
  [{ size: 1, token: '%%%' }, 'PAGE_TOKEN_WRONG'],
  [{ size: 1, token: Buffer.from('{"$gt":""}').toString('base64url') }, 'PAGE_TOKEN_WRONG'],
])('%j is refused', (page, code) => {
  expect(pageOf(page, idCursor)).toEqual({ ok: false, refusal: { code } });
});
