import type { PageRequest, PageResponse } from '@schoolbell/contracts/school/common/v1/page';
import { err, ok, type Result } from '@schoolbell/kernel';

export type PageRefused = { readonly code: 'PAGE_SIZE_WRONG' } | { readonly code: 'PAGE_TOKEN_WRONG' };

const usualSize = 100;
const largestSize = 500;

export interface PageAsked<C> {
  readonly size: number;
  readonly after?: C;
}

/** `read` makes a cursor of what the token holds; undefined for what this list never gave out. */
export function pageOf<C>(page: PageRequest | undefined, read: (value: unknown) => C | undefined): Result<PageAsked<C>, PageRefused> {
  const { size, token } = page ?? { size: 0, token: '' };
  if (size < 0 || size > largestSize) return err({ code: 'PAGE_SIZE_WRONG' });
  const asked = { size: size === 0 ? usualSize : size };
  if (token === '') return ok(asked);
  const after = read(parse(token));
  return after === undefined ? err({ code: 'PAGE_TOKEN_WRONG' }) : ok({ ...asked, after });
}

/** `found` holds one more than `size` when the list goes on. */
export function cutPage<T>(
  found: readonly T[],
  size: number,
  cursorOf: (last: T) => unknown,
): { readonly items: readonly T[]; readonly page: PageResponse } {
  const items = found.slice(0, size);
  const last = items.at(-1);
  const goesOn = found.length > size && last !== undefined;
  return { items, page: { nextToken: goesOn ? Buffer.from(JSON.stringify(cursorOf(last))).toString('base64url') : '' } };
}

export function idCursor(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
