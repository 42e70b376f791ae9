import { beforeEach, expect, test } from 'vitest';
import { at, lunch } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { countPipeline } from '../../store/kitchen-counts.ts';
import { getKitchenCount } from './get-kitchen-count.ts';

const schools = testSchools();
let school: Canteen;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('the count goes by class, and says until when it moves', async () => {
  const other = await school.student({ classId: 'other', className: '1B' });
  await school.book([school.an, school.binh, other]);
  expect(await school.count()).toMatchObject({
    cutoffAt: at('07:30'),
    menuKnown: false,
    rows: [
      { className: '1A', portions: 2, told: 2 },
      { className: '1B', portions: 1, told: 1 },
    ],
  });
});

test('the count freezes by itself: a service that is down at the cut-off changes nothing', async () => {
  await school.book([school.an, school.binh]);
  school.itIs(at('07:29'));
  await school.change('CANCEL', [school.an]);
  school.itIs(at('11:00'));
  await school.change('CANCEL', [school.binh], { reportedAt: at('07:00') });
  expect((await school.count()).rows).toMatchObject([{ portions: 0, told: 1 }]);
});

test('who may see figures only sees no pupil', async () => {
  await school.book([school.an]);
  school.itIs(at('08:00'));
  await school.say(school.an, {});
  expect(await school.read((tx) => getKitchenCount(tx, { ...lunch(), withPupils: false }))).toMatchObject({ lateChanges: [], careful: [] });
});

test('the count reads no booking: the index alone answers', async () => {
  await school.book([school.an, school.binh]);
  const pipeline = [{ $match: { schoolId: school.schoolId } }, ...countPipeline(lunch())];
  const plan = await school.database.db.collection('bookings').aggregate(pipeline).explain('executionStats');
  const text = JSON.stringify(plan, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
  expect(text).toContain('PROJECTION_COVERED');
  expect(text).toContain('"totalDocsExamined":0');
});
