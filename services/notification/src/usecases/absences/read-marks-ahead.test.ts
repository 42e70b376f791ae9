import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { guardian, mark, markedAt, markOrigin, steps } from '../../../test/given.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { followMark } from './follow-mark.ts';
import { readMarksAhead } from './read-marks-ahead.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(markedAt);
  await given.school();
  await given.student();
  await given.guardian(guardian('g1'));
});
afterAll(() => database.close());

const standing = () => database.db.collection('absence_alerts').find().sort({ session: -1 }).toArray();

test('marks of one pupil that share a transaction see each other', async () => {
  const marks = [mark(), mark({ session: 'AFTERNOON' }), mark({ kind: 'PRESENT' })];
  await given.run(async (tx) => {
    await readMarksAhead(tx, marks);
    for (const [at, each] of marks.entries()) await followMark(tx, { mark: each, version: at + 1, origin: markOrigin(each, at + 1) });
  });
  expect(await standing()).toMatchObject([
    { session: 'MORNING', version: 3, status: 'SUPPRESSED', because: 'CORRECTED' },
    { session: 'AFTERNOON', version: 2, status: 'HELD' },
  ]);
});

test('a roll with many absent pupils is one question about how they stand', async () => {
  const marks = Array.from({ length: 20 }, (_, pupil) => mark({ studentId: `pupil-${pupil}` }));
  await database.db.command({ profile: 2 });
  await given.run(async (tx) => {
    await readMarksAhead(tx, marks);
    for (const [at, each] of marks.entries()) await followMark(tx, { mark: each, version: at + 1, origin: markOrigin(each, at + 1) });
  });
  await database.db.command({ profile: 0 });
  const profile = database.db.collection('system.profile');
  const asked = await profile.find({ op: 'query', ns: /[.]absence_alerts$/ }).toArray();
  await profile.drop();
  expect(asked).toHaveLength(1);
  expect(await standing()).toHaveLength(20);
});
