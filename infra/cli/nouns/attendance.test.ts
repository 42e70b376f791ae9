import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DaySession,
  LeaveRequest,
  LeaveStatus,
  MarkKind,
  RollCall,
  SchoolYear,
} from '@schoolbell/contracts/school/attendance/v1/attendance';
import { Pupil } from '@schoolbell/contracts/school/registry/v1/registry';
import { schoolDateOf } from '@schoolbell/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FarEnd, openFarEnd } from '../test/far-end.ts';

const [an, classId] = ['0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10', '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a11'];
const binh = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a12';
const at640 = new Date('2026-11-20T06:40:00+07:00');
const today = schoolDateOf(new Date());

let far: FarEnd;
beforeEach(async () => {
  far = await openFarEnd();
  far.answers.findPupils = ({ codes }) => ({
    pupils: [{ studentId: an, code: '79000701000001', fullName: 'Bùi Thanh Giang', classId, className: '1A' }].filter(({ code }) =>
      (codes as string[]).includes(code),
    ),
  });
  far.answers.correctMark = far.answers.submitRollCall = () => ({ rollCall: RollCall.create({ className: '1A' }) });
  far.answers.requestLeave = () => ({ leave: LeaveRequest.create() });
});
afterEach(() => far.close());

test('a mark is put right with its reason, in the class of the pupil, and with the hour at which the school was told', async () => {
  const correct = ['rollcall', 'correct', '79000701000001', '--mark', 'absent-with-leave', '--date', '2026-11-20', '--reason', 'Mẹ gọi'];
  expect(await far.run(...correct, '--reported-at', '06:40')).toMatchObject({ exit: 0, err: '' });
  const half = { classId, date: '2026-11-20', session: DaySession.MORNING };
  const mark = { studentId: an, kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at640 };
  expect(far.asking('correctMark')).toMatchObject([{ ...half, mark, reason: 'Mẹ gọi' }]);
  await far.run(...correct, '--session', 'afternoon', '--class', binh, '--as', 'teacher');
  expect(far.asking('correctMark')[1]).toMatchObject({ classId: binh, session: DaySession.AFTERNOON, mark: { reportedAt: undefined } });
  expect(far.asked.at(-1)?.authorization).toBe('Bearer teacher-token');
  expect(await far.run('rollcall', 'correct', '79000701000001', '--mark', 'present')).toMatchObject({ exit: 2 });
  expect(await far.run('rollcall', 'correct', '79000701000001', '--mark', 'ill', '--reason', 'x')).toMatchObject({ exit: 2 });
  expect(await far.run('rollcall', 'correct', '79000701000002', '--mark', 'present', '--reason', 'x')).toMatchObject({
    exit: 1,
    err: expect.stringContaining('no pupil with the code 79000701000002'),
  });
});

test('what the school was told before the roll call holds for who is named, and for nobody else', async () => {
  far.answers.listPupils = () => ({ pupils: [an, binh].map((studentId) => Pupil.create({ studentId })) });
  const named = ['--with-leave', '79000701000001', '--reported-at', '6:40'];
  await far.run('rollcall', 'submit', '--class', classId, '--date', '2026-11-20', ...named);
  expect(far.asking('submitRollCall')).toMatchObject([
    {
      marks: [
        { studentId: an, kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at640 },
        { studentId: binh, kind: MarkKind.PRESENT, reportedAt: undefined },
      ],
    },
  ]);
});

test('who is meant by a refusal is named to the reader, and the refusal stands as it is where nobody can be asked', async () => {
  far.answers.findPupils = ({ codes }) => ({
    pupils: (codes as string[])
      .filter((code) => code === an)
      .map((studentId) => ({ studentId, code: '79000701000001', fullName: 'Bùi Thanh Giang', classId, className: '1A' })),
  });
  far.answers.listPupils = () => ({ pupils: [an, binh].map((studentId) => Pupil.create({ studentId })) });
  far.answers.submitRollCall = () => {
    throw new Error(`The pupil ${an} has left the school.`);
  };
  const submit = ['rollcall', 'submit', '--class', classId];
  const { exit, err } = await far.run(...submit);
  expect({ exit, err }).toEqual({
    exit: 1,
    err: expect.stringMatching(new RegExp(`left the school.\n${an} is Bùi Thanh Giang \\(79000701000001\\), 1A.\n$`)),
  });
  far.answers.findPupils = () => {
    throw new Error('away');
  };
  expect((await far.run(...submit)).err).toMatch(/left the school\.\n$/);
});

