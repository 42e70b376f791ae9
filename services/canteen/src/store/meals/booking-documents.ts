import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { defineCollection, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { CountedRow } from '../../domain/kitchen/kitchen-count.ts';
import type { Away } from '../../domain/meals/away.ts';
import type { Act, Booking, BookingState, CancelReason, LateChange } from '../../domain/meals/booking.ts';
import type { HalfDayRule } from '../../domain/meals/cutoff.ts';
import { type Allergen, type DietKind, needsCare } from '../../domain/meals/diet.ts';
import type { Meal, Session } from '../../domain/meals/meal.ts';

interface ActDoc {
  id: string;
  does: Act['does'];
  reason: Act['reason'];
  at: Date;
  reportedAt?: Date;
  by: string;
  note?: string;
}

export interface BookingDoc extends Stored {
  studentId: string;
  studentName: string;
  classId: string;
  className: string;
  date: string;
  meal: Meal;
  price: bigint;
  cutoffAt: Date;
  halfDayRule: HalfDayRule;
  sessions: Session[];
  diet: DietKind;
  dietNote?: string;
  avoided: Allergen[];
  acts: ActDoc[];
  leftToldAt?: Date;
  /** Absent where it equals leftToldAt. */
  leftSince?: Date;
  leftHereSince?: Date;
  noSchoolToldAt?: Date;
  planId?: string;
  extra: boolean;
  bookedAt: Date;
  status: BookingState['status'];
  reason?: CancelReason;
  reportedAt?: Date;
  hereSince?: Date;
  /** 1 while a portion is cooked, else 0. */
  portion: number;
  /** The same by the cut-off. */
  told: number;
  toldDiet: DietKind;
  /** All that the kitchen's count groups by, as one text. */
  tally: string;
  /** Absent while nothing changed after the cut-off. */
  late?: LateChange[];
  /** Absent where the pupil needs no care. */
  careful?: true;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const count = { type: Number, required: true };
const act = new mongoose.Schema(
  { id: text, does: text, reason: text, at: time, reportedAt: Date, by: text, note: { type: String } },
  { _id: false },
);
const lateChange = new mongoose.Schema({ kind: text, reportedAt: time, heardAt: time }, { _id: false });
const schema = new mongoose.Schema({
  ...{ studentId: text, studentName: text, classId: text, className: text, date: text, meal: text },
  price: { type: BigInt, required: true },
  ...{ cutoffAt: time, halfDayRule: text, sessions: { type: [String], required: true } },
  ...{ diet: text, dietNote: String, avoided: { type: [String], required: true } },
  acts: { type: [act], required: true },
  ...{ leftToldAt: Date, leftSince: Date, leftHereSince: Date },
  ...{ noSchoolToldAt: Date, planId: String, extra: { type: Boolean, required: true }, bookedAt: time },
  ...{ status: text, reason: String, reportedAt: Date, hereSince: Date },
  ...{ portion: count, told: count, toldDiet: text, tally: text, late: { type: [lateChange], default: undefined }, careful: Boolean },
});
// A meal is booked once, however many orders and plans name it.
schema.index({ schoolId: 1, studentId: 1, date: 1, meal: 1 }, { unique: true });
schema.index({ schoolId: 1, date: 1, studentId: 1, meal: 1 });
// The kitchen's count reads this index alone. To group by one key costs a third of grouping by five.
export const countIndex = { schoolId: 1, date: 1, meal: 1, tally: 1 } as const;
schema.index(countIndex);
schema.index({ schoolId: 1, date: 1, meal: 1, late: 1 }, { partialFilterExpression: { late: { $exists: true } } });
schema.index({ schoolId: 1, date: 1, meal: 1, careful: 1 }, { partialFilterExpression: { careful: true } });

export const bookings = defineCollection<BookingDoc>('bookings', schema);

export function toDoc(booking: Booking): Omit<BookingDoc, 'schoolId'> {
  const { id, price, sessions, diet, acts, left, noSchoolReportedAt, planId, state, kitchen, ...same } = booking;
  return {
    ...{ _id: id, ...same, price: price.minorUnits, sessions: [...sessions] },
    ...{ diet: diet.kind, avoided: [...diet.avoided], ...(diet.note !== '' && { dietNote: diet.note }) },
    acts: acts.map(toActDoc),
    ...(left && leftDoc(left)),
    ...(noSchoolReportedAt && { noSchoolToldAt: noSchoolReportedAt }),
    ...(planId !== undefined && { planId }),
    ...stateDoc(state),
    ...{ portion: kitchen.portion ? 1 : 0, told: kitchen.portionAtCutoff ? 1 : 0, toldDiet: kitchen.dietAtCutoff, tally: tallyOf(booking) },
    ...(kitchen.lateChanges.length > 0 && { late: kitchen.lateChanges.map((change) => ({ ...change })) }),
    ...(needsCare(diet) && { careful: true as const }),
  };
}

type Flag = 0 | 1;
type Tally = readonly [
  className: string,
  classId: string,
  diet: DietKind,
  dietThen: DietKind,
  portion: Flag,
  portionThen: Flag,
  late: Flag,
];

function tallyOf({ className, classId, diet, state, kitchen }: Booking): string {
  const figures = [kitchen.portion ? 1 : 0, kitchen.portionAtCutoff ? 1 : 0, state.status === 'CUT_LATE' ? 1 : 0] as const;
  const tally: Tally = [className, classId, diet.kind, kitchen.dietAtCutoff, ...figures];
  return JSON.stringify(tally);
}

/** What `count` bookings with this tally add to the kitchen's count. */
export function countedBy(tally: string, count: number): CountedRow {
  const [className, classId, diet, dietAtCutoff, portion, portionThen, late] = JSON.parse(tally) as Tally;
  const figures = { portions: portion * count, portionsAtCutoff: portionThen * count, cutLate: late * count };
  return { className, classId, diet, dietAtCutoff, ...figures };
}

function toActDoc({ note, ...same }: Act): ActDoc {
  return { ...same, ...(note !== '' && { note }) };
}

function stateDoc(state: BookingState): Pick<BookingDoc, 'status' | 'reason' | 'reportedAt' | 'hereSince'> {
  if (state.status === 'BOOKED') return { status: 'BOOKED' };
  const { status, reason, reportedAt } = state;
  const hereSince = status === 'CANCELLED' ? state.hereSince : undefined;
  return { status, reason, reportedAt, ...(hereSince && { hereSince }) };
}

export function toBooking(doc: BookingDoc): Booking {
  const { _id, studentId, studentName, classId, className, meal, cutoffAt, halfDayRule, sessions, planId, extra, bookedAt } = doc;
  return {
    ...{ id: _id, studentId, studentName, classId, className, date: doc.date as SchoolDate, meal, price: vnd(doc.price) },
    ...{ cutoffAt, halfDayRule, sessions, planId, extra, bookedAt },
    ...{ left: toLeft(doc), noSchoolReportedAt: doc.noSchoolToldAt },
    diet: { kind: doc.diet, note: doc.dietNote ?? '', avoided: doc.avoided },
    acts: doc.acts.map(toAct),
    state: toState(doc),
    kitchen: { portion: doc.portion > 0, portionAtCutoff: doc.told > 0, dietAtCutoff: doc.toldDiet, lateChanges: doc.late ?? [] },
  };
}

function leftDoc({ reportedAt, since, hereSince }: Away): Pick<BookingDoc, 'leftToldAt' | 'leftSince' | 'leftHereSince'> {
  return { leftToldAt: reportedAt, ...(since > reportedAt && { leftSince: since }), ...(hereSince && { leftHereSince: hereSince }) };
}

function toLeft({ leftToldAt: reportedAt, leftSince = reportedAt, leftHereSince: hereSince }: BookingDoc): Away | undefined {
  return reportedAt && leftSince && { reportedAt, since: leftSince, hereSince };
}

function toAct({ id, does, reason, at, reportedAt = at, by, note = '' }: ActDoc): Act {
  const common = { id, at, by, note };
  if (does === 'CANCEL')
    return { ...common, does, reason: reason === 'PLAN_ENDED' || reason === 'GUARDIAN' ? reason : 'OFFICE', reportedAt };
  return { ...common, does, reason: reason === 'PLAN' || reason === 'GUARDIAN' ? reason : 'OFFICE' };
}

function toState({ status, reason = 'OFFICE', reportedAt, bookedAt, hereSince }: BookingDoc): BookingState {
  switch (status) {
    case 'BOOKED':
      return { status };
    case 'CANCELLED':
      return { status, reason, reportedAt: reportedAt ?? bookedAt, hereSince };
    case 'CUT_LATE':
      return { status, reason, reportedAt: reportedAt ?? bookedAt };
  }
}
