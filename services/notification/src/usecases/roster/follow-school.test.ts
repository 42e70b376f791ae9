import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schoolId } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { followSchool } from './follow-school.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, notificationTx);
beforeAll(async () => {
  database = await open();
});
afterAll(() => database.close());

test('a renamed school signs with its new name, though the old one is heard again', async () => {
  const follow = (name: string, version: number) =>
    database.transact({ schoolId }, (tx) => followSchool(tx, { school: { id: schoolId, name }, version }));
  await follow('Trường Hoa Phượng', 1);
  await follow('Trường Hoa Sen', 2);
  await follow('Trường Hoa Phượng', 1);
  expect(await database.read({ schoolId }, (tx) => tx.schools.own())).toEqual({ id: schoolId, name: 'Trường Hoa Sen' });
});
