import { CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import type { Result, SchoolDate } from '@schoolbell/kernel';
import { createLogger, type OutboxRow } from '@schoolbell/service-kit';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll } from 'vitest';
import type { AttendanceFact } from '../src/domain/meals/attendance.ts';
import type { Booking } from '../src/domain/meals/booking.ts';
import type { SchoolYear } from '../src/domain/meals/calendar.ts';
import type { CutoffRule } from '../src/domain/meals/cutoff.ts';
import type { MealOfDay } from '../src/domain/meals/meal.ts';
import type { Order } from '../src/domain/meals/order.ts';
import type { MealPlan, PlanWish } from '../src/domain/meals/plan.ts';
import type { MealPrice } from '../src/domain/meals/price.ts';
import type { Actor } from '../src/domain/rights.ts';
import { clock } from '../src/edges/clock.ts';
import { collections } from '../src/store/indexes.ts';
import { type CanteenTx, canteenTx } from '../src/tx.ts';
import { getKitchenCount, type KitchenCount } from '../src/usecases/kitchen/get-kitchen-count.ts';
import { type BookRefused, bookMeals } from '../src/usecases/meals/book-meals.ts';
import { type ChangeRefused, changeMeals } from '../src/usecases/meals/change-meals.ts';
import { defineCutoffRule } from '../src/usecases/meals/define-cutoff-rule.ts';
import { type DefinePlansRefused, defineMealPlans } from '../src/usecases/meals/define-meal-plans.ts';
import { defineMealPrice } from '../src/usecases/meals/define-meal-price.ts';
import { followAttendance } from '../src/usecases/meals/follow-attendance.ts';
import { followSchoolYear } from '../src/usecases/meals/follow-school-year.ts';
import { followGuardian } from '../src/usecases/roster/follow-guardian.ts';
import { followStudent } from '../src/usecases/roster/follow-student.ts';
import { at, lunch, monday, price, rule, year } from './facts.ts';

const log = createLogger('canteen', 'silent');

export const office: Actor = { subject: 'accountant@79000701', scope: 'SCHOOL' };

/** One school with a calendar, a price and a cut-off at 07:30 for lunch, and a class of two; it is Monday, six in the morning. */
export interface Canteen {
  readonly schoolId: string;
  readonly classId: string;
  readonly an: string;
  readonly binh: string;
  /** Guardian of An. */
  readonly mother: Actor;
  readonly database: TestDatabase<CanteenTx>;
  readonly transact: <R>(useCase: (tx: CanteenTx) => Promise<R>) => Promise<R>;
  readonly read: <R>(query: (tx: CanteenTx) => Promise<R>) => Promise<R>;
  /** Sets the clock of the service. */
  readonly itIs: (instant: Date) => void;
  readonly student: (facts?: StudentFacts) => Promise<string>;
  readonly define: (facts: { year?: Partial<SchoolYear>; price?: Partial<MealPrice>; rule?: Partial<CutoffRule> }) => Promise<void>;
  readonly book: (studentIds: readonly string[], meals?: readonly MealOfDay[], actor?: Actor) => Promise<Result<Booking[], BookRefused>>;
  /** Cancels or restores; the reason is there where none is given. */
  readonly change: (
    does: 'CANCEL' | 'RESTORE',
    studentIds: readonly string[],
    facts?: Changing,
  ) => Promise<Result<Booking[], ChangeRefused>>;
  /** Lunch on every weekday, unless said otherwise. */
  readonly plan: (
    studentIds: readonly string[],
    wish?: Partial<PlanWish>,
    actor?: Actor,
  ) => Promise<Result<MealPlan[], DefinePlansRefused>>;
  /** Lets the clock of the service do all that is due now. */
  readonly tick: () => Promise<void>;
  /** Attendance says that a pupil is absent, or here. */
  readonly say: (studentId: string, mark: Marking) => Promise<void>;
  readonly bookingOf: (studentId: string, mealOfDay?: MealOfDay) => Promise<Booking>;
  readonly count: (mealOfDay?: MealOfDay) => Promise<KitchenCount>;
  readonly announced: () => Promise<NonNullable<CanteenEvent['event']>[]>;
  readonly documents: (collection: string) => Promise<number>;
}

interface StudentFacts {
  readonly id?: string;
  readonly name?: string;
  readonly classId?: string;
  readonly className?: string;
  readonly leftOn?: SchoolDate;
  readonly version?: number;
  readonly announcedAt?: Date;
}

interface Changing extends Partial<Pick<Order, 'id' | 'meals' | 'note' | 'reportedAt'>> {
  readonly actor?: Actor;
}

