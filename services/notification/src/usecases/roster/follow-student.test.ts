import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schoolId, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeAll(async () => {
  database = await open();
});
afterAll(() => database.close());

test('a pupil is known by the class of the newest event and by nothing else', async () => {
  const given = steps(database.transact);
  await given.student('pupil-1', 2, '2A');
  await given.student('pupil-1', 1, '1A');
  expect(await database.read({ schoolId }, (tx) => tx.students.find(['pupil-1', 'pupil-2']))).toEqual([{ id: 'pupil-1', className: '2A' }]);
  const [stored] = await database.db.collection('students').find().toArray();
  expect(Object.keys(stored ?? {}).sort()).toEqual(['_id', 'className', 'schoolId', 'version']);
});
