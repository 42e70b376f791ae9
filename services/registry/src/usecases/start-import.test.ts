import { afterEach, beforeEach, expect, test } from 'vitest';
import { rosterOf } from '../../test/files.ts';
import { openRegistry, principal, type Registry, schoolId } from '../../test/given.ts';
import { startImport } from './start-import.ts';

let registry: Registry;
beforeEach(async () => {
  registry = await openRegistry();
});
afterEach(() => registry.database.close());

const start = (importId: string) => registry.database.transact({ schoolId }, (tx) => startImport(tx, { importId, by: principal }));
const expiring = () => registry.database.db.collection('import_rows').countDocuments({ expiresAt: { $exists: true } });

test('an import that is started waits for its turn, however long that takes', async () => {
  const planned = await registry.plan('ROSTER', rosterOf([{}]));
  expect(await expiring()).toBe(1);
  expect(await start(planned.id)).toMatchObject({ ok: true, value: { status: 'APPLYING', startedBy: principal, today: '2026-11-21' } });
  expect(await expiring()).toBe(0);
});

test('an import that is started twice is started once', async () => {
  const planned = await registry.plan('ROSTER', rosterOf([{}]));
  const first = await start(planned.id);
  expect(await start(planned.id)).toEqual(first);
  await registry.apply(planned);
  expect(await start(planned.id)).toMatchObject({ ok: true, value: { status: 'APPLIED' } });
});

test('two imports of one school are never taken over at once, even when both start in the same instant', async () => {
  const one = await registry.plan('ROSTER', rosterOf([{}]));
  const two = await registry.plan('ROSTER', rosterOf([{}, {}]));
  const results = await Promise.all([start(one.id), start(two.id)]);
  const running = results.findIndex(({ ok }) => ok);
  const [winner, loser] = running === 0 ? [one, two] : [two, one];
  expect(results[1 - running]).toEqual({ ok: false, refusal: { code: 'OTHER_IMPORT_RUNNING', importId: winner.id } });
  await registry.apply(winner);
  expect(await start(loser.id)).toMatchObject({ ok: true });
});

test('an import that nobody planned, or that is older than a week, is refused', async () => {
  expect(await start('0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10')).toEqual({ ok: false, refusal: { code: 'IMPORT_NOT_FOUND' } });
  const planned = await registry.plan('ROSTER', rosterOf([{}]));
  registry.setDay('2026-11-29');
  expect(await start(planned.id)).toEqual({ ok: false, refusal: { code: 'IMPORT_EXPIRED' } });
});
