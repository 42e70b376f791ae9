import { vnd } from '@schoolbell/kernel';
import { everySchool } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import { findDueNotices } from './find-due-notices.ts';
import { keepNotice } from './keep-notice.ts';
import { putOffNotice } from './put-off-notice.ts';

const schools = testSchools();

test('a notice that is put off comes back later, and each time later still', async () => {
  const { database, schoolId, transact } = schools.newSchool();
  const at = (seconds: number) => database.setNow(new Date(Date.parse('2026-11-21T02:00:00Z') + seconds * 1_000));
  const due = () => database.read({ schoolId: everySchool }, (tx) => findDueNotices(tx, 10));
  at(0);
  const notice = noticeFor({ orderRef: crypto.randomUUID(), amount: vnd(1n) });
  const { keptAt } = await transact((tx) => keepNotice(tx, { raw: 'x', notice }));
  at(40);
  await transact((tx) => putOffNotice(tx, { schoolId, notice, keptAt }));
  at(79);
  expect(await due()).toEqual([]);
  at(81);
  expect(await due()).toHaveLength(1);
  await transact((tx) => putOffNotice(tx, { schoolId, notice, keptAt }));
  at(160);
  expect(await due()).toEqual([]);
});