test('a call about leave to come was made today', async () => {
  await far.run('leave', 'request', '--pupil', '79000701000001', '--from', '2099-01-05', '--reported-at', '06:40');
  await far.run('leave', 'request', '--pupil', '79000701000001', '--from', '2099-01-05');
  const told = far.asking('requestLeave').map(({ reportedAt }) => reportedAt);
  expect(told).toEqual([new Date(`${today}T06:40:00+07:00`), undefined]);
});

test('leave that was asked is listed, with what became of it', async () => {
  const half = { date: '2026-11-23', session: DaySession.AFTERNOON };
  far.answers.listLeaveRequests = () => ({
    leaves: [LeaveRequest.create({ first: half, last: half, status: LeaveStatus.WITHDRAWN, withdrawnFromHalfDay: half, reason: 'Về quê' })],
  });
  const { exit, out } = await far.run('leave', 'list', '79000701000001', '--as', 'parent');
  expect(exit).toBe(0);
  expect(out).toMatch(/2026-11-23 afternoon +2026-11-23 afternoon +withdrawn +2026-11-23 afternoon .*Về quê/);
  expect(far.asking('listLeaveRequests')).toMatchObject([{ studentId: an }]);
  far.answers.listLeaveRequests = () => ({ leaves: [] });
  expect((await far.run('leave', 'list', an)).out).toBe('No leave was asked for this pupil.\n');
});

test('pupils are taken in at the gate by the half of the day, once however often they are typed, and who is refused is named', async () => {
  far.answers.recordScans = () => ({ taken: 1, refused: [] });
  const scan = ['scan', '79000701000001', '--at', '2026-11-20T06:40:00+07:00'];
  expect(await far.run(...scan)).toMatchObject({ exit: 0, out: '1 taken in at 2026-11-20 06:40:00, morning.\n' });
  await far.run(...scan);
  await far.run('scan', an, '--at', '2026-11-20T13:05:00+07:00', '--late');
  const [first, again, noon] = far.asking('recordScans').map(({ scans }) => (scans as { scanId: string }[])[0]);
  expect(first).toMatchObject({ studentId: an, scannedAt: at640, session: DaySession.MORNING, late: false });
  expect(again).toEqual(first);
  expect(noon).toMatchObject({ session: DaySession.AFTERNOON, late: true });
  far.answers.recordScans = ({ scans }) => ({
    taken: 0,
    refused: [{ scanId: (scans as { scanId: string }[])[0]?.scanId, code: 'STUDENT_LEFT' }],
  });
  expect(await far.run(...scan)).toMatchObject({ exit: 1, err: expect.stringContaining('79000701000001 (STUDENT_LEFT)') });
});

test('a roll of a day that was closed later says so', async () => {
  const noSchool = { name: 'Nghỉ bão', citation: 'CV 812' };
  far.answers.getRollCall = () => ({ rollCall: RollCall.create({ className: '1A', noSchool }) });
  expect((await far.run('rollcall', 'show', '--class', classId)).out).toMatch(/No school +Nghỉ bão, CV 812\n/);
});

test('a teacher gets a class from a day on, and until one', async () => {
  far.answers.assignClassTeacher = ({ classTeacher }) => ({ classTeacher });
  const assign = ['teacher', 'assign', 'lan@79000701', '--class', classId, '--from', '2026-09-05'];
  expect((await far.run(...assign)).out).toContain('lan@79000701 answers for');
  expect((await far.run(...assign, '--until', '2026-12-01')).out).toContain('up to the day before 2026-12-01');
  const wanted = { classId, subject: 'lan@79000701', validFrom: '2026-09-05' };
  expect(far.asking('assignClassTeacher')).toEqual([
    { classTeacher: { ...wanted, validUntil: '' } },
    { classTeacher: { ...wanted, validUntil: '2026-12-01' } },
  ]);
});

const aYear = SchoolYear.create({
  ...{ calendarId: classId, name: '2026-2027', firstDay: '2026-09-05', lastDay: '2027-05-31', citation: 'QĐ 2045' },
  holidays: [{ firstDay: '2027-01-01', lastDay: '2027-01-01', name: 'Tết Dương lịch', citation: 'BLLĐ 112' }],
  ...{ morningWeekdays: [1, 2, 3, 4, 5], afternoonWeekdays: [1, 3], morningOpens: '06:30', afternoonOpens: '12:30' },
});
const defined = () => far.asking('defineSchoolYear').map(({ schoolYear }) => schoolYear as SchoolYear);

