import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { day, markedAt, steps, teacher } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(markedAt);
});
afterAll(() => database.close());

const assigned = () => given.run(async (tx) => ({ ok: true as const, value: await tx.classTeachers.of(teacher()) }));

test('of one class, teacher and first day the newest assignment holds, in any order and however often', async () => {
  await given.teacher('lan@79000701', 'class-1a', { version: 2, until: '2026-11-23' });
  await given.teacher('lan@79000701', 'class-1a', { version: 1 });
  await given.teacher('lan@79000701', 'class-1a', { version: 2, until: '2026-11-23' });
  await given.teacher('lan@79000701', 'class-1b');
  const { value } = await assigned();
  expect(value.toSorted((a, b) => (a.classId < b.classId ? -1 : 1))).toEqual([
    { subject: 'lan@79000701', classId: 'class-1a', from: day('2026-09-05'), until: day('2026-11-23') },
    { subject: 'lan@79000701', classId: 'class-1b', from: day('2026-09-05') },
  ]);
});

test('assignments of other teachers and of other schools are not among them', async () => {
  await given.teacher('minh@79000701', 'class-1a');
  await steps(database.transact, 'other').teacher('lan@79000701', 'class-1a');
  expect((await assigned()).value).toEqual([]);
});
