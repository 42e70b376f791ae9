import { AttendanceMark, DaySession, MarkKind, MarkSource } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { AttendanceEvent } from '@schoolbell/contracts/school/attendance/v1/attendance_events';
import { SuspenseItem } from '@schoolbell/contracts/school/billing/v1/billing';
import { BillingEvent, CreditReason } from '@schoolbell/contracts/school/billing/v1/billing_events';
import { Booking, BookingStatus, CancelReason, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { CanteenEvent } from '@schoolbell/contracts/school/canteen/v1/canteen_events';
import { RegistryEvent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { applyEvents, type EventMeta, type Session } from '@schoolbell/service-kit';
import { testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { at, schoolId } from '../../test/given.ts';
import { collections } from '../store/indexes.ts';
import { notificationTx } from '../tx.ts';
import { composeMealLetters } from '../usecases/meals/compose-meal-letters.ts';
import { listeners } from './listen.ts';

let database: Awaited<ReturnType<typeof open>>;
const open = () => testDatabase(collections, (session: Session) => ({ session, tx: notificationTx(session) }));
beforeEach(async () => {
  await database?.close();
  database = await open();
});
afterAll(() => database.close());

const [registry, billing, attendance, canteen] = listeners;
let sequence = 0;
function meta(overrides: Partial<EventMeta> = {}): EventMeta {
  sequence++;
  const times = { occurredAt: at('2026-11-21T00:05:01Z'), announcedAt: at('2026-11-21T00:05:02Z') };
  return { id: `event-${sequence}`, type: 'x', schoolId, key: 'k', version: 1, ...times, ...overrides };
}

// Through the bytes and the inbox, as Kafka brings them.
type RegistryFact = RegistryEvent['event'];
type BillingFact = BillingEvent['event'];
function apply(listener: (typeof listeners)[number] | undefined, body: Uint8Array, overrides: Partial<EventMeta>) {
  if (!listener) throw new Error('There is no such listener');
  return applyEvents(database.transact, listener, [{ meta: meta(overrides), body }]);
}
const onRegistry = (event: RegistryFact, overrides: Partial<EventMeta> = {}) =>
  apply(registry, RegistryEvent.encode({ event }).finish(), overrides);
const onBilling = (event: BillingFact, overrides: Partial<EventMeta> = {}) =>
  apply(billing, BillingEvent.encode({ event }).finish(), overrides);

const onAttendance = (event: AttendanceEvent['event'], overrides: Partial<EventMeta> = {}) =>
  apply(attendance, AttendanceEvent.encode({ event }).finish(), overrides);
const onCanteen = (event: CanteenEvent['event'], overrides: Partial<EventMeta> = {}) =>
  apply(canteen, CanteenEvent.encode({ event }).finish(), overrides);

const vnd = (minorUnits: bigint) => ({ currencyCode: 'VND', minorUnits });
const student = {
  studentId: 's1',
  schoolId,
  code: '79000701000001',
  fullName: 'Bùi Thanh Giang',
  classId: 'c1',
  className: '1A',
  grade: 1,
};
const guardian = {
  guardianId: 'g1',
  fullName: 'Phan Hữu Nam',
  phone: '+84915896980',
  email: 'nam@example.vn',
  language: 'en',
  wantsNotices: true,
  guardianships: [{ studentId: 's1', relation: 1 as const, validFrom: '2026-09-05', validUntil: '' }],
  provenance: [],
};
const paid = {
  invoiceId: 'i1',
  studentId: 's1',
  paid: vnd(1_250_000n),
  purpose: 0 as const,
  studentName: 'Bùi Thanh Giang',
  className: '1A',
  title: 'Thu tháng 11/2026',
  paidAt: at('2026-11-21T00:05:00Z'),
  gateway: 'vnpay',
  gatewayTransaction: '14349876',
};
const received = {
  receiptId: 'r1',
  invoiceId: 'i1',
  studentId: 's1',
  studentName: 'Bùi Thanh Giang',
  invoiceTitle: 'Thu tháng 11/2026',
  received: vnd(500_000n),
  applied: vnd(500_000n),
  outstanding: vnd(750_000n),
  gateway: 'vnpay',
  gatewayTransaction: '1',
  orderRef: 'x',
  paidAt: at('2026-11-21T00:05:00Z'),
};
const credited = {
  studentId: 's1',
  studentName: 'Bùi Thanh Giang',
  amount: vnd(250_000n),
  reason: CreditReason.PAID_TWICE,
  invoiceId: 'i1',
  invoiceTitle: 'Thu tháng 11/2026',
  receiptId: 'r2',
  meal: undefined,
  balance: undefined,
};

const meal = { bookingId: 'b1', date: '2026-11-23', meal: 'LUNCH', cutReason: 'ABSENT' };
const mealCredited = { ...credited, reason: CreditReason.MEAL_CANCELLED, invoiceId: '', receiptId: '', meal, balance: vnd(250_000n) };
const mark = AttendanceMark.fromPartial({
  ...{ studentId: 's1', studentName: 'Bùi Thanh Giang', classId: 'c1', className: '1A', date: '2026-11-23' },
  ...{ session: DaySession.MORNING, kind: MarkKind.ABSENT_WITHOUT_LEAVE, source: MarkSource.ROLL_CALL },
  ...{ reportedAt: at('2026-11-23T00:30:00Z'), submittedAt: at('2026-11-23T00:31:00Z') },
});
const booking = Booking.fromPartial({
  ...{ bookingId: 'b1', studentId: 's1', studentName: 'Bùi Thanh Giang', date: '2026-11-23', meal: Meal.LUNCH, price: vnd(35_000n) },
  cutoffAt: at('2026-11-23T01:00:00Z'),
});
const cutLate = { booking, reason: CancelReason.ABSENT, reportedAt: at('2026-11-23T01:20:00Z') };

async function roster() {
  await onRegistry({ $case: 'schoolRegistered', value: { school: { schoolId, code: '79000701', name: 'Trường Hoa Phượng' } } });
  await onRegistry({ $case: 'studentEnrolled', value: { student } });
  await onRegistry({ $case: 'guardianChanged', value: { guardian, schoolId } });
}
const kinds = async () => (await database.db.collection('deliveries').find().sort({ _id: 1 }).toArray()).map(({ kind }) => kind);

test('a payment in full, a part of one and a credit are told; nothing else is', async () => {
  await roster();
  await onBilling({ $case: 'invoicePaid', value: paid });
  await onBilling({ $case: 'paymentReceived', value: received });
  await onBilling({ $case: 'accountCredited', value: credited });
  expect(await kinds()).toEqual(['INVOICE_PAID', 'PAYMENT_RECEIVED', 'ACCOUNT_CREDITED']);

  const item = SuspenseItem.fromPartial({ suspenseId: 'suspense-1' });
  const others: BillingFact[] = [
    { $case: 'paymentReceived', value: { ...received, outstanding: vnd(0n) } },
    { $case: 'invoiceVoided', value: { invoiceId: 'i1', studentId: 's1', title: 't', reason: 'r' } },
    { $case: 'invoiceIssued', value: { invoice: undefined } },
    { $case: 'paymentSuspended', value: { item } },
    { $case: 'suspenseResolved', value: { item, invoiceId: '' } },
    undefined, // A case that this build does not know.
  ];
  for (const event of others) expect(await onBilling(event)).toEqual({ ok: true, applied: 1 });
  expect(await kinds()).toHaveLength(3);
});

/** The letters of what has been heard so far, once nothing waits for more of it. */
async function lettersLater(): Promise<string[]> {
  database.setNow(new Date(Date.now() + 600_000));
  await database.transact({ schoolId }, ({ tx }) => composeMealLetters(tx, { limit: 100 }));
  return kinds();
}
const outcomes = async () =>
  (await database.db.collection('alerts').find().sort({ _id: 1 }).toArray()).map(({ kind, status, about, version }) => ({
    kind,
    status,
    about,
    version,
  }));
const lunch = 's1:2026-11-23:LUNCH';

test('what became of a meal is kept under its meal and version, and told later; support and new prices are on the bill', async () => {
  await roster();
  await onBilling({ $case: 'accountCredited', value: mealCredited }, { id: 'm1', version: 5 });
  await onBilling({ $case: 'creditReversed', value: { ...mealCredited, balance: vnd(-35_000n) } }, { id: 'm2', version: 6 });
  await onCanteen({ $case: 'mealCutLate', value: cutLate }, { id: 'm3', version: 3 });
  await onCanteen(
    { $case: 'mealRestored', value: { booking, reason: 0, reportedAt: undefined, before: BookingStatus.CUT_LATE } },
    { id: 'm4', version: 4 },
  );
  const waits = { status: 'WAITING', about: lunch };
  const kept = [
    { kind: 'MEAL_CREDITED', ...waits, version: 5 },
    { kind: 'MEAL_CREDIT_REVERSED', ...waits, version: 6 },
    { kind: 'MEAL_CUT_LATE', ...waits, version: 3 },
    { kind: 'MEAL_CUT_LATE_ENDED', ...waits, version: 4 },
  ];
  expect(await outcomes()).toEqual(kept);
  expect(await kinds()).toEqual([]);

  for (const reason of [CreditReason.LUNCH_SUPPORT, CreditReason.MEAL_REPRICED]) {
    await onBilling({ $case: 'accountCredited', value: { ...mealCredited, reason } });
    await onBilling({ $case: 'creditReversed', value: { ...mealCredited, reason } });
  }
  const elsewhere = { ...booking, studentId: 's2' };
  const others: CanteenEvent['event'][] = [
    { $case: 'mealCancelled', value: { booking: elsewhere, reason: CancelReason.ABSENT, reportedAt: undefined } },
    { $case: 'mealRestored', value: { booking, reason: 0, reportedAt: undefined, before: BookingStatus.CANCELLED } },
    { $case: 'mealsBooked', value: { studentId: 's1', studentName: '', classId: '', className: '', meals: [] } },
    { $case: 'mealsRepriced', value: { studentId: 's1', meals: [], citation: 'x' } },
    undefined,
  ];
  for (const event of others) expect(await onCanteen(event)).toEqual({ ok: true, applied: 1 });
  expect(await outcomes()).toEqual(kept);
});

test('a meal that was too late and turns out to be cut in time is not told as too late', async () => {
  await roster();
  await onCanteen({ $case: 'mealCutLate', value: cutLate }, { id: 'm1', version: 1 });
  await onCanteen(
    { $case: 'mealCancelled', value: { booking, reason: CancelReason.ABSENT, reportedAt: undefined } },
    { id: 'm2', version: 2 },
  );
  expect((await outcomes()).map(({ kind }) => kind)).toEqual(['MEAL_CUT_LATE', 'MEAL_CUT_LATE_ENDED']);
  expect(await lettersLater()).toEqual([]);
});

test('a leaver hears of the refund, not of forty meals', async () => {
  await roster();
  for (let day = 1; day <= 28; day++) {
    const cut = { bookingId: `b${day}`, date: `2026-12-${String(day).padStart(2, '0')}`, meal: 'LUNCH', cutReason: 'LEFT' };
    await onBilling({ $case: 'accountCredited', value: { ...mealCredited, meal: cut } }, { version: day });
  }
  await onCanteen({ $case: 'mealCutLate', value: { ...cutLate, reason: CancelReason.LEFT } });
  const refund = { refundId: 'r1', studentId: 's1', studentName: 'Bùi Thanh Giang', amount: vnd(980_000n) };
  await onBilling({ $case: 'refundRequested', value: { ...refund, leftOn: '2026-11-20', dueOn: '2027-01-04' } });
  expect(await lettersLater()).toEqual(['REFUND_REQUESTED']);
});

test('a credit that says no reason, as it was announced before there were any, is told', async () => {
  await roster();
  await onBilling({ $case: 'accountCredited', value: { ...mealCredited, meal: { ...meal, cutReason: '' } } });
  expect(await lettersLater()).toEqual(['MEAL_CREDITED']);
});

test('a refund is told when it is asked for and when it is paid', async () => {
  await roster();
  const refund = { refundId: 'r1', studentId: 's1', studentName: 'Bùi Thanh Giang', amount: vnd(105_000n) };
  await onBilling({ $case: 'refundRequested', value: { ...refund, leftOn: '2026-11-20', dueOn: '2027-01-04' } });
  await onBilling({ $case: 'refundPaid', value: { ...refund, bankReference: 'FT1' } });
  expect(await kinds()).toEqual(['REFUND_REQUESTED', 'REFUND_PAID']);
});

test('a mark is kept with what it says, and nothing is sent when it is heard', async () => {
  await roster();
  await onAttendance({ $case: 'studentMarkedAbsent', value: { mark, corrects: undefined } }, { id: 'mark-1', version: 4 });
  expect(await kinds()).toEqual([]);
  expect(await database.db.collection('absence_alerts').findOne()).toMatchObject({
    ...{
      _id: 's1:2026-11-23:MORNING',
      status: 'HELD',
      version: 4,
      classId: 'c1',
      origin: { eventId: 'mark-1' },
      releaseAt: at('2026-11-23T00:41:00Z'),
    },
    mark: { kind: 'ABSENT_WITHOUT_LEAVE', source: 'ROLL_CALL', studentName: 'Bùi Thanh Giang', reportedAt: at('2026-11-23T00:30:00Z') },
  });
  await onAttendance(
    { $case: 'studentMarkedPresent', value: { mark: { ...mark, kind: MarkKind.PRESENT }, corrects: undefined } },
    { version: 5 },
  );
  expect(await database.db.collection('absence_alerts').findOne()).toMatchObject({
    status: 'SUPPRESSED',
    because: 'CORRECTED',
    version: 5,
  });
});

test('leave that was withdrawn and coming late are heard too', async () => {
  const { studentId, studentName, classId, className, date, session, reportedAt } = mark;
  const expected = { studentId, studentName, classId, className, date, session, reportedAt, corrects: undefined, noSchool: undefined };
  await onAttendance({ $case: 'studentExpectedAgain', value: expected });
  expect(await database.db.collection('absence_alerts').findOne()).toMatchObject({ mark: { kind: 'EXPECTED' } });
  await onAttendance(
    { $case: 'studentMarkedLate', value: { mark: { ...mark, kind: MarkKind.LATE }, corrects: undefined } },
    { version: 2 },
  );
  expect(await database.db.collection('absence_alerts').findOne()).toMatchObject({ mark: { kind: 'LATE' }, because: 'NOT_TOLD' });
});

test('a half-day that a later calendar closed suppresses the alert that was held for it', async () => {
  await roster();
  await onAttendance({ $case: 'studentMarkedAbsent', value: { mark, corrects: undefined } }, { id: 'mark-1', version: 1 });
  const { studentId, studentName, classId, className, date, session, reportedAt } = mark;
  const closed = { studentId, studentName, classId, className, date, session, reportedAt, corrects: undefined };
  const noSchool = { name: 'Nghỉ bão', citation: 'Công văn khẩn' };
  await onAttendance({ $case: 'studentExpectedAgain', value: { ...closed, noSchool } }, { version: 2 });
  const alert = await database.db.collection('absence_alerts').findOne();
  expect(alert).toMatchObject({ status: 'SUPPRESSED', because: 'CORRECTED', mark: { kind: 'NO_SCHOOL' } });
});

test('class teachers are known from attendance, calendars are not needed', async () => {
  const classTeacher = { classId: 'c1', subject: 'lan@79000701', validFrom: '2026-09-05', validUntil: '' };
  await onAttendance({ $case: 'classTeacherAssigned', value: { classTeacher } });
  expect(await database.db.collection('class_teachers').find().toArray()).toMatchObject([
    { classId: 'c1', subject: 'lan@79000701', from: '2026-09-05' },
  ]);
  expect(await onAttendance({ $case: 'schoolYearDefined', value: { schoolYear: undefined } })).toEqual({ ok: true, applied: 1 });
});

test('a letter belongs to the event, its times and the trace that brought it', async () => {
  await roster();
  await onBilling(
    { $case: 'invoicePaid', value: paid },
    { id: 'event-x', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  );
  expect(await database.db.collection('deliveries').findOne()).toMatchObject({
    eventId: 'event-x',
    occurredAt: at('2026-11-21T00:05:01Z'),
    announcedAt: at('2026-11-21T00:05:02Z'),
    traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)/),
    language: 'en',
    message: { subject: 'Paid in full: Thu tháng 11/2026 – Bùi Thanh Giang' },
  });
});

test('the same event twice in a batch or later is heard once', async () => {
  await roster();
  for (let time = 0; time < 3; time++) await onBilling({ $case: 'invoicePaid', value: paid }, { id: 'event-again' });
  expect(await kinds()).toEqual(['INVOICE_PAID']);
});

test('a pupil who left is still the pupil of money that comes later', async () => {
  await roster();
  await onRegistry({ $case: 'studentLeft', value: { student, leftOn: '2026-11-20' } }, { version: 2 });
  await onBilling({ $case: 'invoicePaid', value: paid });
  expect(await kinds()).toEqual(['INVOICE_PAID']);
});

test('neither phone number nor pupil code nor the name of a pupil is kept of the roster', async () => {
  await roster();
  for (const name of ['schools', 'students', 'guardians']) {
    expect(JSON.stringify(await database.db.collection(name).find().toArray())).not.toMatch(/915896980|79000701000001|Giang/);
  }
});

test('an event that lacks what its contract promises is refused, and so parked', async () => {
  const refused = (field: string) => ({ ok: false, refusal: { code: 'EVENT_INCOMPLETE', field } });
  expect(await onRegistry({ $case: 'schoolRegistered', value: { school: undefined } })).toEqual(refused('school'));
  expect(await onRegistry({ $case: 'studentChanged', value: { student: undefined } })).toEqual(refused('student'));
  const wrong = { ...guardian, guardianships: [{ studentId: 's1', relation: 1 as const, validFrom: '2026-02-30', validUntil: '' }] };
  expect(await onRegistry({ $case: 'guardianChanged', value: { guardian: wrong, schoolId } })).toEqual(
    refused('guardian.guardianships.valid_from'),
  );
  expect(await onBilling({ $case: 'invoicePaid', value: { ...paid, paid: undefined } })).toEqual(refused('paid'));
  expect(await onBilling({ $case: 'accountCredited', value: { ...credited, amount: { currencyCode: 'USD', minorUnits: 1n } } })).toEqual(
    refused('amount'),
  );
  expect(await kinds()).toEqual([]);
});

test('a mark, a meal or a refund that lacks what its contract promises is refused too', async () => {
  const refused = (field: string) => ({ ok: false, refusal: { code: 'EVENT_INCOMPLETE', field } });
  const marked = (wrong: Partial<AttendanceMark>) =>
    onAttendance({ $case: 'studentMarkedAbsent', value: { mark: { ...mark, ...wrong }, corrects: undefined } });
  expect(await onAttendance({ $case: 'studentMarkedAbsent', value: { mark: undefined, corrects: undefined } })).toEqual(refused('mark'));
  expect(await marked({ kind: MarkKind.UNSPECIFIED })).toEqual(refused('mark.kind'));
  expect(await marked({ submittedAt: undefined })).toEqual(refused('mark.submitted_at'));
  expect(await marked({ studentId: '' })).toEqual(refused('student_id'));
  expect(await marked({ classId: '' })).toEqual(refused('class_id'));
  expect(await marked({ date: '2026-02-30' })).toEqual(refused('date'));
  expect(await marked({ session: DaySession.UNSPECIFIED })).toEqual(refused('session'));
  expect(await marked({ reportedAt: undefined })).toEqual(refused('reported_at'));
  const assigned = { classId: 'c1', subject: 'lan', validFrom: 'soon', validUntil: '' };
  expect(await onAttendance({ $case: 'classTeacherAssigned', value: { classTeacher: assigned } })).toEqual(
    refused('class_teacher.valid_from'),
  );
  expect(await onCanteen({ $case: 'mealCutLate', value: { ...cutLate, booking: undefined } })).toEqual(refused('booking'));
  expect(await onCanteen({ $case: 'mealCutLate', value: { ...cutLate, reportedAt: undefined } })).toEqual(refused('reported_at'));
  const cancelled = (wrong: Partial<Booking>) =>
    onCanteen({ $case: 'mealCancelled', value: { booking: { ...booking, ...wrong }, reason: CancelReason.ABSENT, reportedAt: undefined } });
  expect(await cancelled({ studentId: '' })).toEqual(refused('booking'));
  expect(await cancelled({ date: '2026-02-30' })).toEqual(refused('booking.date'));
  expect(await cancelled({ price: undefined })).toEqual(refused('booking.price'));
  expect(await onBilling({ $case: 'accountCredited', value: { ...mealCredited, balance: undefined } })).toEqual(refused('balance'));
  expect(await onBilling({ $case: 'accountCredited', value: { ...mealCredited, meal: undefined } })).toEqual(refused('meal.date'));
  const refund = { refundId: 'r1', studentId: 's1', studentName: '', amount: vnd(1n), leftOn: '2026-11-20', dueOn: '' };
  expect(await onBilling({ $case: 'refundRequested', value: refund })).toEqual(refused('due_on'));
  expect(await kinds()).toEqual([]);
});
