import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AbsenceAlertStatus } from '@schoolbell/contracts/school/notification/v1/notification';
import type { Pupil } from '@schoolbell/contracts/school/registry/v1/registry';
import { v7 as uuidv7 } from 'uuid';
import type { Clients } from '../../start/clients.ts';
import type { Cast } from './cast.ts';
import type { KitchenDay } from './kitchen.ts';
import type { Tone } from './picture.ts';
import { minuteFrom, type SchoolClock, type SchoolMinute } from './school-clock.ts';

export const hours = { from: minuteFrom('05:30'), cutoff: minuteFrom('08:00'), until: minuteFrom('11:00') };

/** Something that happens in the school at an hour. What it answers is what is told and drawn. */
export interface DayAct {
  readonly at: SchoolMinute;
  readonly lane: 'Attendance' | 'Kitchen' | 'Office';
  readonly tone?: Tone;
  readonly act: () => Promise<string>;
}

/** Pupils to whom something happens; everybody else of the cast is present. */
interface Fates {
  /** Leave was asked at 06:10. */
  readonly onLeave: Pupil;
  /** The office was called at 06:45: no lunch. */
  readonly cutByOffice: Pupil;
  /** Away when the roll is called, by class. */
  readonly away: readonly (readonly Pupil[])[];
  /** Marked away at the roll call, comes in time after all. */
  readonly comesInTime: Pupil;
  /** Told at 08:12, after the cut-off. */
  readonly toldTooLate: Pupil;
  /** Told at 07:40, written down at 08:20. */
  readonly writtenDownLate: Pupil;
}

function fatesOf({ classes }: Cast): Fates {
  const of = (nth: number): readonly Pupil[] => classes[nth % classes.length]?.pupils ?? [];
  const pupil = (nth: number, place: number): Pupil => {
    const found = of(nth)[place];
    if (!found) throw new Error('The class is too small');
    return found;
  };
  return {
    onLeave: pupil(0, 0),
    cutByOffice: pupil(1, 1),
    comesInTime: pupil(0, 3),
    away: classes.map((each, nth) => (nth === 0 ? [each.pupils[2], each.pupils[3]] : [each.pupils[2]]).filter((one) => one !== undefined)),
    toldTooLate: pupil(1, 4),
    writtenDownLate: pupil(2, 5),
  };
}

const { ABSENT_WITHOUT_LEAVE, ABSENT_WITH_LEAVE, PRESENT } = MarkKind;

/** The morning in the order of its hours. */
export function dayScript(clients: Clients, cast: Cast, { clock, kitchen }: { clock: SchoolClock; kitchen: KitchenDay }): DayAct[] {
  const fates = fatesOf(cast);
  const rolls = cast.classes.map((_, nth) => ({
    at: minuteFrom('07:05') + (nth * 18) / cast.classes.length,
    lane: 'Attendance' as const,
    act: () => callRoll(clients, cast, { nth, fates }),
  }));
  const correct = (pupil: Pupil, kind: MarkKind, reportedAt: Date | undefined, reason: string) =>
    correctMark(clients, cast, { pupil, kind, reportedAt, reason });
  return [
    { at: minuteFrom('05:45'), lane: 'Kitchen', act: () => kitchen.receive() },
    { at: minuteFrom('06:10'), lane: 'Attendance', act: () => askLeave(clients, cast, fates.onLeave) },
    { at: minuteFrom('06:45'), lane: 'Office', act: () => cancelMeal(clients, cast, fates.cutByOffice) },
    ...rolls,
    {
      at: minuteFrom('07:30'),
      lane: 'Attendance',
      act: () => correct(fates.comesInTime, PRESENT, undefined, 'Em đến lớp lúc 7:28').then((name) => `${name} is here after all, in time`),
    },
    { at: minuteFrom('07:40'), lane: 'Attendance', act: () => confirmAlerts(clients, cast) },
    {
      at: minuteFrom('08:12'),
      lane: 'Attendance',
      tone: 'late',
      act: () =>
        correct(fates.toldTooLate, ABSENT_WITHOUT_LEAVE, undefined, 'Mẹ gọi lúc 8:12').then((name) => `told too late: ${name} is away`),
    },
    {
      at: minuteFrom('08:20'),
      lane: 'Attendance',
      tone: 'good',
      act: () =>
        correct(fates.writtenDownLate, ABSENT_WITH_LEAVE, clock.realOf(minuteFrom('07:40')), 'Mẹ gọi lúc 7:40').then(
          (name) => `told 07:40, written down now: ${name} is away`,
        ),
    },
    { at: minuteFrom('08:30'), lane: 'Attendance', act: () => confirmAlerts(clients, cast) },
    { at: minuteFrom('09:50'), lane: 'Kitchen', act: () => kitchen.cook() },
    { at: minuteFrom('10:15'), lane: 'Kitchen', act: () => kitchen.portion() },
    { at: minuteFrom('10:20'), lane: 'Kitchen', tone: 'late', act: () => kitchen.open() },
    { at: minuteFrom('10:28'), lane: 'Kitchen', act: () => kitchen.takeSamples() },
    { at: minuteFrom('10:35'), lane: 'Kitchen', tone: 'good', act: async () => (await kitchen.open()) || 'serving is open' },
  ];
}

