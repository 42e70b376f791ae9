import { MarkKind, MarkSource } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Attendance, at, day, half, monday, morning, testSchools } from '../../test/given.ts';
import { assignClassTeacher } from './assign-class-teacher.ts';
import { recordScans } from './record-scans.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

test('a roll call is one document, and only who is away or late is announced, whole', async () => {
  const { an, binh, classId } = school;
  const called = await school.call(
    { [an]: { kind: 'ABSENT_WITH_LEAVE', reportedAt: at('06:40') }, [binh]: 'PRESENT' },
    { takenAt: at('07:30') },
  );
  expect(called.ok).toBe(true);
  expect(await school.count('roll_calls')).toBe(1);
  expect(await school.announced()).toEqual([
    {
      $case: 'studentMarkedAbsent',
      value: {
        mark: expect.objectContaining({
          studentId: an,
          studentName: 'Bùi Thanh Giang',
          classId,
          className: '1A',
          date: monday,
          session: 1,
          kind: MarkKind.ABSENT_WITH_LEAVE,
          reportedAt: at('06:40'),
          submittedAt: at('08:00'),
          submittedBy: 'principal@79000701',
          source: MarkSource.ROLL_CALL,
        }),
        corrects: undefined,
      },
    },
  ]);
});

test('a submission sent twice is the first answer, announces nothing again, and is refused with other marks', async () => {
  const { an, binh } = school;
  const id = crypto.randomUUID();
  const first = await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE', [binh]: 'PRESENT' }, { id });
  school.database.setNow(at('08:05'));
  expect(await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE', [binh]: 'PRESENT' }, { id })).toEqual(first);
  expect(await school.call({ [an]: 'PRESENT', [binh]: 'PRESENT' }, { id })).toEqual({ ok: false, refusal: { code: 'ID_REUSED', id } });
  expect(await school.announced()).toHaveLength(1);
});

test('an id that was used for another class or half-day is refused, also when both come in the same instant', async () => {
  const { an, binh } = school;
  const other = await school.student({ classId: 'other' });
  const id = crypto.randomUUID();
  const reused = { ok: false, refusal: { code: 'ID_REUSED', id } };
  const both = await Promise.all([school.call({ [an]: 'PRESENT' }, { id }), school.call({ [other]: 'PRESENT' }, { id, classId: 'other' })]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  expect(both).toContainEqual(reused);
  const later = crypto.randomUUID();
  await school.call({ [an]: 'PRESENT' }, { id: later, half: half(-3) });
  expect(await school.call({ [an]: 'PRESENT' }, { id: later })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
  const scanned = crypto.randomUUID();
  const scan = { id: scanned, studentId: binh, scannedAt: at('07:10'), session: 'MORNING', late: false, by: 'gate-1' } as const;
  await school.transact((tx) => recordScans(tx, [scan]));
  expect(await school.call({ [other]: 'PRESENT' }, { id: scanned, classId: 'other' })).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});

test('of two devices that differ the mark taken later stands, in whatever order they arrive, and both are kept', async () => {
  const { an, binh } = school;
  await school.call({ [an]: 'PRESENT', [binh]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:40') });
  const late = await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE', [binh]: 'PRESENT' }, { takenAt: at('07:20') });
  expect(await school.standings()).toEqual({ [an]: 'PRESENT', [binh]: 'ABSENT_WITHOUT_LEAVE' });
  expect(late.ok && late.value.rollCall.submissions).toHaveLength(2);
  expect(await school.announced()).toMatchObject([{ $case: 'studentMarkedAbsent', value: { mark: { studentId: binh } } }]);
});

test('a roll call that a device sends hours late counts by when it was taken and told, and nothing that was said after it', async () => {
  const { an, binh } = school;
  school.database.setNow(at('15:00'));
  await school.call({ [binh]: 'PRESENT' }, { takenAt: at('08:10') });
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE', [binh]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:30') });
  expect(await school.standings()).toEqual({ [an]: 'ABSENT_WITHOUT_LEAVE', [binh]: 'PRESENT' });
  const mark = { studentId: an, reportedAt: at('07:30'), submittedAt: at('15:00') };
  expect(await school.announced()).toMatchObject([{ $case: 'studentMarkedAbsent', value: { mark } }]);
  expect(await school.announced()).toHaveLength(1);
});

test('two devices at the same instant both come in', async () => {
  const { an, binh } = school;
  const both = await Promise.all([
    school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:20') }),
    school.call({ [binh]: 'LATE' }, { takenAt: at('07:21') }),
  ]);
  expect(both.map(({ ok }) => ok)).toEqual([true, true]);
  expect(await school.standings()).toEqual({ [an]: 'ABSENT_WITHOUT_LEAVE', [binh]: 'LATE' });
});

test('a correction is a new fact that says what it corrects, and its time of the report holds', async () => {
  const { an } = school;
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:30') });
  const facts = { takenAt: at('07:55'), source: 'CORRECTION', reason: 'Mẹ đã gọi lúc 6:40' } as const;
  await school.call({ [an]: { kind: 'ABSENT_WITH_LEAVE', reportedAt: at('06:40') } }, facts);
  await school.call({ [an]: 'PRESENT' }, { takenAt: at('07:59'), source: 'CORRECTION', reason: 'Nhầm tên' });
  expect(await school.announced()).toMatchObject([
    { $case: 'studentMarkedAbsent', value: { mark: { reportedAt: at('07:30') } } },
    {
      $case: 'studentMarkedAbsent',
      value: {
        mark: { kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at('06:40'), source: MarkSource.CORRECTION },
        corrects: { kind: MarkKind.ABSENT_WITHOUT_LEAVE, reportedAt: at('07:30'), source: MarkSource.ROLL_CALL },
      },
    },
    { $case: 'studentMarkedPresent', value: { corrects: { kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at('06:40') } } },
  ]);
  expect(await school.count('absences')).toBe(0);
});

test('leave that was asked before becomes the mark of a pupil whom the teacher finds missing, told when the parent told it', async () => {
  const { an } = school;
  school.database.setNow(at('06:30'));
  await school.leave(an);
  school.database.setNow(at('08:00'));
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:30') });
  expect(await school.standings()).toEqual({ [an]: 'ABSENT_WITH_LEAVE' });
  expect(await school.announced()).toMatchObject([{ value: { mark: { reportedAt: at('06:30'), source: MarkSource.LEAVE } } }]);
});

test('a pupil on leave who comes all the same is present, and that is announced', async () => {
  const { an } = school;
  await school.leave(an);
  await school.call({ [an]: 'PRESENT' }, { takenAt: at('07:59') });
  expect(await school.announced()).toMatchObject([
    { $case: 'studentMarkedAbsent' },
    { $case: 'studentMarkedPresent', value: { corrects: { source: MarkSource.LEAVE } } },
  ]);
});

test('a pupil who moved class has one standing on the day of the move, whichever class called the roll', async () => {
  const { an, classId } = school;
  const newClass = crypto.randomUUID();
  await school.student({ id: an, classId: newClass, className: '1B', version: 2, since: monday });
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:20') });
  await school.call({ [an]: 'PRESENT' }, { takenAt: at('07:30'), classId: newClass });
  expect(await school.standings(morning, classId)).toEqual({ [an]: 'PRESENT' });
  expect(await school.announced()).toMatchObject([{ $case: 'studentMarkedAbsent' }, { $case: 'studentMarkedPresent' }]);
});

test('the class of before marks nobody for days after the move, and is told what to do; marks from before the move was heard stay', async () => {
  const { an, binh } = school;
  const newClass = crypto.randomUUID();
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE', [binh]: 'PRESENT' }, { takenAt: at('07:20') });
  await school.student({ id: an, classId: newClass, className: '1B', version: 2, since: half(-3).date });
  const stale = school.call({ [binh]: 'PRESENT', [an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:50') });
  expect(await stale).toEqual({
    ok: false,
    refusal: {
      ...{ code: 'STUDENT_MOVED', studentId: an, student: `#2 (${an})`, className: '1B', since: half(-3).date },
    },
  });
  expect(await school.standings(morning, newClass)).toEqual({ [an]: 'ABSENT_WITHOUT_LEAVE' });
  await school.call({ [an]: 'PRESENT' }, { takenAt: at('07:40'), classId: newClass });
  expect(await school.standings(morning, newClass)).toEqual({ [an]: 'PRESENT' });
  const correction = { half: half(-3), takenAt: at('07:55'), source: 'CORRECTION', reason: 'Quên điểm danh' } as const;
  expect(await school.call({ [an]: 'ABSENT_WITH_LEAVE' }, correction)).toMatchObject({ ok: true });
});

test('putting only the kind of an absence right after the cut-off leaves the time at which the school was told', async () => {
  const { an, binh } = school;
  school.database.setNow(at('19:00', half(-1).date));
  await school.leave(binh);
  school.database.setNow(at('09:00'));
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE', [binh]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15') });
  const correct = { source: 'CORRECTION', reason: 'Có giấy phép' } as const;
  await school.call({ [an]: 'ABSENT_WITH_LEAVE' }, correct);
  await school.call({ [binh]: 'ABSENT_WITH_LEAVE' }, correct);
  expect(await school.announced()).toMatchObject([
    { value: { mark: { studentId: binh, reportedAt: at('19:00', half(-1).date) } } },
    { value: { mark: { studentId: an, kind: MarkKind.ABSENT_WITHOUT_LEAVE, reportedAt: at('07:15') } } },
    { value: { mark: { studentId: an, kind: MarkKind.ABSENT_WITH_LEAVE, reportedAt: at('07:15') } } },
  ]);
});

test('a correction that was sent without a time is the same when it comes again, and another one with a time', async () => {
  const { an } = school;
  await school.call({ [an]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:15') });
  const correction = { id: crypto.randomUUID(), takenAt: at('07:50'), source: 'CORRECTION', reason: 'Có giấy phép' } as const;
  const first = await school.call({ [an]: 'ABSENT_WITH_LEAVE' }, correction);
  expect(await school.call({ [an]: 'ABSENT_WITH_LEAVE' }, correction)).toEqual(first);
  const told = { kind: 'ABSENT_WITH_LEAVE', reportedAt: at('06:40') } as const;
  expect(await school.call({ [an]: told }, correction)).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});

describe('it is refused, and nothing is written,', () => {
  const refusalOf = async (call: ReturnType<Attendance['call']>) => {
    const result = await call;
    expect(await school.count('roll_calls')).toBe(0);
    return result.ok ? undefined : result.refusal;
  };

  test('for a class or a pupil that nobody knows, or that belongs elsewhere', async () => {
    const stranger = crypto.randomUUID();
    const elsewhere = await school.student({ classId: crypto.randomUUID(), className: '1B' });
    expect(await refusalOf(school.call({ [school.an]: 'PRESENT' }, { classId: stranger }))).toMatchObject({ code: 'CLASS_UNKNOWN' });
    expect(await refusalOf(school.call({ [stranger]: 'PRESENT' }))).toMatchObject({ code: 'STUDENT_UNKNOWN', studentId: stranger });
    expect(await refusalOf(school.call({ [elsewhere]: 'PRESENT' }))).toMatchObject({ code: 'STUDENT_NOT_IN_CLASS' });
  });

  test('for a pupil who left before the day; not for one whose last day it is', async () => {
    await school.student({ id: school.an, leftOn: day('2026-11-20'), version: 2 });
    expect(await refusalOf(school.call({ [school.an]: 'PRESENT' }))).toMatchObject({ code: 'STUDENT_LEFT', leftOn: '2026-11-20' });
    await school.student({ id: school.binh, leftOn: monday, version: 2 });
    expect(await school.call({ [school.binh]: 'PRESENT' })).toMatchObject({ ok: true });
  });

  test('on a day without school', async () => {
    const { an } = school;
    school.database.setNow(new Date('2027-07-01T02:00:00Z'));
    const on = (date: string, session: 'MORNING' | 'AFTERNOON' = 'MORNING') =>
      refusalOf(school.call({ [an]: 'PRESENT' }, { half: { date: day(date), session } }));
    expect(await on('2026-09-04')).toMatchObject({ code: 'OUTSIDE_SCHOOL_YEAR' });
    expect(await on('2027-06-01')).toMatchObject({ code: 'OUTSIDE_SCHOOL_YEAR' });
    expect(await on('2027-01-01')).toMatchObject({ code: 'HOLIDAY', name: 'Tết Dương lịch' });
    expect(await on('2026-11-22')).toMatchObject({ code: 'NO_SESSION' });
    expect(await on('2026-11-27', 'AFTERNOON')).toMatchObject({ code: 'NO_SESSION' });
  });

  test('in the future: of the day, of the half-day, of the clock that took it, and of the report', async () => {
    const { an } = school;
    expect(await refusalOf(school.call({ [an]: 'PRESENT' }, { half: half(1) }))).toMatchObject({ code: 'IN_THE_FUTURE' });
    expect(await refusalOf(school.call({ [an]: 'PRESENT' }, { half: half(0, 'AFTERNOON') }))).toMatchObject({ code: 'SESSION_NOT_OPEN' });
    expect(await refusalOf(school.call({ [an]: 'PRESENT' }, { takenAt: at('08:03') }))).toMatchObject({ code: 'CLOCK_AHEAD' });
    const told = { kind: 'ABSENT_WITH_LEAVE', reportedAt: at('08:03') } as const;
    expect(await refusalOf(school.call({ [an]: told }))).toMatchObject({ code: 'CLOCK_AHEAD' });
    expect(await refusalOf(school.call({ [an]: 'PRESENT' }, { takenAt: at('05:59') }))).toMatchObject({ code: 'SESSION_NOT_OPEN' });
  });

  test('from a teacher for what is older than a month, and told before the school day before; the office may', async () => {
    const { an, classId } = school;
    const teacher = { subject: 'teacher@79000701', scope: 'CLASSES' } as const;
    const validFrom = day('2026-09-05');
    await school.transact((tx) => assignClassTeacher(tx, { classId, subject: teacher.subject, validFrom, validUntil: undefined }));
    school.database.setNow(at('08:00', day('2026-12-24')));
    const old = half(-3);
    const correct = (reportedAt: Date, facts = {}) =>
      school.call({ [an]: { kind: 'ABSENT_WITH_LEAVE', reportedAt } }, { source: 'CORRECTION', reason: 'Mẹ báo', ...facts });
    expect(await refusalOf(correct(at('06:00', old.date), { half: old, actor: teacher }))).toEqual({
      code: 'TOO_LONG_AGO',
      earliest: monday,
    });
    expect(await refusalOf(correct(at('06:00', half(-4).date), { actor: teacher }))).toEqual({
      ...{ code: 'REPORT_TOO_EARLY', earliest: half(-3).date, studentId: an, student: an },
    });
    expect(await correct(at('16:00', half(-3).date), { actor: teacher })).toMatchObject({ ok: true });
    expect(await correct(at('06:00', half(-4).date), { half: old })).toMatchObject({ ok: true });
    expect(await school.call({ [an]: 'PRESENT' }, { half: old })).toMatchObject({ ok: true });
    expect(await school.call({ [an]: 'PRESENT' }, { half: old })).toMatchObject({ refusal: { code: 'CORRECTION_NEEDED' } });
  });

  test('from a teacher of another class, of another day, and from a parent', async () => {
    const { an, classId } = school;
    const teacher = { subject: 'teacher@79000701', scope: 'CLASSES' } as const;
    const call = (actor: { subject: string; scope: 'CLASSES' | 'CHILDREN' }) => school.call({ [an]: 'PRESENT' }, { actor });
    expect(await refusalOf(call(teacher))).toEqual({ code: 'NOT_YOUR_CLASS', classId });
    expect(await refusalOf(call({ ...teacher, scope: 'CHILDREN' }))).toEqual({ code: 'NOT_YOUR_CLASS', classId });
    const assign = (validFrom: string) =>
      school.transact((tx) =>
        assignClassTeacher(tx, { classId, subject: teacher.subject, validFrom: day(validFrom), validUntil: undefined }),
      );
    await assign('2026-11-24');
    expect(await refusalOf(call(teacher))).toEqual({ code: 'NOT_YOUR_CLASS', classId });
    await assign('2026-11-23');
    expect(await call(teacher)).toMatchObject({ ok: true });
  });
});
