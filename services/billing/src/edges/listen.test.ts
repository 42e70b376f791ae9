import { Booking, BookingStatus, CancelReason, Meal, RestoreReason } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import type { EventMeta } from '@schoolbell/service-kit';
import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../test/given.ts';
import { listeners } from './listen.ts';

const schools = testSchools();
const [registryListener, canteenListener] = listeners;
let billing: Billing;
const studentId = crypto.randomUUID();
beforeEach(() => {
  billing = schools.newSchool();
});

const meta = (version: number): EventMeta => {
  const at = new Date('2026-11-21T02:00:00Z');
  return { id: crypto.randomUUID(), type: 'x', schoolId: billing.schoolId, key: studentId, version, occurredAt: at, announcedAt: at };
};
const receive = (event: RegistryEvent['event'], version: number) =>
  billing.transact((tx) => registryListener.apply(tx, RegistryEvent.encode({ event }).finish(), meta(version)));
const student = (id: string, fullName = 'Bùi Thanh Giang') => ({
  studentId: id,
  schoolId: billing.schoolId,
  code: '79000701000001',
  fullName,
  classId: 'c1',
  className: '1A',
  grade: 1,
});
const known = (id: string) => billing.read((tx) => tx.students.find(id));

test('a pupil is known from enrolment until leaving, by the newest name', async () => {
  const id = crypto.randomUUID();
  await receive({ $case: 'studentEnrolled', value: { student: student(id) } }, 1);
  await receive({ $case: 'studentChanged', value: { student: student(id, 'Bùi Thanh An') } }, 2);
  expect(await known(id)).toEqual({ id, name: 'Bùi Thanh An', classId: 'c1', className: '1A', enrolled: true });
  await receive({ $case: 'studentLeft', value: { student: student(id, 'Bùi Thanh An'), leftOn: '2026-11-20' } }, 3);
  expect(await known(id)).toMatchObject({ enrolled: false, leftOn: '2026-11-20' });
});

test("events that are not billing's, and newer ones than this build knows, pass without effect", async () => {
  expect(await receive({ $case: 'guardianChanged', value: { guardian: undefined, schoolId: billing.schoolId } }, 1)).toMatchObject({
    ok: true,
  });
  expect(await receive(undefined, 1)).toMatchObject({ ok: true });
  expect(await billing.count('students')).toBe(0);
});

test('an event without its pupil, or with an id that is none, is refused by a code, so that it is parked', async () => {
  expect(await receive({ $case: 'studentEnrolled', value: { student: undefined } }, 1)).toEqual({
    ok: false,
    refusal: { code: 'STUDENT_MISSING' },
  });
  expect(await receive({ $case: 'studentEnrolled', value: { student: student('7') } }, 1)).toEqual({
    ok: false,
    refusal: { code: 'STUDENT_ID_MALFORMED' },
  });
  expect(await receive({ $case: 'studentLeft', value: { student: student(studentId), leftOn: '' } }, 1)).toEqual({
    ok: false,
    refusal: { code: 'EVENT_INCOMPLETE', field: 'left_on' },
  });
});

const price = (minorUnits: bigint, currencyCode = 'VND') => ({ currencyCode, minorUnits });
const bookingId = crypto.randomUUID();
const booked = { bookingId, date: '2026-12-07', meal: Meal.LUNCH, price: price(35_000n) };
const at = new Date('2026-12-07T00:30:00Z');
const booking = (status: BookingStatus) =>
  Booking.fromPartial({
    ...booked,
    ...{ studentId, studentName: 'Bùi Thanh Giang', classId: 'c1', className: '1A', status, cutoffAt: new Date('2026-12-07T01:00:00Z') },
  });
const reason = CancelReason.ABSENT;
const receiveCanteen = (event: CanteenEvent['event'], version: number) =>
  billing.transact((tx) => canteenListener.apply(tx, CanteenEvent.encode({ event }).finish(), meta(version)));
const pupil = { studentId, studentName: 'Bùi Thanh Giang', classId: 'c1', className: '1A' };
const portionNow = async () => (await billing.read((tx) => tx.mealMonths.find([{ studentId, month: '2026-12' as never }])))[0]?.portions[0];

