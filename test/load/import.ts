import { setTimeout as sleep } from 'node:timers/promises';
import { ImportKind, ImportStatus } from '@schoolbell/contracts/school/registry/v1/registry';
import { brokenInvariants } from '@schoolbell/testkit';
import { MongoClient } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { type Bench, guardRow, type Row, type World } from './bench.ts';
import { peakMebibytes } from './machine.ts';
import { type OneService, startOneService } from './one-service.ts';
import { median } from './statistics.ts';
import { rosterOf } from './workbook.ts';

const rows = 10_000;
const mostSeconds = 10;
const mostMebibytes = 400;

/** IMPORT: a workbook of 10,000 pupils, dry run and take-over, through gRPC; each round on a fresh registry with an empty database. */
export const importBench: Bench = { name: 'IMPORT', engines: 'BESIDE', run };

async function run(world: World): Promise<Row[]> {
  const file = rosterOf(rows);
  const seconds: number[] = [];
  const mebibytes: number[] = [];
  for (let round = 1; round <= (world.short ? 3 : 8); round++) {
    const registry = await startOneService(world, 'registry', `bench_import_${round}`);
    try {
      const { plan, apply } = await takeOver(registry, file);
      seconds.push(plan + apply);
      mebibytes.push(peakMebibytes(registry.pid));
      world.say(`planned in ${plan.toFixed(1)} s, taken over in ${apply.toFixed(1)} s, at most ${mebibytes.at(-1)} MiB resident`);
      await assertTakenOver(world, registry);
    } finally {
      await registry.stop();
    }
  }
  const invariants = 'I4 I5; every row is a pupil and was announced once';
  const what = 'dry run and take-over of 10,000 rows';
  return [
    guardRow({ name: 'IMPORT', what, subject: median(seconds), unit: 's', most: mostSeconds, invariants }),
    guardRow({ name: 'IMPORT memory', what, subject: Math.max(...mebibytes), unit: 'MiB', most: mostMebibytes, invariants }),
  ];
}

async function takeOver({ clients: { registry }, school }: OneService, content: Buffer): Promise<{ plan: number; apply: number }> {
  await registry.registerSchool({ school: { schoolId: school.id, code: school.code, name: school.name } });
  const importId = uuidv7();
  const begun = performance.now();
  const planned = await registry.planImport({ importId, kind: ImportKind.ROSTER, fileName: 'C1-HocSinh.xlsx', content });
  const { accepted, refused } = planned.import ?? {};
  if (accepted !== rows || refused !== 0) throw new Error(`${accepted} of ${rows} rows can be taken over, ${refused} cannot`);
  const read = performance.now();
  await registry.applyImport({ importId });
  for (let status: ImportStatus | undefined; status !== ImportStatus.APPLIED; await sleep(25)) {
    status = (await registry.getImport({ importId })).import?.status;
    if (status === ImportStatus.FAILED) throw new Error('The import failed');
  }
  return { plan: (read - begun) / 1_000, apply: (performance.now() - read) / 1_000 };
}

async function assertTakenOver({ mongoUri: uri }: World, { database }: OneService): Promise<void> {
  const client = await MongoClient.connect(uri);
  try {
    const db = client.db(database);
    while (await db.collection('outbox').findOne({ pending: true })) await sleep(50);
    const pupils = await db.collection('pupils').countDocuments();
    const announced = await db.collection('outbox').countDocuments({ type: 'school.registry.v1.StudentEnrolled' });
    if (pupils !== rows || announced !== rows) throw new Error(`${pupils} pupils and ${announced} announcements came of ${rows} rows`);
    const scope = { prefix: database.replace(/_registry$/, ''), services: ['registry'] } as const;
    const broken = await brokenInvariants({ mongodb: { uri } }, scope);
    if (broken.length > 0) throw new Error(broken.slice(0, 5).join('; '));
  } finally {
    await client.close();
  }
}
