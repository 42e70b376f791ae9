import { HalfDayRule, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import type { Pupil, SchoolClass } from '@schoolbell/contracts/school/registry/v1/registry';
import { schoolDateOf } from '@schoolbell/kernel';
import { v7 as uuidv7 } from 'uuid';
import type { Clients } from '../../start/clients.ts';
import { refused } from '../failure.ts';

/** Some classes of the school that have no meal of this kind today yet, with all their pupils. */
export interface Cast {
  readonly date: string;
  readonly meal: Meal;
  readonly classes: readonly { readonly classId: string; readonly name: string; readonly pupils: readonly Pupil[] }[];
}

const prices: Partial<Record<Meal, bigint>> = { [Meal.LUNCH]: 35_000n, [Meal.SNACK]: 12_000n, [Meal.BREAKFAST]: 18_000n };

/** A meal that was cut off already cannot be replayed, so another day of the demo takes other classes, and then another meal. */
export async function chooseCast(clients: Clients, wanted: number): Promise<Cast> {
  const date = schoolDateOf(new Date());
  const { classes } = await clients.registry.listClasses({ page: { size: 500, token: '' } });
  const booked = await bookedToday(clients, date);
  for (const meal of [Meal.LUNCH, Meal.SNACK, Meal.BREAKFAST]) {
    const free = await freeClasses(clients, classes, { wanted, isBooked: (pupil) => booked.has(`${pupil.studentId} ${meal}`) });
    if (free.length === wanted) return { date, meal, classes: free };
  }
  throw refused(
    'NO_CLASS_LEFT',
    `There are no ${wanted} classes left without meals today. Take fewer with --classes, or come back tomorrow.`,
  );
}

async function bookedToday({ canteen }: Clients, date: string): Promise<Set<string>> {
  const booked = new Set<string>();
  for (let token = ''; ; ) {
    const { bookings, page } = await canteen.listBookings({ studentId: '', month: '', date, page: { size: 500, token } });
    for (const { studentId, meal } of bookings) booked.add(`${studentId} ${meal}`);
    token = page?.nextToken ?? '';
    if (token === '') return booked;
  }
}

async function freeClasses(
  { registry }: Clients,
  classes: readonly SchoolClass[],
  { wanted, isBooked }: { wanted: number; isBooked: (pupil: Pupil) => boolean },
): Promise<Cast['classes'][number][]> {
  const free: Cast['classes'][number][] = [];
  for (const { classId, name } of classes) {
    if (free.length === wanted) break;
    const { pupils } = await registry.listPupils({ classId, includeLeft: false, page: { size: 200, token: '' } });
    // Enough for everything that happens to one class.
    if (pupils.length >= 8 && !pupils.some(isBooked)) free.push({ classId, name, pupils });
  }
  return free;
}

/** Price and cut-off of this one day, then the bookings. Answers how many. */
export async function bookMeals({ canteen }: Clients, { date, meal, classes }: Cast, cutoffTime: string): Promise<number> {
  const dated = { meal, effectiveFrom: date, effectiveUntil: date, citation: 'Ngày mẫu: schoolbell demo day' };
  const price = { currencyCode: 'VND', minorUnits: prices[meal] ?? 0n };
  if (meal !== Meal.LUNCH) await canteen.defineMealPrice({ price: { priceId: uuidv7(), price, ...dated } });
  const rule = { ruleId: uuidv7(), daysBefore: 0, time: cutoffTime, halfDayRule: HalfDayRule.MORNING, ...dated };
  await canteen.defineCutoffRule({ rule });
  let booked = 0;
  for (const { pupils } of classes) {
    const order = { orderId: uuidv7(), studentIds: pupils.map(({ studentId }) => studentId), meals: [{ date, meal }] };
    booked += (await canteen.bookMeals(order)).bookings.length;
  }
  return booked;
}
