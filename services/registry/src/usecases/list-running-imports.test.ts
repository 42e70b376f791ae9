import { everySchool } from '@schoolbell/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rosterOf } from '../../test/files.ts';
import { openRegistry, principal, type Registry, schoolId } from '../../test/given.ts';
import { listRunningImports } from './list-running-imports.ts';
import { startImport } from './start-import.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await openRegistry();
});
afterAll(() => registry.database.close());

test('the clock sees what is started and not done, of every school', async () => {
  const running = () => registry.database.read({ schoolId: everySchool }, (tx) => listRunningImports(tx, { limit: 10 }));
  const planned = await registry.plan('ROSTER', rosterOf([{}]));
  expect(await running()).toEqual([]);
  await registry.database.transact({ schoolId }, (tx) => startImport(tx, { importId: planned.id, by: principal }));
  expect(await running()).toEqual([{ schoolId, importId: planned.id, chunk: 0 }]);
  await registry.apply(planned);
  expect(await running()).toEqual([]);
});
