import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const hours: Readonly<Record<string, number>> = { UTC: 0, 'Asia/Ho_Chi_Minh': 7 };

test('tests, and the processes they start, live in the time zone that their project names', () => {
  const hour = "new Date('2026-11-21T00:00:00Z').getHours()";
  const wanted = hours[process.env.TZ ?? ''];
  // biome-ignore lint/plugin: what the process's own zone answers is what is tested
  expect(new Date('2026-11-21T00:00:00Z').getHours()).toBe(wanted);
  expect(Number(execFileSync(process.execPath, ['--print', hour], { encoding: 'utf8' }))).toBe(wanted);
});
