import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kitchenProblem } from './kitchen-problems.ts';

test('every problem that an input of the kitchen can have is told in Vietnamese', () => {
  const source = readFileSync(new URL('./kitchen-input.ts', import.meta.url), 'utf8');
  const english = [...source.matchAll(/'((?:must|is not) [^']+)'/g)].map(([, text = '']) => text);
  expect(english.length).toBeGreaterThan(15);
  for (const problem of english)
    expect([problem, kitchenProblem(problem)]).toEqual([problem, expect.not.stringMatching(/kiểu hoặc vượt|must/)]);
});

test('what other requests call wrong is known too', () => {
  expect(kitchenProblem('must be given')).toBe('bắt buộc phải có');
});
