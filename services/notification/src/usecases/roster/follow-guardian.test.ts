import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { at, day, guardian, schoolId, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
});
afterAll(() => database.close());

const known = (id: string) => database.read({ schoolId }, async (tx) => (await tx.guardians.find([id]))[0]);

test('the newest version of a guardian stands, in whatever order and however often the events come', async () => {
  const given = steps(database.transact);
  await given.guardian(guardian('g1', { name: 'Mới' }), 3);
  await given.guardian(guardian('g1', { name: 'Cũ' }), 2);
  await given.guardian(guardian('g1', { name: 'Mới' }), 3);
  expect(await known('g1')).toMatchObject({ name: 'Mới' });
});

test('versions of one guardian in one batch leave the newest', async () => {
  await steps(database.transact).run(async (tx) => {
    for (const version of [2, 4, 1, 3])
      tx.guardians.follow(
        { id: 'g1', wantsNotices: true, name: `v${version}`, email: 'a@b.vn', language: 'vi', guardianships: [] },
        version,
      );
  });
  expect(await known('g1')).toMatchObject({ name: 'v4' });
});

test('whoever withdraws consent leaves no name and no address behind', async () => {
  const given = steps(database.transact);
  await given.guardian(guardian('g1'), 1);
  await given.guardian(guardian('g1', { wantsNotices: false }), 2);
  const stored = JSON.stringify(await database.db.collection('guardians').find().toArray());
  expect(stored).not.toMatch(/Phan|example\.vn/);
  expect(await known('g1')).toEqual({
    id: 'g1',
    wantsNotices: false,
    guardianships: guardian('g1').guardianships,
    changedAt: at('2026-09-05T00:00:00Z'),
  });
});

test('a name that looks like a MongoDB path is kept as it is', async () => {
  await steps(database.transact).guardian(
    guardian('g1', {
      name: '$version',
      email: 'a@b.vn',
      guardianships: [{ studentId: '$$ROOT', from: day('2026-09-05'), until: day('2026-10-01') }],
    }),
  );
  expect(await known('g1')).toMatchObject({
    name: '$version',
    guardianships: [{ studentId: '$$ROOT', from: '2026-09-05', until: '2026-10-01' }],
  });
});

test('another school neither sees nor changes a guardian', async () => {
  await steps(database.transact).guardian(guardian('g1'));
  expect(await database.read({ schoolId: 'other' }, (tx) => tx.guardians.ofStudents(['pupil-1']))).toEqual([]);
  await expect(steps(database.transact, 'other').guardian(guardian('g1', { name: 'Người lạ' }), 9)).rejects.toThrow();
  expect(await known('g1')).toMatchObject({ name: 'Phan Hữu Nam' });
});
