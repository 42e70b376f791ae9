import { everySchool } from '@schoolbell/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, principal, type Registry, schoolId } from '../../test/given.ts';
import { listRunningImports } from '../usecases/list-running-imports.ts';
import { startImport } from '../usecases/start-import.ts';
import { applyImports } from './clock.ts';

const running = new AbortController().signal;
let registry: Registry;
beforeAll(async () => {
  registry = await openRegistry();
});
afterAll(() => registry.database.close());

test('the clock takes over what is started, chunk by chunk, and then rests', async () => {
  const tick = applyImports(registry.database);
  expect(await tick.run(running)).toBe(false);
  const { id } = await registry.plan('ROSTER', rosterOf(Array.from({ length: 501 }, () => ({}))));
  expect(await tick.run(running)).toBe(false);
  await registry.database.transact({ schoolId }, (tx) => startImport(tx, { importId: id, by: principal }));

  const pupils = () => registry.database.db.collection('pupils').countDocuments({ schoolId });
  expect([await tick.run(running), await pupils()]).toEqual([true, 250]);
  expect([await tick.run(running), await pupils()]).toEqual([true, 500]);
  expect([await tick.run(running), await pupils()]).toEqual([false, 501]);
  expect(await tick.run(running)).toBe(false);
  expect(await registry.database.read({ schoolId: everySchool }, (tx) => listRunningImports(tx, 10))).toEqual([]);
  expect(await registry.database.db.collection('pupils').countDocuments({ schoolId: otherSchoolId })).toBe(0);
});

test('an import that cannot go on does not hold up another school, and is not passed over in silence', async () => {
  const tick = applyImports(registry.database);
  const broken = await registry.plan('ROSTER', rosterOf([{}, {}]));
  await registry.database.transact({ schoolId }, (tx) => startImport(tx, { importId: broken.id, by: principal }));
  await registry.database.db.collection('import_rows').deleteMany({ importId: broken.id });
  const { findings: _, ...healthy } = { ...broken, id: '0198c1de-0000-7000-9000-00000000ffff' };
  await registry.database.transact({ schoolId: otherSchoolId }, async (tx) => {
    tx.imports.insert({ ...healthy, findings: [], chunks: 0 });
    return startImport(tx, { importId: healthy.id, by: principal });
  });
  await expect(tick.run(running)).rejects.toThrow('lost its chunk');
  expect(await registry.database.read({ schoolId: otherSchoolId }, (tx) => tx.imports.find(healthy.id))).toMatchObject({
    status: 'APPLIED',
  });
});
