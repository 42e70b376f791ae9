import type { DocumentOf, Session } from '@schoolbell/service-kit';
import type { Defined } from '../../domain/dated.ts';
import type { CountedRow } from '../../domain/kitchen/kitchen-count.ts';
import type { Serving } from '../../domain/kitchen/serving.ts';
import type { Booking } from '../../domain/meals/booking.ts';
import type { CutoffRule } from '../../domain/meals/cutoff.ts';
import type { MealOfDay } from '../../domain/meals/meal.ts';
import type { Menu } from '../../domain/meals/menu.ts';
import { type BookingDoc, bookings, countedBy, countIndex, toBooking } from '../meals/booking-documents.ts';
import { menus } from '../meals/menus.ts';
import { rules } from '../meals/rules.ts';
import { servings } from './servings.ts';

/** What a kitchen needs to know of one meal. */
export interface KitchenFacts {
  readonly counted: readonly CountedRow[];
  /** Bookings that changed for the kitchen after the cut-off. */
  readonly late: readonly Booking[];
  /** Portions of pupils who must not eat everything. */
  readonly careful: readonly Booking[];
  /** Every cut-off rule of the meal. */
  readonly rules: readonly Defined<CutoffRule>[];
  readonly serving: Serving | undefined;
  readonly menu: Menu | undefined;
}

/** The portions of a meal, which MongoDB adds up from an index alone: it reads no booking. */
export function kitchenCountStore(session: Session) {
  const collection = session.collection(bookings);
  return {
    async count(mealOfDay: MealOfDay): Promise<CountedRow[]> {
      const counted = await collection.aggregate<Counted>(countPipeline(mealOfDay), { index: countIndex });
      return counted.map(toRow);
    },
    /** One round trip instead of six, which on a busy machine wait for each other. Not for transactions: they have no $unionWith. */
    async gather(mealOfDay: MealOfDay): Promise<KitchenFacts> {
      const found = await collection.aggregate<Found>(gatherPipeline(session.schoolId, mealOfDay), { index: countIndex });
      const [menu] = found.flatMap((row) => row.menu ?? []);
      const [serving] = found.flatMap((row) => row.serving ?? []);
      return {
        counted: found.flatMap((row) => (row.count === undefined ? [] : [toRow(row as Counted)])),
        late: found.flatMap((row) => (row.late ? [toBooking(row.late)] : [])),
        careful: found.flatMap((row) => (row.careful ? [toBooking(row.careful)] : [])),
        rules: found.flatMap((row) => (row.rule ? [rules.read(row.rule)] : [])),
        serving: serving && servings.read(serving),
        menu: menu && menus.read(menu),
      };
    },
  };
}

interface Counted {
  readonly _id: string;
  readonly count: number;
}

/** Each row has one of these fields. */
interface Found extends Partial<Counted> {
  readonly late?: BookingDoc;
  readonly careful?: BookingDoc;
  readonly rule?: DocumentOf<typeof rules>;
  readonly serving?: DocumentOf<typeof servings>;
  readonly menu?: DocumentOf<typeof menus>;
}

/** Uses no field that is missing in the index of the count. */
export function countPipeline({ date, meal }: MealOfDay): object[] {
  return [{ $match: { date, meal } }, { $group: { _id: '$tally', count: { $sum: 1 } } }];
}

/** Every part filters by school, and has an index of its own. */
function gatherPipeline(schoolId: string, { date, meal }: MealOfDay): object[] {
  const ofMeal = { schoolId, date, meal };
  return [
    ...countPipeline({ date, meal }),
    andAll(bookings, 'late', { ...ofMeal, late: { $exists: true } }),
    andAll(bookings, 'careful', { ...ofMeal, careful: true, portion: 1 }),
    andAll(rules, 'rule', { schoolId, meal }),
    andAll(servings, 'serving', ofMeal),
    andAll(menus, 'menu', { ...ofMeal, current: true }),
  ];
}

function andAll({ name }: { readonly name: string }, as: keyof Found, match: object): object {
  return { $unionWith: { coll: name, pipeline: [{ $match: match }, { $project: { _id: 0, [as]: '$$ROOT' } }] } };
}

function toRow({ _id, count }: Counted): CountedRow {
  return countedBy(_id, count);
}
