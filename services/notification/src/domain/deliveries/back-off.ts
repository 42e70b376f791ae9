/**
 * How long to wait before the next try, in ms: doubled with every try, never above `longestMs`, the upper half of it spread
 * by `seed`, so that messages which failed together do not come back together. The same seed gives the same wait.
 */
export function backOffMs(tries: number, { firstMs, longestMs, seed }: { firstMs: number; longestMs: number; seed: string }): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(30, Math.max(0, tries - 1)));
  return Math.round(fullMs * (0.5 + 0.5 * fraction(seed)));
}

/** FNV-1a, 32 bits, as a number from 0 up to 1. */
function fraction(seed: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < seed.length; at++) hash = Math.imul(hash ^ seed.charCodeAt(at), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
