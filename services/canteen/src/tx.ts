import type { Session } from '@schoolbell/service-kit';
import { attendanceStore } from './store/attendance.ts';
import { authorityStore } from './store/authority.ts';
import { bookingStore } from './store/bookings.ts';
import { dietStore } from './store/diets.ts';
import { foodCheckStore } from './store/food-checks.ts';
import { foodRecordStore } from './store/food-records.ts';
import { guardianStore } from './store/guardians.ts';
import { kitchenCountStore } from './store/kitchen-counts.ts';
import { menuStore } from './store/menus.ts';
import { orderStore } from './store/orders.ts';
import { planStore } from './store/plans.ts';
import { priceStore } from './store/prices.ts';
import { ruleStore } from './store/rules.ts';
import { sampleStore } from './store/samples.ts';
import { schoolStore } from './store/schools.ts';
import { servingStore } from './store/servings.ts';
import { studentStore } from './store/students.ts';
import { turnStore } from './store/turns.ts';
import { walkStore } from './store/walks.ts';
import { yearStore } from './store/years.ts';

/** All that a use case of canteen may hold: the stores of one school inside one transaction, the outbox, and the time. */
export function canteenTx(session: Session) {
  return {
    now: session.now,
    newId: () => session.newId(),
    emit: session.emit,
    students: studentStore(session),
    guardians: guardianStore(session),
    authority: authorityStore(session),
    years: yearStore(session),
    attendance: attendanceStore(session),
    turns: turnStore(session),
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
    walks: walkStore(session),
  };
}

export type CanteenTx = ReturnType<typeof canteenTx>;
export type { Page } from './store/page.ts';
