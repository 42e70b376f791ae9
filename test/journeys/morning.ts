import { setTimeout as sleep } from 'node:timers/promises';
import { type AttendanceMark, DaySession, type MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { type Booking, HalfDayRule, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { Pupil } from '@schoolbell/contracts/school/registry/v1/registry';
import { type Journey, until } from '@schoolbell/testkit';

/** A school whose pupils have a lunch today, with a cut-off that is seconds away. */
export interface Morning {
  readonly date: string;
  readonly cutoffAt: Date;
  /** Pupils with a booking, by class; whoever is taken is taken once. */
  takePupils(count: number): Pupil[];
  readonly untilCutoff: () => Promise<void>;
  /** Marks pupils of one class in one submission, as they were told; the rest of the class is not mentioned. */
  mark(pupils: readonly Pupil[], kind: MarkKind, told?: { reportedAt?: Date | undefined; correction?: boolean }): Promise<AttendanceMark[]>;
  bookingOf(pupil: Pupil): Promise<Booking>;
  /** What the pupil has with the school, in đồng; below zero where the next bill asks for it. */
  creditOf(pupil: Pupil): Promise<bigint>;
}

export const lunchPrice = 35_000n;
const minuteMs = 60_000;
const shortestLeadMs = 25_000;

/** `openedMs` is how long the school took to open here: a machine that is slow at that is slow at what comes before the cut-off. */
export async function openMorning(journey: Journey, bookedPupils: number, openedMs: number): Promise<Morning> {
  const { attendance, canteen, billing } = journey.schoolbell.clients;
  const { date, cutoffAt } = await cutoffToCome(Math.max(shortestLeadMs, openedMs));
  await laydown(journey, date, cutoffAt);
  const pupils = await pupilsOf(journey, bookedPupils);
  for (let from = 0; from < pupils.length; from += 200) {
    const studentIds = pupils.slice(from, from + 200).map(({ studentId }) => studentId);
    const order = { orderId: crypto.randomUUID(), studentIds, meals: [{ date, meal: Meal.LUNCH }] };
    // Pupils and calendar come to canteen by Kafka.
    await until(() => canteen.bookMeals(order).catch(() => undefined), 300);
  }
  const free = [...pupils];
  return {
    date,
    cutoffAt,
    takePupils: (count) => free.splice(0, count),
    untilCutoff: () => sleep(Math.max(0, cutoffAt.getTime() - Date.now() + 200)),
    mark: async (marked, kind, { reportedAt, correction = false } = {}) => {
      const { classId = '' } = marked[0] ?? {};
      const half = { submissionId: crypto.randomUUID(), classId, date, session: DaySession.MORNING, takenAt: undefined };
      const marks = marked.map(({ studentId }) => ({ studentId, kind, reportedAt }));
      const [mark] = marks;
      const { rollCall } = correction
        ? await attendance.correctMark({ ...half, mark, reason: 'Mẹ đã gọi trước đó' })
        : await attendance.submitRollCall({ ...half, marks });
      return rollCall?.marks ?? [];
    },
    bookingOf: async ({ studentId }) => {
      const { bookings } = await canteen.listBookings({ studentId, month: date.slice(0, 7), date: '', page: undefined });
      const booking = bookings.find((each) => each.date === date);
      if (!booking) throw new Error('The pupil has no lunch today');
      return booking;
    },
    creditOf: async ({ studentId }) => {
      const { balances } = await billing.listBalances({ prefix: `credit:${studentId}`, page: undefined });
      return balances.reduce((sum, { credits, debits }) => sum + (credits?.minorUnits ?? 0n) - (debits?.minorUnits ?? 0n), 0n);
    },
  };
}

/** A minute of today that is soon over. Near midnight in Vietnam it waits for the new day, since nobody calls the roll of tomorrow. */
async function cutoffToCome(leadMs: number): Promise<{ date: string; cutoffAt: Date }> {
  const untilMidnight = 86_400_000 - ((Date.now() + 7 * 3_600_000) % 86_400_000);
  if (untilMidnight < 8 * minuteMs + 2 * leadMs) await sleep(untilMidnight + 1_000);
  const cutoffAt = new Date(Math.ceil((Date.now() + leadMs) / minuteMs) * minuteMs);
  return { date: vietnam(cutoffAt).slice(0, 10), cutoffAt };
}

/** "2026-11-23 08:00:00" */
function vietnam(instant: Date): string {
  return instant.toLocaleString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });
}

async function laydown({ schoolbell }: Journey, date: string, cutoffAt: Date): Promise<void> {
  const { attendance, canteen } = schoolbell.clients;
  const everyDay = [1, 2, 3, 4, 5, 6, 7];
  const year = Number(date.slice(0, 4)) - (date.slice(5, 7) < '09' ? 1 : 0);
  await attendance.defineSchoolYear({
    schoolYear: {
      calendarId: crypto.randomUUID(),
      name: `${year}-${year + 1}`,
      firstDay: `${year}-09-01`,
      lastDay: `${year + 1}-08-31`,
      citation: 'Lịch của trường',
      holidays: [],
      morningWeekdays: everyDay,
      afternoonWeekdays: everyDay,
      morningOpens: '00:00',
      afternoonOpens: '00:00',
    },
  });
  const dated = { meal: Meal.LUNCH, effectiveFrom: `${year}-09-01`, effectiveUntil: '', citation: 'Nội quy bán trú' };
  const price = { currencyCode: 'VND', minorUnits: lunchPrice };
  await canteen.defineMealPrice({ price: { priceId: crypto.randomUUID(), price, ...dated } });
  const time = vietnam(cutoffAt).slice(11, 16);
  await canteen.defineCutoffRule({
    rule: { ruleId: crypto.randomUUID(), daysBefore: 0, time, halfDayRule: HalfDayRule.MORNING, ...dated },
  });
}

/** Pupils of the same class follow each other. */
async function pupilsOf({ schoolbell }: Journey, count: number): Promise<Pupil[]> {
  const { registry } = schoolbell.clients;
  const { classes } = await registry.listClasses({ page: { size: 500, token: '' } });
  const found: Pupil[] = [];
  for (const { classId } of classes) {
    if (found.length >= count) break;
    found.push(...(await registry.listPupils({ classId, includeLeft: false, page: { size: 500, token: '' } })).pupils);
  }
  return found.slice(0, count);
}
