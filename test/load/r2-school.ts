import type { SchoolYear } from '@schoolbell/attendance/src/domain/calendar.ts';
import { rollCallId } from '@schoolbell/attendance/src/domain/roll-call.ts';
import { schoolYearDefined } from '@schoolbell/attendance/src/events.ts';
import type { AttendanceTx } from '@schoolbell/attendance/src/tx.ts';
import { addDays, type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { Transact } from '@schoolbell/service-kit';
import { v7 as uuidv7 } from 'uuid';

export interface SchoolClass {
  readonly classId: string;
  readonly className: string;
  readonly studentIds: readonly string[];
}

export interface Half {
  readonly date: SchoolDate;
  readonly session: 'MORNING' | 'AFTERNOON';
  /** A moment of that half-day. */
  readonly takenAt: Date;
}

/** One roll that a teacher is about to call: of forty pupils one or two are away, four of a hundred over the school. */
export interface RollCall extends Half {
  readonly id: string;
  readonly submissionId: string;
  readonly classId: string;
  readonly className: string;
  readonly marks: readonly { readonly studentId: string; readonly kind: 'PRESENT' | 'ABSENT_WITHOUT_LEAVE' }[];
}

export const classSize = 40;
const classCount = 50;
const away = [2, 1, 2, 1, 2];

/** A school of 2,000 in its tenth month, as attendance itself stores it. */
export async function seedSchool(transact: Transact<AttendanceTx>, schoolId: string): Promise<SchoolClass[]> {
  const classes = Array.from({ length: classCount }, (_, nth): SchoolClass => {
    const className = `${6 + (nth % 4)}A${1 + Math.floor(nth / 4)}`;
    return { classId: uuidv7(), className, studentIds: Array.from({ length: classSize }, () => uuidv7()) };
  });
  await transact({ schoolId }, async (tx) => {
    const year = yearOf(schoolDateOf(tx.now));
    tx.years.layDown(year, { by: 'bench', at: tx.now });
    tx.emit(schoolYearDefined(year, schoolId));
  });
  for (const { classId, className, studentIds } of classes) {
    const facts = { name: 'Nguyễn Hoàng Bảo Ngọc', classId, className, grade: Number.parseInt(className, 10), leftOn: undefined };
    await transact({ schoolId }, async (tx) => {
      for (const id of studentIds) tx.students.follow({ id, ...facts }, { version: 1, since: yearOf(schoolDateOf(tx.now)).firstDay });
    });
  }
  return classes;
}

const weekdays = [1, 2, 3, 4, 5, 6, 7];
const clocks = { MORNING: '07:30', AFTERNOON: '13:30' } as const;

function yearOf(today: SchoolDate): SchoolYear {
  return {
    id: uuidv7(),
    name: 'bench',
    firstDay: addDays(today, -300),
    lastDay: addDays(today, 60),
    citation: 'Quyết định khung thời gian năm học',
    holidays: [{ firstDay: addDays(today, 30), lastDay: addDays(today, 31), name: 'Tết Dương lịch', citation: 'Điều 112' }],
    weekdays: { MORNING: weekdays, AFTERNOON: weekdays },
    opens: { MORNING: '06:00', AFTERNOON: '12:00' },
  };
}

/** A pupil whom a scanner at the gate sees. */
export interface Scan extends Half {
  readonly id: string;
  readonly studentId: string;
  readonly classId: string;
  readonly className: string;
  readonly rollCallId: string;
  readonly scannedAt: Date;
}

/** `count` scans: half-day after half-day every pupil once, of one class after the other as they come. */
export function scansOf(classes: readonly SchoolClass[], count: number): Scan[] {
  const pupils = Array.from({ length: classSize }, (_, nth) =>
    classes.map((of) => ({ ...of, studentId: of.studentIds[nth] ?? '' })),
  ).flat();
  return Array.from({ length: count }, (_, nth) => {
    const { classId, className, studentId } = pupils[nth % pupils.length] ?? { classId: '', className: '', studentId: '' };
    const half = halfDay(Math.floor(nth / pupils.length));
    const scannedAt = new Date(half.takenAt.getTime() + (nth % pupils.length));
    return { id: uuidv7(), studentId, classId, className, rollCallId: rollCallId(classId, half), scannedAt, ...half };
  });
}

/** The nth half-day before today; all of them are over. */
function halfDay(nth: number): Half {
  const session = nth % 2 === 0 ? 'AFTERNOON' : 'MORNING';
  const date = addDays(schoolDateOf(new Date()), -1 - Math.floor(nth / 2));
  return { date, session, takenAt: new Date(`${date}T${clocks[session]}:00+07:00`) };
}

/** `count` roll calls, each of another class and half-day; those of one class lie far apart. */
export function rollCallsOf(classes: readonly SchoolClass[], count: number): RollCall[] {
  return Array.from({ length: count }, (_, nth) => {
    const { classId, className, studentIds } = classes[nth % classes.length] ?? { classId: '', className: '', studentIds: [] };
    const half = halfDay(Math.floor(nth / classes.length));
    const absent = new Set(Array.from({ length: away[nth % away.length] ?? 0 }, (__, which) => (nth * 7 + which * 13) % classSize));
    const marks = studentIds.map((studentId, at) => ({
      studentId,
      kind: absent.has(at) ? ('ABSENT_WITHOUT_LEAVE' as const) : ('PRESENT' as const),
    }));
    return { id: rollCallId(classId, half), submissionId: uuidv7(), classId, className, ...half, marks };
  });
}
