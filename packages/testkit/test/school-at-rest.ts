import { Invoice, SuspenseItem } from '@schoolbell/contracts/school/billing/v1/billing';
import {
  BillingEvent,
  InvoiceIssued,
  InvoicePaid,
  PaymentReceived,
  PaymentSuspended,
} from '@schoolbell/contracts/school/billing/v1/billing_events';
import { AlertDelivered, NotificationEvent } from '@schoolbell/contracts/school/notification/v1/notification_events';
import { Guardian, School } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryEvent, Student } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { attendanceAtRest, said } from './attendance-at-rest.ts';
import { endedEvent, late, lateEvent, leaver, wrongLateEvent } from './meals-at-rest.ts';
import { at, balance, entry, ids, marks, openOutbox, type Row, schoolId } from './rows-at-rest.ts';

export const order = '79000701-1';
export const acknowledged = {
  orders: [order],
  notices: [{ orderRef: order, gatewayTransaction: 'T1' }],
  runs: [ids.run],
  imports: [ids.import],
  submissions: [said.rollCall, said.correction, said.scan],
  leaves: [said.leave, said.withdrawn],
  withdrawals: [said.withdrawn],
};

const price = 500_000n;
const outboxes = { registry: openOutbox(), billing: openOutbox(), attendance: openOutbox(), notification: openOutbox() };
const registry = (key: string, event: RegistryEvent['event']): Row =>
  outboxes.registry.announce(key, RegistryEvent.encode({ event }).finish());
const billing = (key: string, event: BillingEvent['event']): Row => outboxes.billing.announce(key, BillingEvent.encode({ event }).finish());

const student = Student.create({ studentId: ids.student, schoolId, fullName: 'Bùi Thanh Giang', classId: 'c1', className: '1A' });
const tie = { studentId: ids.student, relation: 1 as const, validFrom: '2020-09-05', validUntil: '' };
const guardian = (guardianId: string, wantsNotices: boolean): Guardian =>
  Guardian.create({ guardianId, fullName: 'Phan Hữu Nam', email: 'nam@example.vn', wantsNotices, guardianships: [tie] });

const roster = [
  registry(schoolId, { $case: 'schoolRegistered', value: { school: School.create({ schoolId, name: 'Hoa Phượng' }) } }),
  registry(ids.student, { $case: 'studentEnrolled', value: { student: { ...student, className: '1B' } } }),
  registry(ids.student, { $case: 'studentChanged', value: { student } }),
  registry(ids.asked, { $case: 'guardianChanged', value: { schoolId, guardian: guardian(ids.asked, true) } }),
  registry(ids.silent, { $case: 'guardianChanged', value: { schoolId, guardian: guardian(ids.silent, false) } }),
];

const issued = (invoiceId: string): Row =>
  billing(ids.student, { $case: 'invoiceIssued', value: InvoiceIssued.create({ invoice: Invoice.create({ invoiceId }) }) });
const about = { studentId: ids.student, invoiceId: ids.paidInvoice };
const money = [
  issued(ids.paidInvoice),
  issued(ids.openInvoice),
  billing(ids.student, { $case: 'paymentReceived', value: PaymentReceived.create({ ...about, receiptId: ids.receipt }) }),
  billing(ids.student, { $case: 'invoicePaid', value: InvoicePaid.create(about) }),
  billing(ids.suspense, {
    $case: 'paymentSuspended',
    value: PaymentSuspended.create({ item: SuspenseItem.create({ suspenseId: ids.suspense }) }),
  }),
];

const rolls = attendanceAtRest(schoolId, ids.student);
const marked = rolls.facts.map(({ key, payload }) => outboxes.attendance.announce(key, payload));
/** The half-days of the pupil as notification names them, and the events that opened and closed their alerts. */
export const days = { away: `${ids.student}:2026-11-23:MORNING`, there: `${ids.student}:2026-11-24:MORNING` } as const;
const [awayEvent = '', wrongEvent = '', rightEvent = ''] = marked.map(({ _id }) => _id);
const letter = (_id: string, eventId: string, kind: string): Row => ({
  ...{ _id, schoolId, eventId, kind, guardianId: ids.asked, channel: 'EMAIL', status: 'SENT' },
});

