import type { Session } from '@schoolbell/service-kit';
import type { CountedRow } from '../domain/kitchen-count.ts';
import type { MealOfDay } from '../domain/meal.ts';
import { bookings, countedBy } from './booking-documents.ts';

/** The portions of a meal, added up by the server from an index alone: no booking is read. */
export function kitchenCountStore(session: Session) {
  const collection = session.collection(bookings);
  return {
    async count(mealOfDay: MealOfDay): Promise<CountedRow[]> {
      const counted = await collection.aggregate<{ _id: string; count: number }>(countPipeline(mealOfDay));
      return counted.map(({ _id, count }) => countedBy(_id, count));
    },
  };
}

/** Names no field that the index of the count does not hold. */
export function countPipeline({ date, meal }: MealOfDay): object[] {
  return [{ $match: { date, meal } }, { $group: { _id: '$tally', count: { $sum: 1 } } }];
}
