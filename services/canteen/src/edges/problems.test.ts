import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inVietnamese } from './problems.ts';

test('every problem that an input can have is told in Vietnamese', () => {
  const source = ['./scalars.ts', './input.ts'].map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
  const english = [...source.matchAll(/['`]((?:must|is not) [^'`]+)['`]/g)].map(([, text = '']) => text.replace(/\$\{\w+\}/g, '9'));
  expect(english.length).toBeGreaterThan(15);
  for (const problem of english)
    expect([problem, inVietnamese(problem)]).toEqual([problem, expect.not.stringMatching(/kiểu hoặc vượt|must/)]);
});
