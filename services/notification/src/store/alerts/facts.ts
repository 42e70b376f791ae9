import { type SchoolDate, unreachable, vnd } from '@schoolbell/kernel';
import mongoose from 'mongoose';
import type { CreditedMeal, EndedMeal, Fact, LateMeal, MealOfDay, Some } from '../../domain/alerts/fact.ts';

type Of<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

interface PaymentDocument {
  paidAt?: Date;
  gateway: string;
  transaction: string;
}

/** A meal that is told of; `amount` is what is credited or taken back, or its price, in đồng. */
interface MealDocument {
  date: string;
  meal: MealOfDay['meal'];
  amount: bigint;
  /** Absent of those that were kept before it was told. */
  reason?: string;
  cutoffAt?: Date;
  reportedAt?: Date;
  now?: EndedMeal['stands'];
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
  reportedAt?: Date;
  /** Of one meal, as facts were kept when each told of one. */
  meal?: MealOfDay['meal'];
  cutoffAt?: Date;
  meals?: MealDocument[];
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
const meal = new mongoose.Schema(
  { date: text, meal: text, amount: { type: BigInt, required: true }, reason: String, cutoffAt: Date, reportedAt: Date, now: String },
  { _id: false },
);
const payment = new mongoose.Schema({ paidAt: Date, gateway: text, transaction: text }, { _id: false });
export const kinds = [
  'INVOICE_PAID',
  'PAYMENT_RECEIVED',
  'ACCOUNT_CREDITED',
  'MEAL_CREDITED',
  'MEAL_CREDIT_REVERSED',
  'MEAL_CUT_LATE',
  'MEAL_CUT_LATE_ENDED',
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
    meals: { type: [meal], default: undefined },
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
      return {
        ...fact,
        meals: fact.meals.map(({ amount, ...same }) => ({ ...same, amount: amount.minorUnits })),
        balance: fact.balance.minorUnits,
      };
    case 'MEAL_CUT_LATE':
      return { ...fact, meals: fact.meals.map(({ price, ...same }) => ({ ...same, amount: price.minorUnits })) };
    case 'MEAL_CUT_LATE_ENDED':
      return { ...fact, meals: fact.meals.map(({ price, stands: now, ...same }) => ({ ...same, amount: price.minorUnits, now })) };
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
      return { kind, studentName, meals: mealsFrom(document, creditedMeal), balance: vnd(has('balance')) };
    case 'MEAL_CUT_LATE':
      return { kind, studentName, meals: mealsFrom(document, lateMeal) };
    case 'MEAL_CUT_LATE_ENDED':
      return { kind, studentName, meals: mealsFrom(document, endedMeal) };
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

function mealsFrom<M>(document: FactDocument, read: (meal: MealDocument) => M | undefined): Some<M> {
  const { kind, date, meal, amount, reason, cutoffAt, reportedAt } = document;
  const single = date && meal && amount !== undefined ? [{ date, meal, amount, ...given({ reason, cutoffAt, reportedAt }) }] : [];
  const [first, ...more] = (document.meals ?? single).map((each) => {
    const found = read(each);
    if (!found) throw new Error(`A fact of kind ${kind} lacks something of a meal`);
    return found;
  });
  if (!first) throw new Error(`A fact of kind ${kind} lacks meals`);
  return [first, ...more];
}

function given({ reason, cutoffAt, reportedAt }: Record<'cutoffAt' | 'reportedAt', Date | undefined> & { reason: string | undefined }) {
  return { ...(reason ? { reason } : {}), ...(cutoffAt ? { cutoffAt } : {}), ...(reportedAt ? { reportedAt } : {}) };
}

function placeOf({ date, meal, reason = 'OTHER' }: MealDocument): MealOfDay & { reason: CreditedMeal['reason'] } {
  return { date: date as SchoolDate, meal, reason: reason as CreditedMeal['reason'] };
}

function creditedMeal(document: MealDocument): CreditedMeal {
  return { ...placeOf(document), amount: vnd(document.amount) };
}

function lateMeal(document: MealDocument): LateMeal | undefined {
  const { amount, cutoffAt, reportedAt } = document;
  return cutoffAt && reportedAt && { ...placeOf(document), price: vnd(amount), cutoffAt, reportedAt };
}

function endedMeal({ date, meal, amount, now }: MealDocument): EndedMeal | undefined {
  return now && { date: date as SchoolDate, meal, price: vnd(amount), stands: now };
}
