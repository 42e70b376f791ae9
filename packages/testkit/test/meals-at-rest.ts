import { Invoice } from '@schoolbell/contracts/school/billing/v1/billing';
import {
  AccountCredited,
  BillingEvent,
  CreditReason,
  InvoiceIssued,
  RefundPaid,
  RefundRequested,
} from '@schoolbell/contracts/school/billing/v1/billing_events';
import { Booking, BookingStatus, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import {
  BookedMeal,
  CanteenEvent,
  MealCancelled,
  MealCutLate,
  MealRestored,
  MealsBooked,
} from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import { at, balance, entry, ids, openOutbox, type Row, schoolId } from './rows-at-rest.ts';

const billingOutbox = openOutbox();
const canteenOutbox = openOutbox();
const billing = (key: string, event: BillingEvent['event']): Row => billingOutbox.announce(key, BillingEvent.encode({ event }).finish());
const dong = (minorUnits: bigint) => ({ currencyCode: 'VND', minorUnits });
const credited = (bookingId: string, amount: bigint, reason: CreditReason): Row => {
  const meal = { bookingId, date: '2026-11-23', meal: 'LUNCH' };
  return billing(ids.leaver, {
    $case: 'accountCredited',
    value: AccountCredited.create({ studentId: ids.leaver, amount: dong(amount), reason, meal }),
  });
};
const refunded = { refundId: ids.refund, studentId: ids.leaver, amount: dong(10_000n) };
/** What billing said of the leaver's money. */
const meals = [
  billing(ids.leaver, { $case: 'invoiceIssued', value: InvoiceIssued.create({ invoice: Invoice.create({ invoiceId: ids.mealBill }) }) }),
  credited(ids.cutMeal, 35_000n, CreditReason.MEAL_CANCELLED),
  credited(ids.eatenMeal, 30_000n, CreditReason.LUNCH_SUPPORT),
  billing(ids.leaver, { $case: 'refundRequested', value: RefundRequested.create(refunded) }),
  billing(ids.leaver, { $case: 'refundPaid', value: RefundPaid.create(refunded) }),
];
const booked = (bookingId: string): BookedMeal =>
  BookedMeal.create({ bookingId, date: '2026-11-23', meal: Meal.LUNCH, price: dong(35_000n) });
const canteen = (event: CanteenEvent['event'], key: string = ids.leaver): Row =>
  canteenOutbox.announce(key, CanteenEvent.encode({ event }).finish());
const cutBooking = Booking.create({ ...booked(ids.cutMeal), studentId: ids.leaver, status: BookingStatus.CANCELLED });
const bookings = [
  canteen({
    $case: 'mealsBooked',
    value: MealsBooked.create({ studentId: ids.leaver, meals: [booked(ids.cutMeal), booked(ids.eatenMeal)] }),
  }),
  canteen({ $case: 'mealCancelled', value: MealCancelled.create({ booking: cutBooking }) }),
];

const day = '2026-11-25';
const ofDay = (bookingId: string, status: BookingStatus): Booking =>
  Booking.create({ bookingId, studentId: ids.student, date: day, meal: Meal.LUNCH, price: dong(35_000n), status });
const cutLate = (bookingId: string): Row =>
  canteen({ $case: 'mealCutLate', value: MealCutLate.create({ booking: ofDay(bookingId, BookingStatus.CUT_LATE) }) }, ids.student);
const ended = MealRestored.create({ booking: ofDay(ids.endedLunch, BookingStatus.BOOKED), before: BookingStatus.CUT_LATE });
const lateBookings = [
  ...[ids.lateLunch, ids.lateSnack, ids.endedLunch].map(cutLate),
  canteen({ $case: 'mealRestored', value: ended }, ids.student),
];
/** The events: of one letter, the last of which holds it, of one that was taken back, and what took it back. */
export const [lateWith = '', lateEvent = '', wrongLateEvent = '', endedEvent = ''] = lateBookings.map(({ _id }) => _id);
const told = (_id: string, kind: string, deliveries: number, more: object = {}): Row => ({
  ...{ _id, schoolId, studentId: ids.student, status: 'COMPOSED', kind, deliveries, heardAt: at },
  ...more,
});
/** Meals that were cut too late, and what guardians were told of them. */
export const late = {
  bookings: lateBookings,
  alerts: [
    told(lateWith, 'MEAL_CUT_LATE', 0, { toldWith: lateEvent }),
    told(lateEvent, 'MEAL_CUT_LATE', 1, { status: 'TOLD' }),
    told(wrongLateEvent, 'MEAL_CUT_LATE', 1),
    told(endedEvent, 'MEAL_CUT_LATE_ENDED', 1),
  ],
} as const;

const mealEntry = (reference: string, from: string, to: string, amount: bigint): Row => ({
  ...entry(reference, from, to, amount),
  reference,
  postedAt: at,
});
const portion = (bookingId: string, told: object): object => ({
  ...{ bookingId, price: 35_000n, status: 'BOOKED', standsBy: 1, charges: [{ invoiceId: ids.mealBill, amount: 35_000n }] },
  ...told,
});
/** Who left: a meal that was cut, a lunch that was supported, a bill that credit paid half of, and a refund. */
export const leaver = {
  bookings: [...bookings, ...lateBookings],
  bookedStreams: canteenOutbox.streams(),
  money: meals,
  moneyStreams: billingOutbox.streams(),
  /** Of what guardians hear: the cut, and the refund twice. Nobody is known to be the leaver's guardian. */
  alerts: [meals[1], meals[3], meals[4]].map((row) => ({ _id: row?._id ?? '', schoolId, status: 'EXPIRED', deliveries: 0 })),
  invoices: [
    {
      ...{ _id: ids.mealBill, schoolId, studentId: ids.leaver, purpose: 'MEALS', status: 'PARTIALLY_PAID', issuedAt: at },
      ...{ total: 70_000n, paid: 35_000n, creditApplied: 35_000n, lines: [{ code: 'LUNCH', amount: 70_000n }] },
    },
  ],
  mealMonths: [
    {
      ...{ _id: `${schoolId}/${ids.leaver}/2026-11`, schoolId, studentId: ids.leaver, month: '2026-11' },
      portions: [portion(ids.cutMeal, { status: 'CANCELLED', credited: 35_000n }), portion(ids.eatenMeal, { supported: 30_000n })],
    },
  ],
  /** Of the pupil whose meals were cut too late. */
  lateMonth: {
    ...{ _id: `${schoolId}/${ids.student}/2026-11`, schoolId, studentId: ids.student, month: '2026-11' },
    portions: [ids.lateLunch, ids.lateSnack, ids.endedLunch].map((bookingId) =>
      portion(bookingId, { charges: [], status: bookingId === ids.endedLunch ? 'BOOKED' : 'CUT_LATE' }),
    ),
  },
  refunds: [{ _id: ids.refund, schoolId, studentId: ids.leaver, status: 'PAID', amount: 10_000n, since: at, closedAt: at }],
  ledger: [
    mealEntry('bill', 'receivable:l', 'meals:LUNCH', 70_000n),
    mealEntry(`meal:${ids.cutMeal}:0`, 'meals:LUNCH', `credit:${ids.leaver}`, 35_000n),
    mealEntry('netted', `credit:${ids.leaver}`, 'receivable:l', 35_000n),
    mealEntry(`meal:${ids.eatenMeal}:0`, 'subsidy:HCMC', `credit:${ids.leaver}`, 30_000n),
    mealEntry('refund', `credit:${ids.leaver}`, 'clearing:bank', 10_000n),
  ],
  balances: [
    balance('receivable:l', 70_000n, 35_000n),
    balance('meals:LUNCH', 35_000n, 70_000n),
    balance(`credit:${ids.leaver}`, 45_000n, 65_000n),
    balance('subsidy:HCMC', 30_000n, 0n),
    balance('clearing:bank', 0n, 10_000n),
  ],
} as const;
