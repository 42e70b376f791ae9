import { Invoice, SuspenseItem } from '@schoolbell/contracts/school/billing/v1/billing';
import {
  AccountCredited,
  BillingEvent,
  CreditReason,
  InvoiceIssued,
  InvoicePaid,
  PaymentReceived,
  PaymentSuspended,
  RefundPaid,
  RefundRequested,
} from '@schoolbell/contracts/school/billing/v1/billing_events';
import { AlertDelivered, NotificationEvent } from '@schoolbell/contracts/school/notification/v1/notification_events';
import { Guardian, School } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryEvent, Student } from '@schoolbell/contracts/school/registry/v1/registry_events';
import type { Document } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { attendanceAtRest, said } from './attendance-at-rest.ts';

/**
 * Ids of a school whose databases were written by hand: one invoice is paid and told, one is open, and some money is in suspense. The pupil
 * was away on one day, which was told, and not on the other, which was told and taken back. A pupil who left has a meal that was cut, a
 * lunch that was supported, a bill that credit paid half of, and a refund.
 */
export const ids = {
  school: uuidv7(),
  student: uuidv7(),
  asked: uuidv7(),
  silent: uuidv7(),
  paidInvoice: uuidv7(),
  openInvoice: uuidv7(),
  receipt: uuidv7(),
  heldReceipt: uuidv7(),
  suspense: uuidv7(),
  run: uuidv7(),
  import: uuidv7(),
  delivery: uuidv7(),
  leaver: uuidv7(),
  mealBill: uuidv7(),
  cutMeal: uuidv7(),
  eatenMeal: uuidv7(),
  refund: uuidv7(),
  alarm: uuidv7(),
  falseAlarm: uuidv7(),
  retraction: uuidv7(),
} as const;
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

type Row = Document & { readonly _id: string };

const schoolId = ids.school;
const at = new Date();
const price = 500_000n;
const versions = new Map<string, number>();

function announce(key: string, payload: Uint8Array): Row {
  const version = (versions.get(key) ?? 0) + 1;
  versions.set(key, version);
  return { _id: uuidv7(), schoolId, type: 'school', key, version, at, payload: Buffer.from(payload) };
}
const registry = (key: string, event: RegistryEvent['event']): Row => announce(key, RegistryEvent.encode({ event }).finish());
const billing = (key: string, event: BillingEvent['event']): Row => announce(key, BillingEvent.encode({ event }).finish());

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
const rosterVersions = new Map(versions);
versions.clear();

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
const dong = (minorUnits: bigint) => ({ currencyCode: 'VND', minorUnits });
const credited = (bookingId: string, amount: bigint, reason: CreditReason): Row => {
  const meal = { bookingId, date: '2026-11-23', meal: 'LUNCH' };
  return billing(ids.leaver, {
    $case: 'accountCredited',
    value: AccountCredited.create({ studentId: ids.leaver, amount: dong(amount), reason, meal }),
  });
};
const refunded = { refundId: ids.refund, studentId: ids.leaver, amount: dong(10_000n) };
const meals = [
  billing(ids.leaver, { $case: 'invoiceIssued', value: InvoiceIssued.create({ invoice: Invoice.create({ invoiceId: ids.mealBill }) }) }),
  credited(ids.cutMeal, 35_000n, CreditReason.MEAL_CANCELLED),
  credited(ids.eatenMeal, 30_000n, CreditReason.LUNCH_SUPPORT),
  billing(ids.leaver, { $case: 'refundRequested', value: RefundRequested.create(refunded) }),
  billing(ids.leaver, { $case: 'refundPaid', value: RefundPaid.create(refunded) }),
];
const moneyVersions = new Map(versions);
versions.clear();

const rolls = attendanceAtRest(schoolId, ids.student);
const marked = rolls.facts.map(({ key, payload }) => announce(key, payload));
const markedVersions = new Map(versions);
versions.clear();
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
].map(([deliveryId = '', eventId = '']) => {
  const value = AlertDelivered.create({ deliveryId, eventId, guardianId: ids.asked, studentId: ids.student });
  return announce(ids.asked, NotificationEvent.encode({ event: { $case: 'alertDelivered', value } }).finish());
});

const marks = (group: string, events: readonly Row[]): Row[] =>
  events.map(({ _id, key, version }) => ({ _id: `${_id}:${group}`, schoolId, key, version, at }));
