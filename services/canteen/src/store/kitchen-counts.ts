import type { Session } from '@schoolbell/service-kit';
import type { CountedRow } from '../domain/kitchen-count.ts';
import type { MealOfDay } from '../domain/meal.ts';
import { bookings } from './booking-documents.ts';

/** The portions of a meal, added up by the server from an index alone: no booking is read. */
export function kitchenCountStore(session: Session) {
  const collection = session.collection(bookings);
  return {
    count: (mealOfDay: MealOfDay): Promise<CountedRow[]> => collection.aggregate<CountedRow>(countPipeline(mealOfDay)),
  };
}

/** Names no field that the index of the count does not hold. */
export function countPipeline({ date, meal }: MealOfDay): object[] {
  const cutLate = { $sum: { $cond: [{ $eq: ['$status', 'CUT_LATE'] }, 1, 0] } };
  const by = { classId: '$classId', className: '$className', diet: '$diet', toldDiet: '$toldDiet' };
  const figures = { portions: { $sum: '$portion' }, told: { $sum: '$told' }, cutLate };
  return [
    { $match: { date, meal } },
    { $group: { _id: by, ...figures } },
    { $replaceWith: { $mergeObjects: ['$_id', { portions: '$portions', told: '$told', cutLate: '$cutLate' }] } },
  ];
}