/** The event that guardians hear of. */
export const fact = money[3]?._id ?? '';
const delivered = [
  [ids.delivery, fact],
  [ids.alarm, awayEvent],
  [ids.falseAlarm, wrongEvent],
  [ids.retraction, rightEvent],
  [ids.lateLetter, lateEvent],
  [ids.wrongLetter, wrongLateEvent],
  [ids.correction, endedEvent],
].map(([deliveryId = '', eventId = '']) => {
  const value = AlertDelivered.create({ deliveryId, eventId, guardianId: ids.asked, studentId: ids.student });
  return outboxes.notification.announce(ids.asked, NotificationEvent.encode({ event: { $case: 'alertDelivered', value } }).finish());
});

const notice = (_id: string, orderRef: string, gatewayTransaction: string, outcome: string, answer: string): Row => ({
  ...{ _id, schoolId, gateway: 'vnpay', raw: 'raw', state: 'DONE', answer },
  notice: { orderRef, gatewayTransaction, outcome, amount: price },
});
const came = { schoolId, gateway: 'vnpay', amount: price, receivedAt: at };

/** Rows by service and collection. */
export const databases: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>> = {
  registry: {
    outbox: roster,
    streams: outboxes.registry.streams(),
    pupils: [{ _id: ids.student, schoolId, status: 'ENROLLED' }],
    guardians: [ids.asked, ids.silent].map((_id) => ({ _id, schoolId })),
    imports: [{ _id: ids.import, schoolId, status: 'APPLIED' }],
  },
  attendance: {
    outbox: marked,
    streams: outboxes.attendance.streams(),
    inbox: marks('attendance.registry', roster),
    students: [{ _id: ids.student, schoolId, version: 2, name: student.fullName, classId: 'c1', className: '1A', grade: 0 }],
    guardians: [ids.asked, ids.silent].map((_id) => {
      return { _id, schoolId, version: 1, guardianships: [{ studentId: ids.student, validFrom: '2020-09-05' }] };
    }),
    ...rolls.collections,
  },
  canteen: {
    outbox: leaver.bookings,
    streams: leaver.bookedStreams,
    inbox: [...marks('canteen.registry', roster), ...marks('canteen.attendance', marked)],
  },
  billing: {
    outbox: [...money, ...leaver.money],
    streams: [...outboxes.billing.streams(), ...leaver.moneyStreams],
    inbox: [...marks('billing.registry', roster), ...marks('billing.canteen', leaver.bookings)],
    students: [{ _id: ids.student, schoolId, version: 2, name: student.fullName, classId: 'c1', className: '1A', enrolled: true }],
    invoices: [
      { _id: ids.paidInvoice, schoolId, status: 'PAID', total: price, paid: price, issuedAt: at, runId: ids.run },
      { _id: ids.openInvoice, schoolId, status: 'OPEN', total: price, paid: 0n, issuedAt: at, runId: ids.run },
      ...leaver.invoices,
    ],
    meal_months: [...leaver.mealMonths, leaver.lateMonth],
    refunds: leaver.refunds,
    invoice_runs: [{ _id: ids.run, schoolId, doneAt: at, issued: 2 }],
    attempts: [
      { _id: order, schoolId, gateway: 'vnpay', status: 'SUCCEEDED', receiptId: ids.receipt },
      { _id: '79000701-2', schoolId, gateway: 'vnpay', status: 'FAILED' },
    ],
    notices: [
      notice('success', order, 'T1', 'SUCCEEDED', 'CONFIRMED'),
      notice('failure', '79000701-2', '0', 'FAILED', 'CONFIRMED'),
      notice('misfit', '79000701-2', 'T2', 'SUCCEEDED', 'AMOUNT_DIFFERS'),
    ],
    receipts: [
      { ...came, _id: ids.receipt, gatewayTransaction: 'T1', orderRef: order, placement: 'INVOICE', ...about, applied: price, excess: 0n },
      { ...came, _id: ids.heldReceipt, gatewayTransaction: 'T2', orderRef: '79000701-2', placement: 'SUSPENSE', suspenseId: ids.suspense },
    ],
    suspense: [
      {
        ...{ _id: ids.suspense, schoolId, status: 'WAITING', reason: 'AMOUNT_DIFFERS', gateway: 'vnpay', since: at },
        ...{ gatewayTransaction: 'T2', orderRef: '79000701-2', receiptId: ids.heldReceipt },
      },
    ],
    ledger: [
      entry('issued 1', 'receivable:s', 'revenue:x', price),
      entry('issued 2', 'receivable:s', 'revenue:x', price),
      entry('paid', 'clearing:vnpay', 'receivable:s', price),
      entry('held', 'clearing:vnpay', 'suspense:unapplied', price),
      ...leaver.ledger,
    ],
    balances: [
      balance('receivable:s', 2n * price, price),
      balance('revenue:x', 0n, 2n * price),
      balance('clearing:vnpay', 2n * price, 0n),
      balance('suspense:unapplied', 0n, price),
      ...leaver.balances,
    ],
  },
  notification: {
    outbox: delivered,
    streams: outboxes.notification.streams(),
    inbox: [
      ...marks('notification.registry', roster),
      ...marks('notification.billing', [...money, ...leaver.money]),
      ...marks('notification.attendance', marked),
      ...marks('notification.canteen', leaver.bookings),
    ],
    absence_alerts: [
      { _id: days.away, schoolId, status: 'RELEASED', version: 1, told: { eventId: awayEvent, at } },
      { _id: days.there, schoolId, status: 'RETRACTED', version: 3 },
      ...rolls.alerts,
    ],
    schools: [{ _id: schoolId, schoolId, version: 1, name: 'Hoa Phượng' }],
    students: [{ _id: ids.student, schoolId, version: 2, className: '1A' }],
    guardians: [
      {
        ...{ _id: ids.asked, schoolId, version: 1, wantsNotices: true, name: 'Phan Hữu Nam', email: 'nam@example.vn', language: 'vi' },
        guardianships: [{ studentId: ids.student, from: '2020-09-05' }],
      },
      { _id: ids.silent, schoolId, version: 1, wantsNotices: false, guardianships: [{ studentId: ids.student, from: '2020-09-05' }] },
    ],
    alerts: [
      { _id: fact, schoolId, status: 'TOLD', deliveries: 1 },
      { _id: awayEvent, schoolId, status: 'TOLD', deliveries: 1, kind: 'ABSENT' },
      { _id: wrongEvent, schoolId, status: 'COMPOSED', deliveries: 1, kind: 'ABSENT' },
      { _id: rightEvent, schoolId, status: 'COMPOSED', deliveries: 1, kind: 'MARK_RETRACTED' },
      // Nobody is known to be the leaver's guardian.
      ...leaver.alerts,
      ...late.alerts,
    ],
    deliveries: [
      letter(ids.delivery, fact, 'INVOICE_PAID'),
      letter(ids.alarm, awayEvent, 'ABSENT'),
      letter(ids.falseAlarm, wrongEvent, 'ABSENT'),
      { ...letter(ids.retraction, rightEvent, 'MARK_RETRACTED'), retracts: ids.falseAlarm },
      letter(ids.lateLetter, lateEvent, 'MEAL_CUT_LATE'),
      letter(ids.wrongLetter, wrongLateEvent, 'MEAL_CUT_LATE'),
      { ...letter(ids.correction, endedEvent, 'MEAL_CUT_LATE_ENDED'), retracts: ids.wrongLetter },
    ],
  },
};
