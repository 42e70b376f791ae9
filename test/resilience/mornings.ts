import { DaySession, MarkKind, type SubmittedMark } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { HalfDayRule, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { Journey } from '@schoolbell/testkit';
import { expect } from 'vitest';
import { patiently } from './patiently.ts';

/** The mornings of a school, class by class and half-day by half-day. */
export interface Mornings {
  /** Everything that is said of the next class: roll call, a correction, scans at the gate, leave and its withdrawal; each asked until it is answered. */
  next(): Promise<void>;
}

interface SchoolClass {
  readonly classId: string;
  readonly studentIds: readonly string[];
}

const vietnamOffsetMs = 7 * 3_600_000;
const dayOf = (at: Date): string => new Date(at.getTime() + vietnamOffsetMs).toISOString().slice(0, 10);
const daysFromNow = (days: number): Date => new Date(Date.now() + days * 86_400_000);

/** Lays down a calendar in which every half-day so far is one of school, whenever the test runs. */
export async function openMornings(journey: Journey): Promise<Mornings> {
  await layDownCalendar(journey);
  const classes = await classesOf(journey);
  let turn = 0;
  return {
    next: async () => {
      const nth = turn++;
      const schoolClass = classes[nth % classes.length];
      if (!schoolClass) throw new Error('The school has no class');
      const half = Math.floor(nth / classes.length);
      const day = {
        date: dayOf(daysFromNow(-1 - Math.floor(half / 2))),
        session: half % 2 === 0 ? DaySession.MORNING : DaySession.AFTERNOON,
      };
      await oneMorning(journey, schoolClass, day);
    },
  };
}

async function layDownCalendar({ schoolbell }: Journey): Promise<void> {
  const { attendance, canteen } = schoolbell.clients;
  const { schoolYear } = await attendance.getSchoolYear({ date: '' }).catch(() => ({ schoolYear: undefined }));
  const weekdays = [1, 2, 3, 4, 5, 6, 7];
  const open = { morningWeekdays: weekdays, afternoonWeekdays: weekdays, morningOpens: '00:00', afternoonOpens: '00:00', holidays: [] };
  const days = { firstDay: dayOf(daysFromNow(-100)), lastDay: dayOf(daysFromNow(100)) };
  const year = schoolYear ?? { name: 'now', citation: 'QĐ', ...days };
  await attendance.defineSchoolYear({ schoolYear: { ...year, ...open, calendarId: crypto.randomUUID() } });
  const dated = { meal: Meal.LUNCH, effectiveFrom: days.firstDay, effectiveUntil: '', citation: 'Nội quy bán trú' };
  const price = { currencyCode: 'VND', minorUnits: 35_000n };
  await canteen.defineMealPrice({ price: { priceId: crypto.randomUUID(), price, ...dated } });
  const rule = { ruleId: crypto.randomUUID(), daysBefore: 0, time: '08:00', halfDayRule: HalfDayRule.ANY_HALF };
  await canteen.defineCutoffRule({ rule: { ...rule, ...dated } });
}

async function classesOf({ schoolbell }: Journey): Promise<SchoolClass[]> {
  const { registry } = schoolbell.clients;
  const { classes } = await registry.listClasses({ page: { size: 500, token: '' } });
  return Promise.all(
    classes.map(async ({ classId }) => {
      const { pupils } = await registry.listPupils({ classId, includeLeft: false, page: { size: 500, token: '' } });
      return { classId, studentIds: pupils.map(({ studentId }) => studentId) };
    }),
  );
}

type Half = { readonly date: string; readonly session: DaySession };

async function oneMorning(journey: Journey, { classId, studentIds }: SchoolClass, half: Half): Promise<void> {
  const { submissions } = journey.acknowledged;
  const { attendance } = journey.schoolbell.clients;
  const [first = '', second = '', third = '', ...others] = studentIds;
  const where = { classId, ...half, takenAt: undefined };
  const mark = (studentId: string, kind: MarkKind): SubmittedMark => ({ studentId, kind, reportedAt: undefined });
  const calling = async (): Promise<void> => {
    const away = [mark(first, MarkKind.ABSENT_WITHOUT_LEAVE), mark(second, MarkKind.ABSENT_WITHOUT_LEAVE), mark(third, MarkKind.LATE)];
    const marks = [...away, ...others.map((studentId) => mark(studentId, MarkKind.PRESENT))];
    const request = { submissionId: crypto.randomUUID(), ...where, marks };
    const { rollCall } = await patiently(() => attendance.submitRollCall(request));
    submissions.push(request.submissionId);
    expect(rollCall?.submissions.map(({ submissionId }) => submissionId)).toContain(request.submissionId);
    const correction = { submissionId: crypto.randomUUID(), ...where, mark: mark(first, MarkKind.PRESENT), reason: 'Em vào lớp muộn' };
    await patiently(() => attendance.correctMark(correction));
    submissions.push(correction.submissionId);
  };
  await Promise.all([calling(), scanning(journey, [second, third, ...others.slice(0, 4)], half), leaving(journey, others.slice(-2))]);
}

/** One scan to a call, as scanners send them. */
async function scanning({ schoolbell, acknowledged }: Journey, studentIds: readonly string[], { date, session }: Half): Promise<void> {
  const { attendance } = schoolbell.clients;
  await Promise.all(
    studentIds.map(async (studentId, nth) => {
      const scannedAt = new Date(`${date}T07:10:0${nth}+07:00`);
      const scan = { scanId: crypto.randomUUID(), studentId, scannedAt, session, late: false };
      const { refused } = await patiently(() => attendance.recordScans({ scans: [scan] }));
      expect(refused).toEqual([]);
      acknowledged.submissions.push(scan.scanId);
    }),
  );
}

/** Two pupils with a lunch tomorrow ask for leave over the last days and the next ones, which cuts it; the second takes the leave back, which restores it. */
async function leaving({ schoolbell, acknowledged }: Journey, studentIds: readonly string[]): Promise<void> {
  const { attendance, canteen } = schoolbell.clients;
  const meals = [{ date: dayOf(daysFromNow(1)), meal: Meal.LUNCH }];
  const order = { orderId: crypto.randomUUID(), studentIds: [...studentIds], meals };
  await patiently(() => canteen.bookMeals(order));
  const first = { date: dayOf(daysFromNow(-1)), session: DaySession.AFTERNOON };
  const last = { date: dayOf(daysFromNow(2)), session: DaySession.MORNING };
  await Promise.all(
    studentIds.map(async (studentId, nth) => {
      const request = { leaveId: crypto.randomUUID(), studentId, first, last, reason: 'Sốt', reportedAt: undefined };
      await patiently(() => attendance.requestLeave(request));
      acknowledged.leaves.push(request.leaveId);
      if (nth === 0) return;
      await patiently(() => attendance.withdrawLeave({ leaveId: request.leaveId }));
      acknowledged.withdrawals.push(request.leaveId);
    }),
  );
}
