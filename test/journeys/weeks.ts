import { status as grpc, type ServiceError } from '@grpc/grpc-js';
import type { DaySession, SchoolYear } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { type Booking, HalfDayRule, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { type Journey, until } from '@schoolbell/testkit';

/** Lunch is cut by a missed morning, snack by a missed afternoon. */
export const meals = [Meal.LUNCH, Meal.SNACK] as const;
const ruleOf = { [Meal.LUNCH]: HalfDayRule.MORNING, [Meal.SNACK]: HalfDayRule.AFTERNOON };

interface MealOfDay {
  readonly date: string;
  readonly meal: Meal;
}

/** A school with days to come, on which everything can be changed in time. */
export interface Weeks {
  /** Days with school when it was opened, one after the other. */
  readonly days: readonly string[];
  price(meal: Meal, from: string, amount: bigint): Promise<void>;
  /** The school closes on this day as well. */
  close(day: string): Promise<void>;
  billMonths(): Promise<void>;
  askLeave(leaveId: string, studentId: string, from: Half, to: Half): Promise<boolean>;
  withdrawLeave(leaveId: string): Promise<boolean>;
  act(does: 'cancelMeals' | 'restoreMeals', studentId: string, meal: MealOfDay): Promise<boolean>;
  /** Every meal of these days. */
  book(studentIds: readonly string[], days: readonly string[]): Promise<void>;
  bookingsOf(studentId: string): Promise<Booking[]>;
}

export interface Half {
  readonly date: string;
  readonly session: DaySession;
}

const citation = 'Nội quy bán trú';

export async function openWeeks({ schoolbell }: Journey, dayCount: number): Promise<Weeks> {
  const { attendance, canteen, billing } = schoolbell.clients;
  const today = vietnam(new Date());
  const days = Array.from({ length: dayCount }, (_, at) => addDays(today, at + 2));
  const calendar = calendarAround(today);
  const define = () => answered(() => attendance.defineSchoolYear({ schoolYear: { ...calendar, calendarId: crypto.randomUUID() } }));
  await define();
  for (const meal of meals) {
    const rule = { ruleId: crypto.randomUUID(), meal, daysBefore: 0, time: '07:30', halfDayRule: ruleOf[meal] };
    await canteen.defineCutoffRule({ rule: { ...rule, effectiveFrom: calendar.firstDay, effectiveUntil: '', citation } });
  }
  return {
    days,
    price: async (meal, from, amount) => {
      const price = { priceId: crypto.randomUUID(), meal, effectiveFrom: from, effectiveUntil: '', citation };
      await answered(() => canteen.defineMealPrice({ price: { ...price, price: { currencyCode: 'VND', minorUnits: amount } } }));
    },
    close: async (day) => {
      calendar.holidays.push({ firstDay: day, lastDay: day, name: 'Nghỉ bão', citation: 'Công điện của tỉnh' });
      await define();
    },
    billMonths: async () => {
      for (const month of new Set(days.map((day) => day.slice(0, 7)))) {
        const run = { runId: crypto.randomUUID(), month, dueOn: days[0] ?? '', title: `Tiền ăn ${month}`, classIds: [] };
        await answered(() => billing.startMealBillRun(run));
      }
    },
    askLeave: (leaveId, studentId, first, last) =>
      answered(() => attendance.requestLeave({ leaveId, studentId, first, last, reason: 'Việc nhà', reportedAt: undefined })),
    withdrawLeave: (leaveId) => answered(() => attendance.withdrawLeave({ leaveId })),
    act: (does, studentId, meal) => {
      const order = { orderId: crypto.randomUUID(), studentIds: [studentId], meals: [meal], reason: 'Gia đình báo', reportedAt: undefined };
      return answered(() => canteen[does](order));
    },
    book: async (studentIds, wantedDays) => {
      const wanted = wantedDays.flatMap((date) => meals.map((meal) => ({ date, meal })));
      const order = { orderId: crypto.randomUUID(), studentIds: [...studentIds], meals: wanted };
      // Pupils and calendar come to canteen by Kafka.
      await until(() => canteen.bookMeals(order).catch(() => undefined), 300);
    },
    bookingsOf: async (studentId) => {
      const months = [...new Set(days.map((day) => day.slice(0, 7)))];
      const found = await Promise.all(
        months.map((month) => canteen.listBookings({ studentId, month, date: '', page: { size: 200, token: '' } })),
      );
      return found.flatMap(({ bookings }) => bookings).filter(({ date }) => days.includes(date));
    },
  };
}

const away = new Set<number>([grpc.UNAVAILABLE, grpc.DEADLINE_EXCEEDED, grpc.CANCELLED, grpc.ABORTED, grpc.INTERNAL]);

/** Asks with the same id until there is an answer: true where it was done, false where it was refused. */
async function answered(call: () => Promise<unknown>): Promise<boolean> {
  const answer = await until(
    () =>
      call().then(
        () => 'done',
        ({ code }: ServiceError) => (away.has(code) ? undefined : 'refused'),
      ),
    300,
  );
  return answer === 'done';
}

function calendarAround(today: string): SchoolYear {
  const everyDay = [1, 2, 3, 4, 5, 6, 7];
  const year = Number(today.slice(0, 4)) - (today.slice(5, 7) < '09' ? 1 : 0);
  return {
    calendarId: '',
    name: `${year}-${year + 1}`,
    firstDay: `${year}-09-01`,
    lastDay: `${year + 1}-08-31`,
    citation: 'Lịch của trường',
    holidays: [],
    morningWeekdays: everyDay,
    afternoonWeekdays: everyDay,
    morningOpens: '07:00',
    afternoonOpens: '13:30',
  };
}

function vietnam(instant: Date): string {
  return instant.toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
