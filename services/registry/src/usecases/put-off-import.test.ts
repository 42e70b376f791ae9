import { afterAll, beforeAll, expect, test } from 'vitest';
import { rosterOf } from '../../test/files.ts';
import { openRegistry, principal, type Registry, schoolId } from '../../test/given.ts';
import { applyImportChunk } from './apply-import-chunk.ts';
import { putOffImport } from './put-off-import.ts';
import { startImport } from './start-import.ts';

let registry: Registry;
let importId: string;
beforeAll(async () => {
  registry = await openRegistry();
  importId = (await registry.plan('ROSTER', rosterOf(Array.from({ length: 300 }, () => ({}))))).id;
});
afterAll(() => registry.database.close());

const putOff = (chunk: number, failure: 'UNEXPECTED' | 'ROWS_LOST' = 'UNEXPECTED') =>
  registry.database.transact({ schoolId }, (tx) => putOffImport(tx, { importId, chunk, failure }));
const found = () => registry.database.read({ schoolId }, (tx) => tx.imports.find(importId));

test('one failure that two clocks meet at once is counted once', async () => {
  const planned = await found();
  expect([await putOff(0), await found()]).toEqual([undefined, planned]);
  await registry.database.transact({ schoolId }, (tx) => startImport(tx, { importId, by: principal }));
  await Promise.all([putOff(0), putOff(0), putOff(0)]);
  expect(await found()).toMatchObject({ status: 'APPLYING', failedTries: 1, retryAt: new Date('2026-11-21T02:00:01Z') });
});

test('a chunk that another clock has taken over meanwhile has not failed', async () => {
  await registry.database.transact({ schoolId }, (tx) => applyImportChunk(tx, { importId }));
  await putOff(0);
  expect(await found()).toMatchObject({ status: 'APPLYING', nextChunk: 1, failedTries: 0 });
});

test('who ends an import hears of it, once', async () => {
  expect(await putOff(1, 'ROWS_LOST')).toMatchObject({ id: importId, status: 'FAILED', failure: 'ROWS_LOST' });
  expect(await putOff(1, 'ROWS_LOST')).toBeUndefined();
  expect(await registry.database.db.collection('import_rows').countDocuments()).toBe(0);
});
