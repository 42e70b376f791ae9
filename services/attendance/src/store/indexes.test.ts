import { everySchool } from '@schoolbell/service-kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Attendance, at, monday, morning, office, testSchools, year } from '../../test/given.ts';
import { assignClassTeacher } from '../usecases/assign-class-teacher.ts';
import { countAbsences } from '../usecases/count-absences.ts';
import { defineSchoolYear } from '../usecases/define-school-year.ts';
import { getRollCall } from '../usecases/get-roll-call.ts';
import { goOnWithWalk } from '../usecases/go-on-with-walk.ts';
import { listLeaveRequests } from '../usecases/list-leave-requests.ts';
import { listRollCalls } from '../usecases/list-roll-calls.ts';
import { recordScans } from '../usecases/record-scans.ts';
import { withdrawLeave } from '../usecases/withdraw-leave.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
  for (const name of crowded) {
    const others = Array.from({ length: crowd }, (_, nth) => ({
      _id: `${name} ${nth}` as never,
      schoolId: 'another',
      name: `${nth}`,
      current: true,
    }));
    await school.database.db.collection(name).insertMany(others.map((one) => ({ ...one, submissions: [{ id: one._id }] })));
  }
  await school.database.db.command({ profile: 2 });
});
afterEach(async () => {
  const { db } = school.database;
  await db.command({ profile: 0 });
  await db.dropCollection('system.profile');
});

// What other schools have. A scan is not always in a plan's summary, but it looks at all of this.
const crowd = 100;
const crowded = ['students', 'roll_calls', 'leaves', 'school_years', 'absences', 'calendar_walks'];

test('nothing that a school asks for reads a whole collection', async () => {
  const { an, binh, classId } = school;
  const teacher = { subject: 'teacher', scope: 'CLASSES' } as const;
  const validFrom = monday;
  await school.transact((tx) => assignClassTeacher(tx, { classId, subject: 'teacher', validFrom, validUntil: undefined }));
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { actor: teacher });
  await school.student({ id: an, classId: 'second', version: 2 });
  await school.call({ [an]: 'PRESENT' }, { classId: 'second' });
  const scan = { id: crypto.randomUUID(), studentId: binh, scannedAt: at('07:10'), session: 'MORNING', late: true, by: 'gate' } as const;
  await school.transact((tx) => recordScans(tx, [scan]));
  const { id: leaveId } = await school.leave(binh);
  await school.transact((tx) => withdrawLeave(tx, { leaveId, actor: office }));
  const page = { after: '', size: 100 };
  await school.read((tx) => getRollCall(tx, { classId, half: morning, actor: teacher }));
  await school.read((tx) => listRollCalls(tx, { date: monday, session: undefined, actor: office, page }));
  await school.read((tx) => listLeaveRequests(tx, { studentId: binh, actor: office, page }));
  await school.read((tx) => countAbsences(tx, { studentId: an, until: undefined, actor: office }));
  const storm = { firstDay: monday, lastDay: monday, name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  const stormy = year({ holidays: [storm] });
  await school.transact((tx) => defineSchoolYear(tx, { year: stormy, by: office.subject }));
  school.database.setNow(at('08:01'));
  await school.database.read({ schoolId: everySchool }, (tx) => tx.walks.due(tx.now, 10));
  for (let classes = 0; classes < 3; classes++) await school.transact((tx) => goOnWithWalk(tx, stormy.id));

  const looked = await school.database.db
    .collection('system.profile')
    .find({ docsExamined: { $exists: true } })
    .toArray();
  expect(looked.length).toBeGreaterThan(20);
  expect(looked.filter(({ docsExamined }) => Number(docsExamined) >= crowd).map(({ command }) => command)).toEqual([]);
});
