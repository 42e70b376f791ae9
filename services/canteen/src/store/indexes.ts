import { attendanceDays } from './attendance.ts';
import { bookings } from './booking-documents.ts';
import { foodCookings, foodIngredients, foodPortionings } from './food-checks.ts';
import { guardians } from './guardians.ts';
import { orders } from './orders.ts';
import { prices } from './prices.ts';
import { rules } from './rules.ts';
import { samples } from './samples.ts';
import { schools } from './schools.ts';
import { servings } from './servings.ts';
import { students } from './students.ts';
import { turns } from './turns.ts';
import { years } from './years.ts';

/** Every collection of canteen with its indexes, which are made before traffic and asserted at start. */
export const collections = [
  students,
  guardians,
  years,
  attendanceDays,
  turns,
  prices,
  rules,
  orders,
  bookings,
  servings,
  foodIngredients,
  foodCookings,
  foodPortionings,
  samples,
  schools,
];
