import { type SchoolDate, unreachable, vnd } from '@schoolbell/kernel';
import mongoose from 'mongoose';
import type { Fact } from '../domain/fact.ts';

type Of<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

interface PaymentDocument {
  paidAt?: Date;
  gateway: string;
  transaction: string;
}

/** A fact that letters may still be written of: beside kind and name only what its kind has. */
export interface FactDocument {
  kind: Fact['kind'];
  studentName: string;
  invoiceId?: string;
  invoiceTitle?: string;
  /** What it tells of in the first place: paid, received, credited, the price of a meal; đồng. */
  amount?: bigint;
  outstanding?: bigint;
  balance?: bigint;
  className?: string;
  reason?: string;
  payment?: PaymentDocument;
  date?: string;
  meal?: Of<'MEAL_CUT_LATE'>['meal'];
  cutoffAt?: Date;
  reportedAt?: Date;
  leftOn?: string;
  dueOn?: string;
  bankReference?: string;
  session?: Of<'ABSENT'>['session'];
  withLeave?: boolean;
  source?: Of<'ABSENT'>['source'];
  said?: Of<'MARK_RETRACTED'>['said'];
  stands?: Of<'MARK_RETRACTED'>['stands'];
}

const text = { type: String, required: true };
const payment = new mongoose.Schema({ paidAt: Date, gateway: text, transaction: text }, { _id: false });
export const kinds = [
  'INVOICE_PAID',
  'PAYMENT_RECEIVED',
  'ACCOUNT_CREDITED',
  'MEAL_CREDITED',
  'MEAL_CREDIT_REVERSED',
  'MEAL_CUT_LATE',
  'REFUND_REQUESTED',
  'REFUND_PAID',
  'ABSENT',
  'LATE',
  'MARK_RETRACTED',
] as const satisfies readonly Fact['kind'][];

export const factSchema = new mongoose.Schema(
  {
    kind: { ...text, enum: kinds },
    studentName: text,
    invoiceId: String,
    invoiceTitle: String,
    amount: BigInt,
    outstanding: BigInt,
    balance: BigInt,
    className: String,
    reason: String,
    payment,
    date: String,
    meal: String,
    cutoffAt: Date,
    reportedAt: Date,
    leftOn: String,
    dueOn: String,
    bankReference: String,
    session: String,
    withLeave: Boolean,
    source: String,
    said: String,
    stands: String,
  },
  { _id: false },
);

export function factDocument(fact: Fact): FactDocument {
  switch (fact.kind) {
    case 'INVOICE_PAID': {
      const { paid, payment, ...same } = fact;
      return { ...same, amount: paid.minorUnits, payment: { ...payment } };
    }
    case 'PAYMENT_RECEIVED': {
      const { received, outstanding, payment, ...same } = fact;
      return { ...same, amount: received.minorUnits, outstanding: outstanding.minorUnits, payment: { ...payment } };
    }
    case 'MEAL_CREDITED':
    case 'MEAL_CREDIT_REVERSED':
      return { ...fact, amount: fact.amount.minorUnits, balance: fact.balance.minorUnits };
    case 'MEAL_CUT_LATE': {
      const { price, ...same } = fact;
      return { ...same, amount: price.minorUnits };
    }
    case 'ACCOUNT_CREDITED':
    case 'REFUND_REQUESTED':
    case 'REFUND_PAID':
      return { ...fact, amount: fact.amount.minorUnits };
    case 'ABSENT':
    case 'LATE':
    case 'MARK_RETRACTED':
      return { ...fact };
    default:
      return unreachable(fact);
  }
}

/** Throws where the document lacks what its kind has: it was not written by this service. */
export function factFrom(document: FactDocument): Fact {
  const { kind, studentName } = document;
  const has = <N extends keyof FactDocument>(name: N): NonNullable<FactDocument[N]> => {
    const value = document[name];
    if (value === undefined) throw new Error(`A fact of kind ${kind} lacks ${name}`);
    return value;
  };
  const day = (name: 'date' | 'leftOn' | 'dueOn') => has(name) as SchoolDate;
  const bill = () => ({ invoiceId: has('invoiceId'), invoiceTitle: has('invoiceTitle'), studentName });
  const ofDay = () => ({
    studentName,
    className: has('className'),
    date: day('date'),
    session: has('session'),
    reportedAt: has('reportedAt'),
  });
  switch (kind) {
    case 'INVOICE_PAID':
      return { ...bill(), kind, className: has('className'), paid: vnd(has('amount')), payment: has('payment') };
    case 'PAYMENT_RECEIVED':
      return { ...bill(), kind, received: vnd(has('amount')), outstanding: vnd(has('outstanding')), payment: has('payment') };
    case 'ACCOUNT_CREDITED':
      return { ...bill(), kind, amount: vnd(has('amount')), reason: has('reason') as Of<typeof kind>['reason'] };
    case 'MEAL_CREDITED':
    case 'MEAL_CREDIT_REVERSED':
      return { kind, studentName, date: day('date'), meal: has('meal'), amount: vnd(has('amount')), balance: vnd(has('balance')) };
    case 'MEAL_CUT_LATE': {
      const why = { reason: has('reason') as Of<typeof kind>['reason'], cutoffAt: has('cutoffAt'), reportedAt: has('reportedAt') };
      return { kind, studentName, date: day('date'), meal: has('meal'), price: vnd(has('amount')), ...why };
    }
    case 'REFUND_REQUESTED':
      return { kind, studentName, amount: vnd(has('amount')), leftOn: day('leftOn'), dueOn: day('dueOn') };
    case 'REFUND_PAID':
      return { kind, studentName, amount: vnd(has('amount')), bankReference: has('bankReference') };
    case 'ABSENT':
      return { ...ofDay(), kind, withLeave: has('withLeave'), source: has('source') };
    case 'LATE':
      return { ...ofDay(), kind };
    case 'MARK_RETRACTED':
      return { ...ofDay(), kind, said: has('said'), stands: has('stands') };
  }
}
