import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngines } from '@schoolbell/infra/engines';
import type { Bench, Row } from './bench.ts';
import { pin } from './machine.ts';
import { r4 } from './r4-relay.ts';
import { table } from './table.ts';

const benches: readonly Bench[] = [r4];

/** `npm run bench -- [--full] [--json FILE] [R1 R4 …]`: floor and subject in one run, as a table and as JSON. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { full: { type: 'boolean', default: false }, json: { type: 'string', default: '.schoolbell/bench.json' } },
  });
  const wanted = positionals.map((name) => name.toUpperCase());
  const unknown = wanted.filter((name) => !benches.some((bench) => bench.name.toUpperCase() === name));
  if (unknown.length > 0) {
    console.error(`There is no bench ${unknown.join(', ')}. Choose from ${benches.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  process.env.NODE_ENV = 'production';
  const rows: Row[] = [];
  for (const bench of benches) {
    if (wanted.length === 0 || wanted.includes(bench.name.toUpperCase())) rows.push(...(await runAlone(bench, !values.full)));
  }
  console.log(table(rows));
  await mkdir(join(values.json, '..'), { recursive: true });
  await writeFile(values.json, `${JSON.stringify({ at: new Date(), rows }, undefined, 2)}\n`);
  return rows.every(({ passed }) => passed) ? 0 : 1;
}

/** Each bench has fresh engines: on processor 0, with everything measured on processor 1, for floor and subject alike. */
async function runAlone(bench: Bench, short: boolean): Promise<Row[]> {
  const stateDir = await mkdtemp(join(tmpdir(), 'schoolbell-bench-'));
  const engines = await startEngines({ stateDir, log: () => undefined });
  try {
    for (const pid of [...engines.mongodb.pids, ...engines.kafka.pids]) pin(pid, 0);
    pin(process.pid, 1);
    const world = {
      mongoUri: engines.mongodb.uri,
      brokers: engines.kafka.brokers,
      stateDir,
      short,
      say: (line: string) => console.error(`${bench.name}: ${line}`),
    };
    world.say('running');
    return await bench.run(world);
  } finally {
    await engines.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

process.exitCode = await main();
