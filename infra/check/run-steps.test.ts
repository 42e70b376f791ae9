import { expect, test } from 'vitest';
import { runSteps } from './run-steps.ts';

test('each step is one line with its time, and a failed one says why', async () => {
  const lines: string[] = [];
  const failed = await runSteps(
    [
      { name: 'good', run: async () => ({ ok: true, output: 'chatter' }) },
      { name: 'noted', run: async () => ({ ok: true, output: '', note: 'against main' }) },
      { name: 'bad', run: async () => ({ ok: false, output: 'first reason\nsecond reason' }) },
      { name: 'broken', run: () => Promise.reject(new Error('tool is gone')) },
    ],
    (line) => lines.push(line),
  );

  expect(failed).toBe(2);
  const told = (name: string) => lines.find((line) => line.includes(name));
  expect(told('good')).toMatch(/^ok +good +\d+\.\d s$/);
  expect(told('noted')).toMatch(/^ok .* against main$/);
  expect(told('bad')).toMatch(/^FAILED +bad +\d+\.\d s\n +first reason\n +second reason$/);
  expect(told('broken')).toContain('tool is gone');
});
