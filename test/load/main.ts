import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngines } from '@schoolbell/infra/engines';
import type { Bench, Place, Row } from './bench.ts';
import { dayBench } from './day.ts';
import { importBench } from './import.ts';
import { pin, unpin } from './machine.ts';
import { r1 } from './r1-ipn.ts';
import { r2 } from './r2-roll-calls.ts';
import { r2b } from './r2-scans.ts';
import { r4 } from './r4-relay.ts';
import { r5 } from './r5-consumer.ts';
import { r8 } from './r8-invoice-run.ts';
import { startBench } from './start.ts';
import { table } from './table.ts';

const benches: readonly Bench[] = [r1, r2, r2b, r4, r5, r8, dayBench, importBench, startBench];

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

/** Each bench has fresh engines and an empty folder. */
async function runAlone(bench: Bench, short: boolean): Promise<Row[]> {
  const stateDir = await mkdtemp(join(tmpdir(), 'schoolbell-bench-'));
  const place = { stateDir, short, say: (line: string) => console.error(`${bench.name}: ${line}`) };
  unpin(process.pid);
  place.say('running');
  try {
    return await (bench.engines === 'OWN' ? bench.run(place) : runOnEngines(bench, place));
  } catch (error) {
    place.say(String(error instanceof Error ? error.stack : error));
    return [{ name: bench.name, what: 'ended early', subject: Number.NaN, unit: '', must: '', passed: false, invariants: String(error) }];
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
}

async function runOnEngines(bench: Exclude<Bench, { engines: 'OWN' }>, place: Place): Promise<Row[]> {
  const { mongodb, kafka, stop } = await startEngines({ stateDir: place.stateDir, log: () => undefined });
  try {
    if (bench.engines === 'APART') {
      for (const pid of [...mongodb.pids, ...kafka.pids]) pin(pid, 0);
      pin(process.pid, 1);
    }
    return await bench.run({ ...place, mongoUri: mongodb.uri, brokers: kafka.brokers, mongodPids: mongodb.pids });
  } finally {
    await stop();
  }
}

process.exitCode = await main();
