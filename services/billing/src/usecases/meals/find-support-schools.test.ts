import { everySchool } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { tableOf } from '../../../test/meals.ts';
import { givenSupport, settleSupports } from '../../../test/support.ts';
import { findSupportSchools } from './find-support-schools.ts';

const schools = testSchools();

test('a school with days to pass, and one with a lunch that was spoken of late, are both found, each once', async () => {
  const [granted, late, idle] = [schools.newSchool(), schools.newSchool(), schools.newSchool()];
  granted.database.setNow(new Date('2026-12-09T03:00:00Z'));
  await givenSupport(granted, await granted.given.student());
  await tableOf(late, await late.given.student()).book(['2026-12-07']);
  await idle.given.student();
  const found = () => idle.database.read({ schoolId: everySchool }, findSupportSchools);
  expect((await found()).sort()).toEqual([granted.schoolId, late.schoolId].sort());
  for (const billing of [granted, late]) await settleSupports(billing);
  expect(await found()).toEqual([]);
});
