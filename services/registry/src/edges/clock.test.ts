import { createLogger, everySchool } from '@schoolbell/service-kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { day, rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, plannedAs, principal, type Registry, schoolId } from '../../test/given.ts';
import type { RosterRow } from '../domain/roster.ts';
import { startImport } from '../usecases/start-import.ts';
import { clock } from './clock.ts';

const running = new AbortController().signal;
let registry: Registry;
let lines: string[];
beforeEach(async () => {
  registry = await openRegistry();
  lines = [];
});
afterEach(() => registry.database.close());

const ticking = () => clock({ ...registry.database, log: createLogger('registry', 'info', { write: (line) => void lines.push(line) }) })[0];
const found = (importId: string, school = schoolId) => registry.database.read({ schoolId: school }, (tx) => tx.imports.find(importId));
const start = (importId: string, school = schoolId) =>
  registry.database.transact({ schoolId: school }, (tx) => startImport(tx, { importId, by: principal }));
const due = () => registry.database.read({ schoolId: everySchool }, (tx) => tx.imports.due(tx.now));
const pupils = () => registry.database.db.collection('pupils').countDocuments({ schoolId });

const row: RosterRow = {
  row: 2,
  code: '79000701000001',
  fullName: 'An',
  birthDate: day('2020-05-03'),
  sex: 'MALE',
  className: '1A',
  sectorStatus: '',
  leaves: false,
};
/** No reader lets such a name pass; a plan of another version may hold it. */
const tooLarge: RosterRow = { ...row, code: '79000701000002', fullName: 'x'.repeat(1_600_000) };
const importIdOf = (i: number) => `0198c1de-0000-7000-9000-${String(i).padStart(12, 'f')}`;
const plan = (importId: string, school: string, ...chunks: RosterRow[][]) =>
  registry.database.transact({ schoolId: school }, async (tx) => plannedAs(tx, importId, chunks));

test('the clock takes over what is started, chunk by chunk, and then rests', async () => {
  const tick = ticking();
  expect(await tick.run(running)).toBe(false);
  const { id } = await registry.plan('ROSTER', rosterOf(Array.from({ length: 501 }, () => ({}))));
  expect(await tick.run(running)).toBe(false);
  await start(id);

  expect([await tick.run(running), await pupils()]).toEqual([true, 250]);
  expect([await tick.run(running), await pupils()]).toEqual([true, 500]);
  expect([await tick.run(running), await pupils()]).toEqual([false, 501]);
  expect(await tick.run(running)).toBe(false);
  expect(await due()).toEqual([]);
  expect(await registry.database.db.collection('pupils').countDocuments({ schoolId: otherSchoolId })).toBe(0);
  expect(lines).toEqual([]);
});

describe('an import that cannot be taken over', () => {
  test('is tried again a few times, waiting longer each time, and then ends with its cause', async () => {
    const tick = ticking();
    await plan(importIdOf(1), schoolId, [row], [tooLarge], [{ ...row, code: '79000701000003' }]);
    await start(importIdOf(1));
    expect(await tick.run(running)).toBe(true);
    const waits: number[] = [];
    for (let now = Date.parse('2026-11-21T03:00:00Z'); ; ) {
      registry.database.setNow(new Date(now));
      expect(await tick.run(running)).toBe(false);
      expect(await due()).toEqual([]);
      const after = await found(importIdOf(1));
      if (after?.status !== 'APPLYING' || !after.retryAt) break;
      waits.push(after.retryAt.getTime() - now);
      now = after.retryAt.getTime();
    }
    expect(waits).toEqual([1_000, 4_000, 16_000, 64_000]);
    expect(await found(importIdOf(1))).toMatchObject({ status: 'FAILED', failure: 'TOO_LARGE', appliedRows: 1, done: { added: 1 } });
    expect(lines.filter((line) => line.includes('the rest goes on'))).toHaveLength(5);
    expect(lines.filter((line) => line.includes('An import ends') && line.includes(importIdOf(1)))).toHaveLength(1);
    expect(lines.join('')).not.toContain('xxxx');
  });

  test('leaves what was taken over before and none of the rows, and the school can import again', async () => {
    const tick = ticking();
    await plan(importIdOf(1), schoolId, [row], [{ ...row, code: '79000701000003' }]);
    await start(importIdOf(1));
    await tick.run(running);
    await registry.database.db.collection<{ _id: string }>('import_rows').deleteOne({ _id: `${importIdOf(1)}/1` });
    await tick.run(running);
    expect(await found(importIdOf(1))).toMatchObject({ status: 'FAILED', failure: 'ROWS_LOST' });
    expect([await pupils(), await registry.database.db.collection('import_rows').countDocuments()]).toEqual([1, 0]);
    expect(await start(importIdOf(1))).toMatchObject({ ok: true, value: { status: 'FAILED' } });
    expect(await registry.take('ROSTER', rosterOf([{}, {}]))).toMatchObject({ status: 'APPLIED', done: { added: 1, changed: 1 } });
  });

  test('is taken over by a later try when the trouble is gone, and its tries are forgotten', async () => {
    const tick = ticking();
    await plan(importIdOf(1), schoolId, [tooLarge], [tooLarge]);
    await start(importIdOf(1));
    await tick.run(running);
    const chunks = registry.database.db.collection<{ _id: string; items: unknown[] }>('import_rows');
    await chunks.updateOne({ _id: `${importIdOf(1)}/0` }, { $set: { items: [row] } });
    registry.database.setNow(new Date('2026-11-21T03:00:00Z'));
    expect(await tick.run(running)).toBe(true);
    expect(await found(importIdOf(1))).toMatchObject({ status: 'APPLYING', nextChunk: 1, failedTries: 0 });
    expect(await found(importIdOf(1))).not.toHaveProperty('retryAt');
  });

  test('does not hold up other schools, however many there are of it', async () => {
    const tick = ticking();
    const schools = Array.from({ length: 45 }, (_, i) => `0198c1de-0000-7000-8000-${String(i).padStart(12, 'e')}`);
    for (const [i, school] of schools.entries()) {
      await plan(importIdOf(i), school, i === 44 ? [row] : [tooLarge]);
      await start(importIdOf(i), school);
    }
    expect(await tick.run(running)).toBe(false);
    expect(await found(importIdOf(44), schools[44])).toMatchObject({ status: 'APPLIED', done: { added: 1 } });
    expect(await found(importIdOf(0), schools[0])).toMatchObject({ status: 'APPLYING', failedTries: 1 });
  });
});

test('while the engine is away no try is counted, and the clock hears of it', async () => {
  await plan(importIdOf(1), schoolId, [row]);
  await start(importIdOf(1));
  const [tick] = clock({
    ...registry.database,
    transact: () => Promise.reject(Object.assign(new Error('connection refused'), { name: 'MongoNetworkError' })),
    log: createLogger('registry', 'silent'),
  });
  for (let run = 0; run < 9; run++) await expect(tick.run(running)).rejects.toThrow('connection refused');
  expect(await found(importIdOf(1))).toMatchObject({ status: 'APPLYING', failedTries: 0 });
  expect(await ticking().run(running)).toBe(false);
  expect(await found(importIdOf(1))).toMatchObject({ status: 'APPLIED' });
});
