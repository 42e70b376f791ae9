import {
  type AccountCredited,
  CreditReason,
  type InvoicePaid,
  type PaymentReceived,
} from '@schoolbell/contracts/school/billing/v1/billing_events';
import type { Money as WireMoney } from '@schoolbell/contracts/school/common/v1/money';
import type { GuardianChanged, SchoolRegistered, Student as WireStudent } from '@schoolbell/contracts/school/registry/v1/registry_events';
import { err, type Money, ok, parseSchoolDate, type Result, vnd } from '@schoolbell/kernel';
import type { Fact, Payment, CreditReason as Reason } from '../domain/alert.ts';
import type { GuardianFacts, Guardianship, School, Student } from '../domain/roster.ts';

/** An event that lacks what its contract promises is parked for a person, never guessed at. */
export type EventIncomplete = { readonly code: 'EVENT_INCOMPLETE'; readonly field: string };

type Read<T> = Result<T, EventIncomplete>;

export function schoolFrom({ school }: SchoolRegistered): Read<School> {
  return school?.schoolId ? ok({ id: school.schoolId, name: school.name }) : lacks('school');
}

export function studentFrom({ student }: { student: WireStudent | undefined }): Read<Student> {
  return student?.studentId ? ok({ id: student.studentId, className: student.className }) : lacks('student');
}

export function guardianFacts({ guardian }: GuardianChanged): Read<GuardianFacts> {
  if (!guardian?.guardianId) return lacks('guardian');
  const { guardianId, fullName, email, language, wantsNotices } = guardian;
  const guardianships: Guardianship[] = [];
  for (const { studentId, validFrom, validUntil } of guardian.guardianships) {
    const from = parseSchoolDate(validFrom);
    const until = validUntil === '' ? undefined : parseSchoolDate(validUntil);
    if (!from) return lacks('guardian.guardianships.valid_from');
    if (validUntil !== '' && !until) return lacks('guardian.guardianships.valid_until');
    guardianships.push(until ? { studentId, from, until } : { studentId, from });
  }
  return ok({ id: guardianId, name: fullName, email, language, wantsNotices, guardianships });
}

export function paidFact({ invoiceId, studentId, paid, studentName, className, title, ...payment }: InvoicePaid): Read<Fact> {
  const amount = moneyFrom(paid);
  if (!studentId) return lacks('student_id');
  if (!amount) return lacks('paid');
  return ok({ kind: 'INVOICE_PAID', invoiceId, invoiceTitle: title, studentName, className, paid: amount, payment: paymentFrom(payment) });
}

export function partPaymentFact({ invoiceId, studentId, studentName, invoiceTitle, ...payment }: PaymentReceived): Read<Fact> {
  const received = moneyFrom(payment.received);
  const outstanding = moneyFrom(payment.outstanding);
  if (!studentId) return lacks('student_id');
  if (!received) return lacks('received');
  if (!outstanding) return lacks('outstanding');
  return ok({ kind: 'PAYMENT_RECEIVED', invoiceId, invoiceTitle, studentName, received, outstanding, payment: paymentFrom(payment) });
}

export function creditFact({ studentId, studentName, amount, reason, invoiceId, invoiceTitle }: AccountCredited): Read<Fact> {
  const credited = moneyFrom(amount);
  if (!studentId) return lacks('student_id');
  if (!credited) return lacks('amount');
  return ok({ kind: 'ACCOUNT_CREDITED', invoiceId, invoiceTitle, studentName, amount: credited, reason: reasons.get(reason) ?? 'OTHER' });
}

const reasons = new Map<CreditReason, Reason>([
  [CreditReason.OVERPAID, 'OVERPAID'],
  [CreditReason.PAID_TWICE, 'PAID_TWICE'],
  [CreditReason.INVOICE_VOID, 'INVOICE_VOID'],
]);

function paymentFrom({
  paidAt,
  gateway,
  gatewayTransaction,
}: {
  paidAt: Date | undefined;
  gateway: string;
  gatewayTransaction: string;
}): Payment {
  const payment = { gateway, transaction: gatewayTransaction };
  return paidAt === undefined ? payment : { ...payment, paidAt };
}

function moneyFrom(money: WireMoney | undefined): Money | undefined {
  return money?.currencyCode === 'VND' ? vnd(money.minorUnits) : undefined;
}

function lacks(field: string): Read<never> {
  return err({ code: 'EVENT_INCOMPLETE', field });
}
