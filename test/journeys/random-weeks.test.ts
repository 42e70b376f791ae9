import { DaySession } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { BookingStatus, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { Pupil } from '@schoolbell/contracts/school/registry/v1/registry';
import { brokenInvariants, type Journey, produceAgain, startJourney, until } from '@schoolbell/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { meals, openWeeks, type Weeks } from './weeks.ts';

const dayCount = 6;
const pupilsOfRun = 8;
const firstPrice = { [Meal.LUNCH]: 35_000n, [Meal.SNACK]: 12_000n };

let journey: Journey;
let weeks: Weeks;
let pupils: Pupil[];
beforeAll(async () => {
  journey = await startJourney();
  await journey.importFile('roster', 'infra/demo/school/C1-HocSinh.xlsx');
  await booksHold();
  weeks = await openWeeks(journey, dayCount);
  for (const meal of meals) await lay(meal, '2000-01-01', firstPrice[meal]);
  pupils = (await journey.schoolbell.clients.registry.listPupils({ classId: '', includeLeft: false, page: { size: 500, token: '' } }))
    .pupils;
});
afterAll(() => journey?.stop());

const booksHold = () => until(async () => (await brokenInvariants(journey.schoolbell.engines, journey)).length === 0, 500);

/** Prices and closed days are the school's: they stay from run to run. */
const laidDown: { meal: Meal; from: string; amount: bigint }[] = [];
const closed = new Set<string>();
async function lay(meal: Meal, from: string, amount: bigint): Promise<void> {
  await weeks.price(meal, from, amount);
  laidDown.push({ meal, from, amount });
}
const priceOn = (meal: Meal, day: string): bigint =>
  laidDown
    .filter((price) => price.meal === meal && price.from <= day)
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
    .at(-1)?.amount ?? 0n;

const dayAt = fc.nat({ max: dayCount - 1 });
const mealAt = fc.record({ day: dayAt, meal: fc.constantFrom(...meals) });
const act = fc.oneof(
  fc.record({ does: fc.constant('LEAVE' as const), from: fc.nat({ max: 2 * dayCount - 1 }), halves: fc.nat({ max: 5 }) }),
  fc.record({ does: fc.constant('WITHDRAW' as const) }),
  fc.record({ does: fc.constant('CANCEL' as const), at: mealAt }),
  fc.record({ does: fc.constant('RESTORE' as const), at: mealAt }),
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;
const ofSchool = fc.oneof(
  fc.record({ does: fc.constant('PRICE' as const), at: mealAt, amount: fc.integer({ min: 10, max: 60 }).map((k) => BigInt(k) * 1_000n) }),
  fc.record({ does: fc.constant('CLOSE' as const), day: dayAt }),
  fc.record({ does: fc.constant('BILL' as const) }),
  fc.record({ does: fc.constant('KILL' as const), name: fc.constantFrom('attendance', 'canteen', 'billing') }),
);

const halfAt = (at: number) => ({
  date: weeks.days[Math.floor(at / 2)] ?? '',
  session: at % 2 === 0 ? DaySession.MORNING : DaySession.AFTERNOON,
});
const halfThatCounts = (day: number, meal: Meal): number => 2 * day + (meal === Meal.LUNCH ? 0 : 1);

/** What was done to one pupil's meals, as the school acknowledged it: which half-days are on leave, and which meals were cut by hand. */
interface Model {
  leave: { readonly id: string; readonly from: number; readonly to: number } | undefined;
  /** Meals that the office gave back in spite of the leave that stands. */
  readonly spared: Set<string>;
  readonly cut: Set<string>;
}

function isCut({ leave, spared, cut }: Model, day: number, meal: Meal): boolean {
  const half = halfThatCounts(day, meal);
  const away = leave !== undefined && leave.from <= half && half <= leave.to && !spared.has(`${day} ${meal}`);
  return closed.has(weeks.days[day] ?? '') || cut.has(`${day} ${meal}`) || away;
}

async function tell({ studentId }: Pupil, acts: readonly Act[]): Promise<Model> {
  const model: Model = { leave: undefined, spared: new Set(), cut: new Set() };
  for (const one of acts) {
    if (one.does === 'LEAVE' && !model.leave) {
      const leave = { id: crypto.randomUUID(), from: one.from, to: Math.min(one.from + one.halves, 2 * dayCount - 1) };
      if (await weeks.askLeave(leave.id, studentId, halfAt(leave.from), halfAt(leave.to))) model.leave = leave;
    } else if (one.does === 'WITHDRAW' && model.leave) {
      expect(await weeks.withdrawLeave(model.leave.id)).toBe(true);
      model.leave = undefined;
      model.spared.clear();
    } else if (one.does === 'CANCEL' || one.does === 'RESTORE') await change(model, studentId, one);
  }
  return model;
}

async function change(model: Model, studentId: string, { does, at }: Extract<Act, { at: unknown }>): Promise<void> {
  const place = `${at.day} ${at.meal}`;
  const meal = { date: weeks.days[at.day] ?? '', meal: at.meal };
  // What is on cannot be given back, and who gives a meal back sees that it is off.
  if (does === 'RESTORE' && !isCut(model, at.day, at.meal)) return;
  if (does === 'RESTORE') await untilCut(studentId, meal);
  if (!(await weeks.act(does === 'CANCEL' ? 'cancelMeals' : 'restoreMeals', studentId, meal))) return;
  if (does === 'CANCEL') model.cut.add(place);
  else {
    model.cut.delete(place);
    model.spared.add(place);
  }
}

const untilCut = (studentId: string, { date, meal }: { date: string; meal: Meal }) =>
  until(async () => {
    const bookings = await weeks.bookingsOf(studentId).catch(() => []);
    const found = bookings.find((booking) => booking.date === date && booking.meal === meal);
    return !found || found.status === BookingStatus.CANCELLED;
  }, 200);

const untilStands = (studentId: string, model: Model, { day, meal }: { day: number; meal: Meal }) =>
  until(async () => {
    const bookings = await weeks.bookingsOf(studentId).catch(() => []);
    const found = bookings.find((booking) => booking.date === weeks.days[day] && booking.meal === meal);
    return found?.status === (isCut(model, day, meal) ? BookingStatus.CANCELLED : BookingStatus.BOOKED) && found;
  }, 200);

async function happen(one: typeof ofSchool extends fc.Arbitrary<infer A> ? A : never): Promise<void> {
  if (one.does === 'PRICE') await lay(one.at.meal, weeks.days[one.at.day] ?? '', one.amount);
  else if (one.does === 'BILL') await weeks.billMonths();
  else if (one.does === 'KILL') journey.schoolbell.services[one.name]?.signal('SIGKILL');
  // Some days of the weeks stay open.
  else if (closed.size < 2) {
    await weeks.close(weeks.days[one.day] ?? '');
    closed.add(weeks.days[one.day] ?? '');
  }
}

test('in any weeks, whatever leave, prices, closed days, bills and deaths come together, each meal stands as it was told and costs what holds that day', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(act, { maxLength: 5 }), { minLength: pupilsOfRun, maxLength: pupilsOfRun }),
      fc.array(ofSchool, { maxLength: 4 }),
      async (told, events) => {
        const some = pupils.splice(0, pupilsOfRun);
        const studentIds = some.map(({ studentId }) => studentId);
        const booked = weeks.days.filter((day) => !closed.has(day));
        await weeks.book(studentIds, booked);
        const telling = some.map((pupil, at) => tell(pupil, told[at] ?? []));
        for (const event of events) await happen(event);
        const models = await Promise.all(telling);
        const { brokers } = journey.schoolbell.engines.kafka;
        for (const topic of ['school.attendance.v1', 'school.canteen.v1']) await produceAgain(brokers, topic, studentIds);
        for (const [at, studentId] of studentIds.entries()) {
          const model = models[at];
          if (!model) throw new Error('Nothing was told of this pupil');
          for (const date of booked) {
            const day = weeks.days.indexOf(date);
            for (const meal of meals) {
              await until(async () => (await untilStands(studentId, model, { day, meal })).price?.minorUnits === priceOn(meal, date), 200);
            }
          }
        }
        await booksHold();
      },
    ),
    { numRuns: 4, endOnFailure: true },
  );
});
