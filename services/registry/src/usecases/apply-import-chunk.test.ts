import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRegistry, type Registry } from '../../test/given.ts';

const school = new URL('../../../../infra/demo/school/', import.meta.url);
const workbook = readFileSync(new URL('C1-HocSinh.xlsx', school));
const contacts = readFileSync(new URL('phu-huynh.csv', school));

let registry: Registry;
beforeEach(async () => {
  registry = await openRegistry();
});
afterEach(() => registry.database.close());

describe('the sample', () => {
  test('is taken over', async () => {
    const t0 = performance.now();
    const applied = await registry.take('ROSTER', workbook);
    const { findings, ...rest } = applied;
    console.log(rest, performance.now() - t0);
    const again = await registry.take('ROSTER', workbook);
    console.log({ ...again, findings: 0 }, performance.now() - t0);
    const c = await registry.take('CONTACTS', contacts);
    console.log({ ...c, findings: c.findings }, performance.now() - t0);
    const c2 = await registry.take('CONTACTS', contacts);
    console.log({ ...c2, findings: c2.findings.length }, performance.now() - t0);
    const counts = new Map<string, number>();
    for (const e of await registry.announced()) counts.set(e.$case, (counts.get(e.$case) ?? 0) + 1);
    console.log(counts);
    expect(1).toBe(1);
  });
});
