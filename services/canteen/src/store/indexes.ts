import { attendanceDays } from './attendance.ts';
import { bookings } from './booking-documents.ts';
import { diets } from './diets.ts';
import { foodCookings, foodIngredients, foodPortionings } from './food-checks.ts';
import { guardians } from './guardians.ts';
import { menus } from './menus.ts';
import { orders } from './orders.ts';
import { plans } from './plans.ts';
import { prices } from './prices.ts';
import { rules } from './rules.ts';
import { samples } from './samples.ts';
import { schools } from './schools.ts';
import { servings } from './servings.ts';
import { students } from './students.ts';
import { turns } from './turns.ts';
import { walks } from './walks.ts';
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
  menus,
  diets,
  plans,
  orders,
  bookings,
  walks,
  servings,
  foodIngredients,
  foodCookings,
  foodPortionings,
  samples,
  schools,
];
