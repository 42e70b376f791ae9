import { foodCookings, foodIngredients, foodPortionings } from './kitchen/food-checks.ts';
import { samples } from './kitchen/samples.ts';
import { servings } from './kitchen/servings.ts';
import { attendanceDays } from './meals/attendance.ts';
import { bookings } from './meals/booking-documents.ts';
import { diets } from './meals/diets.ts';
import { lockRows } from './meals/lock-rows.ts';
import { menus } from './meals/menus.ts';
import { orders } from './meals/orders.ts';
import { plans } from './meals/plans.ts';
import { prices } from './meals/prices.ts';
import { recalculations } from './meals/recalculations.ts';
import { rules } from './meals/rules.ts';
import { years } from './meals/years.ts';
import { guardians } from './roster/guardians.ts';
import { schools } from './roster/schools.ts';
import { students } from './roster/students.ts';

/** Every collection of canteen with its indexes, which are made before traffic and asserted at start. */
export const collections = [
  students,
  guardians,
  years,
  attendanceDays,
  lockRows,
  prices,
  rules,
  menus,
  diets,
  plans,
  orders,
  bookings,
  recalculations,
  servings,
  foodIngredients,
  foodCookings,
  foodPortionings,
  samples,
  schools,
];
