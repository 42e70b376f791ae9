import { beforeEach, expect, test } from 'vitest';
import { type Attendance, at, day, morning, testSchools } from '../../test/given.ts';
import { recordScans, type Scan } from './record-scans.ts';

const schools = testSchools();
let school: Attendance;
beforeEach(async () => {
  school = await schools.newSchool();
});

const scan = (studentId: string, facts: Partial<Scan> = {}): Scan => ({
  id: crypto.randomUUID(),
  studentId,
  scannedAt: at('07:10'),
  session: 'MORNING',
  late: false,
  by: 'gate-1',
  ...facts,
});
const record = (scans: readonly Scan[]) => school.transact((tx) => recordScans(tx, scans));

test('scans of one class are one write of its document, and present pupils are no news', async () => {
  const { an, binh } = school;
  const scans = [scan(an), scan(binh, { by: 'gate-2' })];
  expect(await record(scans)).toEqual({ ok: true, value: scans.map(({ id }) => ({ scanId: id })) });
  const [stored] = await school.database.db.collection('roll_calls').find({ schoolId: school.schoolId }).toArray();
  expect(stored).toMatchObject({
    version: 2,
    submissions: [
      { source: 'GATE', by: 'gate-1' },
      { source: 'GATE', by: 'gate-2' },
    ],
  });
  expect(await school.announced()).toEqual([]);
});

test('a scan that comes again has no effect, in another group as well as in the same', async () => {
  const again = scan(school.an);
  await record([again, again]);
  const { value } = await record([scan(school.binh), again]);
  expect(value.every(({ code }) => code === undefined)).toBe(true);
  const roll = await school.read((tx) => tx.rolls.open(school.classId, morning));
  expect(roll?.rollCall.submissions).toHaveLength(2);
});

test('one bad scan holds up no other', async () => {
  const reused = scan(school.an);
  await record([reused]);
  const bad = [scan('nobody'), scan(school.an, { scannedAt: at('05:00') }), scan(school.an, { scannedAt: at('09:00') })];
  const sunday = scan(school.an, { scannedAt: at('07:10', day('2026-11-22')) });
  const result = await record([...bad, sunday, { ...reused, late: true }, scan(school.binh, { late: true })]);
  expect(result.value.map(({ code }) => code)).toEqual([
    'STUDENT_UNKNOWN',
    'SESSION_NOT_OPEN',
    'CLOCK_AHEAD',
    'NO_SESSION',
    'ID_REUSED',
    undefined,
  ]);
  expect(await school.standings()).toEqual({ [school.an]: 'PRESENT', [school.binh]: 'LATE' });
});

test('a scan of a pupil who left, or on a day without school, says so', async () => {
  await school.student({ id: school.binh, leftOn: day('2026-11-20'), version: 2 });
  school.database.setNow(at('08:00', day('2027-06-02')));
  const [holiday, summer] = [day('2027-01-01'), day('2027-06-01')].map((date) => scan(school.an, { scannedAt: at('07:10', date) }));
  const result = await record([scan(school.binh), holiday, summer].filter((one) => one !== undefined));
  expect(result.value.map(({ code }) => code)).toEqual(['STUDENT_LEFT', 'HOLIDAY', 'OUTSIDE_SCHOOL_YEAR']);
  expect(await school.count('roll_calls')).toBe(0);
});

test('a scan that comes hours late counts by when it was made', async () => {
  await school.call({ [school.an]: 'ABSENT_WITHOUT_LEAVE', [school.binh]: 'ABSENT_WITHOUT_LEAVE' }, { takenAt: at('07:30') });
  school.database.setNow(at('11:00'));
  await record([scan(school.an, { scannedAt: at('07:10') }), scan(school.binh, { scannedAt: at('07:40'), late: true })]);
  expect(await school.standings()).toEqual({ [school.an]: 'ABSENT_WITHOUT_LEAVE', [school.binh]: 'LATE' });
});

test('a pupil on leave whom the gate sees is present, and that is announced', async () => {
  school.database.setNow(at('06:30'));
  await school.leave(school.an);
  school.database.setNow(at('08:00'));
  await record([scan(school.an)]);
  expect((await school.announced()).map(({ $case }) => $case)).toEqual(['studentMarkedAbsent', 'studentMarkedPresent']);
});

test('groups of two gates for the same class at the same instant both come in', async () => {
  await Promise.all([record([scan(school.an)]), record([scan(school.binh)])]);
  expect(await school.standings()).toEqual({ [school.an]: 'PRESENT', [school.binh]: 'PRESENT' });
});
