import { beforeEach, expect, test } from 'vitest';
import { type Attendance, office, testSchools } from '../../test/given.ts';
import { listLeaveRequests } from './list-leave-requests.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const list = (after: string, actor = office) =>
  school.read((tx) => listLeaveRequests(tx, { studentId: school.an, actor, page: { after, size: 2 } }));

test('requests come page by page, each once, and only of this pupil', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 3; count++) ids.push((await school.leave(school.an)).id);
  await school.leave(school.binh);
  const found: string[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = await list(after);
    if (!page.ok) throw new Error(page.refusal.code);
    found.push(...page.value.rows.map(({ id }) => id));
    after = page.value.next;
  }
  expect(found).toEqual(ids.toSorted());
});

test("nobody reads the leave of other people's children", async () => {
  expect(await list('', { subject: 'father', scope: 'CHILDREN' })).toMatchObject({ refusal: { code: 'NOT_YOUR_CHILD' } });
});