async function callRoll({ attendance }: Clients, { date, classes }: Cast, { nth, fates }: { nth: number; fates: Fates }): Promise<string> {
  const { classId = '', name = '', pupils = [] } = classes[nth] ?? {};
  const away = new Set(fates.away[nth]?.map(({ studentId }) => studentId));
  // Who is on leave is away too; the teacher marks it and the leave excuses it.
  if (pupils.includes(fates.onLeave)) away.add(fates.onLeave.studentId);
  const marks = pupils.map(({ studentId }) => ({
    studentId,
    kind: away.has(studentId) ? ABSENT_WITHOUT_LEAVE : PRESENT,
    reportedAt: undefined,
  }));
  await attendance.submitRollCall({ submissionId: uuidv7(), classId, date, session: DaySession.MORNING, takenAt: undefined, marks });
  return `${name}: ${pupils.length - away.size} of ${pupils.length} here`;
}

interface Correction {
  readonly pupil: Pupil;
  readonly kind: MarkKind;
  readonly reportedAt: Date | undefined;
  readonly reason: string;
}

async function correctMark({ attendance }: Clients, { date }: Cast, { pupil, kind, reportedAt, reason }: Correction): Promise<string> {
  const half = { submissionId: uuidv7(), classId: pupil.classId, date, session: DaySession.MORNING, takenAt: undefined };
  await attendance.correctMark({ ...half, mark: { studentId: pupil.studentId, kind, reportedAt }, reason });
  return nameOf(pupil);
}

async function askLeave({ attendance }: Clients, { date }: Cast, pupil: Pupil): Promise<string> {
  const [first, last] = [DaySession.MORNING, DaySession.AFTERNOON].map((session) => ({ date, session }));
  const asked = { leaveId: uuidv7(), studentId: pupil.studentId, first, last, reason: 'Khám bệnh', reportedAt: undefined };
  await attendance.requestLeave(asked);
  return `leave asked for ${nameOf(pupil)}`;
}

async function cancelMeal({ canteen }: Clients, { date, meal }: Cast, pupil: Pupil): Promise<string> {
  const meals = [{ date, meal }];
  await canteen.cancelMeals({ orderId: uuidv7(), studentIds: [pupil.studentId], meals, reason: 'Mẹ đón về ăn', reportedAt: undefined });
  return `no meal for ${nameOf(pupil)}`;
}

/** What is confirmed goes at once, and what became of the meals goes with it: the grace window is longer than the replay. */
async function confirmAlerts({ notification }: Clients, { date, classes }: Cast): Promise<string> {
  let absent = 0;
  for (const { classId } of classes) {
    const { alerts } = await notification.confirmAbsenceAlerts({ classId, date, session: DaySession.MORNING, studentIds: [] });
    absent += alerts.filter(({ status }) => status === AbsenceAlertStatus.HELD || status === AbsenceAlertStatus.RELEASED).length;
  }
  return `class teachers confirm ${absent} absent`;
}

function nameOf({ fullName, className }: Pupil): string {
  return `${fullName} (${className})`;
}
