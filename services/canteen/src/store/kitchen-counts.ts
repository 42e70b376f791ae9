import type { Session } from '@schoolbell/service-kit';
import type { CountedRow } from '../domain/kitchen-count.ts';
import type { MealOfDay } from '../domain/meal.ts';
import { bookings } from './booking-documents.ts';

/** The portions of a meal, added up by the server from an index alone: no booking is read. */
export function kitchenCountStore(session: Session) {
  const collection = session.collection(bookings);
  return {
    count({ date, meal }: MealOfDay): Promise<CountedRow[]> {
      const late = { $cond: [{ $eq: ['$status', 'CUT_LATE'] }, 1, 0] };
      return collection.aggregate<CountedRow>([
        { $match: { date, meal } },
        {
          $group: {
            _id: { classId: '$classId', className: '$className', diet: '$diet', toldDiet: '$toldDiet' },
            portions: { $sum: '$portion' },
            told: { $sum: '$told' },
            cutLate: { $sum: late },
          },
        },
        {
          $project: {
            _id: 0,
            classId: '$_id.classId',
            className: '$_id.className',
            diet: '$_id.diet',
            toldDiet: '$_id.toldDiet',
            portions: 1,
            told: 1,
            cutLate: 1,
          },
        },
      ]);
    },
  };
}
