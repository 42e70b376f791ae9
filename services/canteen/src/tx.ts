import type { Session } from '@schoolbell/service-kit';
import { foodCheckStore } from './store/kitchen/food-checks.ts';
import { foodRecordStore } from './store/kitchen/food-records.ts';
import { kitchenCountStore } from './store/kitchen/kitchen-counts.ts';
import { sampleStore } from './store/kitchen/samples.ts';
import { servingStore } from './store/kitchen/servings.ts';
import { attendanceStore } from './store/meals/attendance.ts';
import { bookingStore } from './store/meals/bookings.ts';
import { dietStore } from './store/meals/diets.ts';
import { lockRowStore } from './store/meals/lock-rows.ts';
import { menuStore } from './store/meals/menus.ts';
import { orderStore } from './store/meals/orders.ts';
import { planStore } from './store/meals/plans.ts';
import { priceStore } from './store/meals/prices.ts';
import { recalculationStore } from './store/meals/recalculations.ts';
import { ruleStore } from './store/meals/rules.ts';
import { yearStore } from './store/meals/years.ts';
import { authorityStore } from './store/roster/authority.ts';
import { guardianStore } from './store/roster/guardians.ts';
import { schoolStore } from './store/roster/schools.ts';
import { studentStore } from './store/roster/students.ts';

/** All that a use case of canteen may hold: the stores of one school inside one transaction, the outbox, and the time. */
export function canteenTx(session: Session) {
  return {
    schoolId: session.schoolId,
    now: session.now,
    newId: () => session.newId(),
    emit: session.emit,
    students: studentStore(session),
    guardians: guardianStore(session),
    authority: authorityStore(session),
    years: yearStore(session),
    attendance: attendanceStore(session),
    lockRows: lockRowStore(session),
    prices: priceStore(session),
    rules: ruleStore(session),
    menus: menuStore(session),
    diets: dietStore(session),
    plans: planStore(session),
    orders: orderStore(session),
    bookings: bookingStore(session),
    kitchenCounts: kitchenCountStore(session),
    servings: servingStore(session),
    foodChecks: foodCheckStore(session),
    foodRecords: foodRecordStore(session),
    samples: sampleStore(session),
    schools: schoolStore(session),
    recalculations: recalculationStore(session),
  };
}

export type CanteenTx = ReturnType<typeof canteenTx>;
export type { Page, PageRequest } from '@schoolbell/service-kit';