test('what canteen says of a meal is followed from booking to another price', async () => {
  await receiveCanteen({ $case: 'mealsBooked', value: { ...pupil, meals: [booked] } }, 1);
  await receiveCanteen({ $case: 'mealCancelled', value: { booking: booking(BookingStatus.CANCELLED), reason, reportedAt: at } }, 2);
  expect(await portionNow()).toMatchObject({ status: 'CANCELLED', credited: { minorUnits: 35_000n } });
  const before = BookingStatus.CANCELLED;
  const restored = { booking: booking(BookingStatus.BOOKED), reason: RestoreReason.OFFICE, reportedAt: at, before };
  await receiveCanteen({ $case: 'mealRestored', value: restored }, 3);
  expect(await portionNow()).toMatchObject({ status: 'BOOKED', credited: { minorUnits: 0n } });
  await receiveCanteen({ $case: 'mealCutLate', value: { booking: booking(BookingStatus.CUT_LATE), reason, reportedAt: at } }, 4);
  const meals = [{ ...booked, price: price(36_000n) }];
  await receiveCanteen({ $case: 'mealsRepriced', value: { studentId, meals, citation: 'Thỏa thuận 15-11-2026' } }, 5);
  expect(await portionNow()).toMatchObject({ status: 'CUT_LATE', price: { minorUnits: 36_000n } });
  expect(await receiveCanteen(undefined, 6)).toMatchObject({ ok: true });
});

test('why a meal was cut travels with its money, there and back', async () => {
  const own = { studentId: crypto.randomUUID(), bookingId: crypto.randomUUID() };
  const reason = CancelReason.PLAN_ENDED;
  const cut = { ...booking(BookingStatus.CANCELLED), ...own, cutReason: reason };
  await receiveCanteen({ $case: 'mealCancelled', value: { booking: cut, reason, reportedAt: at } }, 1);
  const on = { ...booking(BookingStatus.BOOKED), ...own };
  const restored = { booking: on, reason: RestoreReason.OFFICE, reportedAt: at, before: BookingStatus.CANCELLED };
  await receiveCanteen({ $case: 'mealRestored', value: restored }, 2);
  const why = { value: { meal: { bookingId: own.bookingId, cutReason: 'PLAN_ENDED' } } };
  expect(await billing.announced()).toMatchObject([
    { $case: 'accountCredited', ...why },
    { $case: 'creditReversed', ...why },
  ]);
});

test('a fact of canteen that lacks what its contract promises is refused by a code and leaves no trace', async () => {
  const told = booking(BookingStatus.CANCELLED);
  const wrong: [string, CanteenEvent['event']][] = [
    ['booking', { $case: 'mealCancelled', value: { booking: undefined, reason, reportedAt: at } }],
    [
      'booking.status',
      { $case: 'mealCancelled', value: { booking: { ...told, status: BookingStatus.UNSPECIFIED }, reason, reportedAt: at } },
    ],
    ['meals', { $case: 'mealsBooked', value: { ...pupil, meals: [] } }],
    ['booking_id', { $case: 'mealsBooked', value: { ...pupil, meals: [{ ...booked, bookingId: '' }] } }],
    ['date', { $case: 'mealsBooked', value: { ...pupil, meals: [booked, { ...booked, date: '2026-02-30' }] } }],
    ['meal', { $case: 'mealsBooked', value: { ...pupil, meals: [{ ...booked, meal: Meal.UNSPECIFIED }] } }],
    ['price', { $case: 'mealsRepriced', value: { studentId, meals: [{ ...booked, price: price(1n, 'USD') }], citation: '' } }],
    ['price', { $case: 'mealsRepriced', value: { studentId, meals: [{ ...booked, price: price(-1n) }], citation: '' } }],
  ];
  for (const [field, event] of wrong) {
    expect(await receiveCanteen(event, 1)).toEqual({ ok: false, refusal: { code: 'EVENT_INCOMPLETE', field } });
  }
  expect(await billing.count('meal_months')).toBe(0);
});