test('a calendar is laid down from flags, with holidays that name their place or stand in the same one', async () => {
  far.answers.defineSchoolYear = ({ schoolYear }) => ({ schoolYear });
  const say = ['--name', '2026-2027', '--first', '2026-09-05', '--last', '2027-05-31', '--citation', 'QĐ 2045'];
  const holidays = ['--holiday', '2027-02-04..2027-02-12 Tết Nguyên đán (CV 1)', '--holiday', '2027-01-01 Tết Dương lịch'];
  const { exit, out } = await far.run('year', 'define', ...say, ...holidays, '--afternoons', 'none', '--id', an);
  expect(exit).toBe(0);
  expect(out).toMatch(/2027-02-04 +2027-02-12 +Tết Nguyên đán +CV 1/);
  expect(defined()).toEqual([
    {
      ...{ calendarId: an, name: '2026-2027', firstDay: '2026-09-05', lastDay: '2027-05-31', citation: 'QĐ 2045' },
      holidays: [
        { firstDay: '2027-02-04', lastDay: '2027-02-12', name: 'Tết Nguyên đán', citation: 'CV 1' },
        { firstDay: '2027-01-01', lastDay: '2027-01-01', name: 'Tết Dương lịch', citation: 'QĐ 2045' },
      ],
      ...{ morningWeekdays: [1, 2, 3, 4, 5], afternoonWeekdays: [], morningOpens: '06:00', afternoonOpens: '12:00' },
    },
  ]);
});

test('a calendar that was shown as JSON is laid down again as the next version, with what is said beside it', async () => {
  far.answers.getSchoolYear = () => ({ schoolYear: aYear });
  far.answers.defineSchoolYear = ({ schoolYear }) => ({ schoolYear });
  const file = join(far.folder, 'year.json');
  writeFileSync(file, (await far.run('year', 'show', '--json')).out);
  expect((await far.run('year', 'define', '--file', file, '--last', '2027-06-05', '--id', an)).exit).toBe(0);
  expect(defined()).toEqual([{ ...aYear, calendarId: an, lastDay: '2027-06-05' }]);
});

test.each([
  ['{ "name": "2026-2027", "holiday": [] }', 'holiday'],
  ['{ "holidays": [{ "first_day": "2027-01-01" }] }', 'first_day'],
  ['[]', 'no calendar'],
  ['not JSON', 'cannot be read as JSON'],
])('the calendar file %s is refused before anything is laid down, and it is said why', async (content, words) => {
  writeFileSync(join(far.folder, 'year.json'), content);
  const { exit, err } = await far.run('year', 'define', '--file', join(far.folder, 'year.json'));
  expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining(words) });
  expect(far.asked).toEqual([]);
});

test('a storm adds a holiday to the calendar that holds it, and everything else stays', async () => {
  far.answers.getSchoolYear = () => ({ schoolYear: aYear });
  far.answers.defineSchoolYear = ({ schoolYear }) => ({ schoolYear });
  expect((await far.run('year', 'holiday', '2026-11-25..2026-11-26 Nghỉ bão (CV 812)', '--id', an)).exit).toBe(0);
  expect(far.asking('getSchoolYear')).toEqual([{ date: '2026-11-25' }]);
  const storm = { firstDay: '2026-11-25', lastDay: '2026-11-26', name: 'Nghỉ bão', citation: 'CV 812' };
  expect(defined()).toEqual([{ ...aYear, calendarId: an, holidays: [storm, ...aYear.holidays] }]);
  expect(await far.run('year', 'holiday', '2026-11-25 Nghỉ bão')).toMatchObject({ exit: 2, err: expect.stringContaining('in brackets') });
  for (const span of ['2026-11-26..2026-11-25 Nghỉ (CV)', '2026-02-30 Nghỉ (CV)', 'Nghỉ bão', '2026-11-25'])
    expect((await far.run('year', 'holiday', span)).exit).toBe(2);
});

test('a calendar needs a name, two days and a place where it is laid down', async () => {
  expect(await far.run('year', 'define', '--name', '2026-2027')).toMatchObject({ exit: 2, err: expect.stringContaining('--citation') });
  expect(far.asked).toEqual([]);
});