const streams = (counted: ReadonlyMap<string, number>): Row[] => [...counted].map(([_id, version]) => ({ _id, schoolId, version }));
const entry = (_id: string, from: string, to: string, amount = price): Row => ({
  _id,
  schoolId,
  postings: [
    { account: from, debit: amount, credit: 0n },
    { account: to, debit: 0n, credit: amount },
  ],
});
const mealEntry = (reference: string, from: string, to: string, amount: bigint): Row => ({
  ...entry(reference, from, to, amount),
  reference,
  postedAt: at,
});
const portion = (bookingId: string, told: object): object => ({
  ...{ bookingId, price: 35_000n, status: 'BOOKED', standsBy: 1, charges: [{ invoiceId: ids.mealBill, amount: 35_000n }] },
  ...told,
});
const balance = (account: string, debit: bigint, credit: bigint): Row => ({
  _id: `${schoolId}/${account}`,
  schoolId,
  account,
  debit,
  credit,
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
    streams: streams(rosterVersions),
    pupils: [{ _id: ids.student, schoolId, status: 'ENROLLED' }],
    guardians: [ids.asked, ids.silent].map((_id) => ({ _id, schoolId })),
    imports: [{ _id: ids.import, schoolId, status: 'APPLIED' }],
  },
  attendance: {
    outbox: marked,
    streams: streams(markedVersions),
    inbox: marks('attendance.registry', roster),
    students: [{ _id: ids.student, schoolId, version: 2, name: student.fullName, classId: 'c1', className: '1A', grade: 0 }],
    guardians: [ids.asked, ids.silent].map((_id) => {
      return { _id, schoolId, version: 1, guardianships: [{ studentId: ids.student, validFrom: '2020-09-05' }] };
    }),
    ...rolls.collections,
  },
  canteen: { inbox: [...marks('canteen.registry', roster), ...marks('canteen.attendance', marked)] },
  billing: {
    outbox: [...money, ...meals],
    streams: streams(moneyVersions),
    inbox: marks('billing.registry', roster),
    students: [{ _id: ids.student, schoolId, version: 2, name: student.fullName, classId: 'c1', className: '1A', enrolled: true }],
    invoices: [
      { _id: ids.paidInvoice, schoolId, status: 'PAID', total: price, paid: price, issuedAt: at, runId: ids.run },
      { _id: ids.openInvoice, schoolId, status: 'OPEN', total: price, paid: 0n, issuedAt: at, runId: ids.run },
      {
        ...{ _id: ids.mealBill, schoolId, studentId: ids.leaver, purpose: 'MEALS', status: 'PARTIALLY_PAID', issuedAt: at },
        ...{ total: 70_000n, paid: 35_000n, creditApplied: 35_000n, lines: [{ code: 'LUNCH', amount: 70_000n }] },
      },
    ],
    meal_months: [
      {
        ...{ _id: `${schoolId}/${ids.leaver}/2026-11`, schoolId, studentId: ids.leaver, month: '2026-11' },
        portions: [portion(ids.cutMeal, { status: 'CANCELLED', credited: 35_000n }), portion(ids.eatenMeal, { supported: 30_000n })],
      },
    ],
    refunds: [{ _id: ids.refund, schoolId, studentId: ids.leaver, status: 'PAID', amount: 10_000n, since: at, closedAt: at }],
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
      entry('issued 1', 'receivable:s', 'revenue:x'),
      entry('issued 2', 'receivable:s', 'revenue:x'),
      entry('paid', 'clearing:vnpay', 'receivable:s'),
      entry('held', 'clearing:vnpay', 'suspense:unapplied'),
      mealEntry('bill', 'receivable:l', 'meals:LUNCH', 70_000n),
      mealEntry(`meal:${ids.cutMeal}:0`, 'meals:LUNCH', `credit:${ids.leaver}`, 35_000n),
      mealEntry('netted', `credit:${ids.leaver}`, 'receivable:l', 35_000n),
      mealEntry(`meal:${ids.eatenMeal}:0`, 'subsidy:HCMC', `credit:${ids.leaver}`, 30_000n),
      mealEntry('refund', `credit:${ids.leaver}`, 'clearing:bank', 10_000n),
    ],
    balances: [
      balance('receivable:s', 2n * price, price),
      balance('revenue:x', 0n, 2n * price),
      balance('clearing:vnpay', 2n * price, 0n),
      balance('suspense:unapplied', 0n, price),
      balance('receivable:l', 70_000n, 35_000n),
      balance('meals:LUNCH', 35_000n, 70_000n),
      balance(`credit:${ids.leaver}`, 45_000n, 65_000n),
      balance('subsidy:HCMC', 30_000n, 0n),
      balance('clearing:bank', 0n, 10_000n),
    ],
  },
  notification: {
    outbox: delivered,
    streams: streams(versions),
    inbox: [
      ...marks('notification.registry', roster),
      ...marks('notification.billing', [...money, ...meals]),
      ...marks('notification.attendance', marked),
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
      ...meals.filter((_, index) => [1, 3, 4].includes(index)).map(({ _id }) => ({ _id, schoolId, status: 'EXPIRED', deliveries: 0 })),
    ],
    deliveries: [
      letter(ids.delivery, fact, 'INVOICE_PAID'),
      letter(ids.alarm, awayEvent, 'ABSENT'),
      letter(ids.falseAlarm, wrongEvent, 'ABSENT'),
      { ...letter(ids.retraction, rightEvent, 'MARK_RETRACTED'), retracts: ids.falseAlarm },
    ],
  },
};