interface Marking extends Partial<Omit<AttendanceFact, 'version'>> {
  /** Counts up of itself. */
  readonly version?: number;
  readonly date?: SchoolDate;
}

const everyWeekday = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, meals: ['LUNCH' as const] }));

/** Opens a database for the test file; each call of `newSchool` is a school of its own. */
export function testSchools(): { newSchool: () => Promise<Canteen> } {
  let database: TestDatabase<CanteenTx>;
  beforeAll(async () => {
    database = await testDatabase(collections, canteenTx);
  });
  afterAll(() => database.close());
  return { newSchool: () => openSchool(database) };
}

async function openSchool(database: TestDatabase<CanteenTx>): Promise<Canteen> {
  const [schoolId, ownClass] = [crypto.randomUUID(), crypto.randomUUID()];
  database.setNow(at('06:00'));
  const transact: Canteen['transact'] = (useCase) => database.transact({ schoolId }, useCase);
  const read: Canteen['read'] = (query) => database.read({ schoolId }, query);
  const student: Canteen['student'] = async (facts = {}) => {
    const { id = crypto.randomUUID(), classId = ownClass, className = '1A', leftOn, version = 1, announcedAt = at('06:00') } = facts;
    const pupil = { id, name: facts.name ?? 'Bùi Thanh Giang', classId, className, leftOn };
    await transact((tx) => followStudent(tx, { student: pupil, version, at: announcedAt }));
    return id;
  };
  let calendars = 0;
  const define: Canteen['define'] = async (facts) => {
    const version = ++calendars;
    if (facts.year) await transact((tx) => followSchoolYear(tx, { year: year(facts.year), version }));
    const wanted = { price: price(facts.price), rule: rule(facts.rule) };
    if (facts.price) await transact((tx) => defineMealPrice(tx, { price: wanted.price, by: office.subject }));
    if (facts.rule) await transact((tx) => defineCutoffRule(tx, { rule: wanted.rule, by: office.subject }));
  };
  await define({ year: {}, price: {}, rule: {} });
  const [an, binh] = [await student({ name: 'An' }), await student({ name: 'Bình' })];
  const mother: Actor = { subject: crypto.randomUUID(), scope: 'CHILDREN' };
  const guardianships = [{ studentId: an, validFrom: monday, validUntil: undefined }];
  await transact((tx) => followGuardian(tx, { guardian: { id: mother.subject, guardianships }, version: 1 }));
  let versions = 0;
  return {
    ...{ schoolId, classId: ownClass, an, binh, mother, database, transact, read, student, define },
    itIs: (instant) => database.setNow(instant),
    book: (studentIds, meals = [lunch()], actor = office) => {
      const order = { id: crypto.randomUUID(), does: 'BOOK' as const, studentIds, meals, note: '', reportedAt: undefined };
      return transact((tx) => bookMeals(tx, { order, actor }));
    },
    change: (does, studentIds, { actor = office, ...facts } = {}) => {
      const order = { id: crypto.randomUUID(), does, studentIds, meals: [lunch()], note: 'Gia đình báo', reportedAt: undefined, ...facts };
      return transact((tx) => changeMeals(tx, { order, actor }));
    },
    plan: (studentIds, facts = {}, actor = office) => {
      const wish = { id: crypto.randomUUID(), week: everyWeekday, firstDay: monday, lastDay: undefined, ...facts };
      return transact((tx) => defineMealPlans(tx, { wish, whom: { studentIds }, actor }));
    },
    tick: async () => {
      const ticks = clock({ ...database, log });
      for (const { run } of ticks) while (await run(new AbortController().signal));
    },
    say: async (studentId, { date = monday, version = ++versions, ...mark }) => {
      const fact = { version, session: 'MORNING' as const, absent: true, reportedAt: at('06:40'), ...mark };
      await transact((tx) => followAttendance(tx, { studentId, date, fact }));
    },
    bookingOf: async (studentId, { date, meal } = lunch()) => {
      const found = (await read((tx) => tx.bookings.ofDay(studentId, date))).find((booking) => booking.meal === meal);
      if (!found) throw new Error('Nothing is booked');
      return found;
    },
    count: (mealOfDay = lunch()) => read((tx) => getKitchenCount(tx, { ...mealOfDay, withPupils: true })),
    announced: async () => {
      const rows = await database.db.collection<OutboxRow>('outbox').find({ schoolId }).sort({ _id: 1 }).toArray();
      return rows.flatMap(({ payload }) => CanteenEvent.decode(new Uint8Array(payload)).event ?? []);
    },
    documents: (collection) => database.db.collection(collection).countDocuments({ schoolId }),
  };
}
