import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { Meal, Month } from '../../domain/meals/meal.ts';
import { type CutReason, isDue, type MealMonth, type Portion, type PortionStatus } from '../../domain/meals/portion.ts';

interface PortionDoc {
  bookingId: string;
  date: string;
  meal: Meal;
  price: bigint;
  pricedBy: number;
  status: PortionStatus;
  cutReason?: CutReason;
  standsBy: number;
  charges?: { invoiceId: string; amount: bigint }[];
  credited?: bigint;
  supported?: bigint;
  supportedBy?: string;
  entries: number;
}

/**
 * The portions of a pupil's month; `_id` is school, pupil and month. One document and not one per portion: the bookings of a term come in
 * a few events, and a bill takes a month of a pupil, so both touch a handful of documents instead of hundreds.
 */
interface MealMonthDoc extends Stored {
  studentId: string;
  month: string;
  portions: PortionDoc[];
  /** Set while something is still to be charged. */
  due?: true;
  recheck?: true;
}

const charge = new mongoose.Schema(
  { invoiceId: { type: String, required: true }, amount: { type: BigInt, required: true } },
  { _id: false },
);
const portion = new mongoose.Schema(
  {
    bookingId: { type: String, required: true },
    date: { type: String, required: true },
    meal: { type: String, required: true, enum: ['BREAKFAST', 'LUNCH', 'SNACK'] },
    price: { type: BigInt, required: true },
    pricedBy: { type: Number, required: true },
    status: { type: String, required: true, enum: ['BOOKED', 'CANCELLED', 'CUT_LATE'] },
    cutReason: String,
    standsBy: { type: Number, required: true },
    charges: { type: [charge], default: undefined },
    credited: BigInt,
    supported: BigInt,
    supportedBy: String,
    entries: { type: Number, required: true },
  },
  { _id: false },
);
const schema = new mongoose.Schema({
  studentId: { type: String, required: true },
  month: { type: String, required: true },
  portions: { type: [portion], required: true },
  due: Boolean,
  recheck: Boolean,
});
schema.index({ schoolId: 1, studentId: 1, month: 1 }, { partialFilterExpression: { due: true } });
schema.index({ recheck: 1, _id: 1 }, { partialFilterExpression: { recheck: true } });

export const mealMonths = defineCollection<MealMonthDoc>('meal_months', schema);

interface Place {
  readonly studentId: string;
  readonly month: Month;
}

/** Meal portions with their money. Many events about one pupil come in one transaction, so what it has read it does not read again. */
export function mealMonthStore(session: Session) {
  const collection = session.collection(mealMonths);
  const idOf = ({ studentId, month }: Place): string => `${session.schoolId}/${studentId}/${month}`;
  const read = new Map<string, MealMonth | undefined>();
  const stored = new Set<string>();
  const keep = (doc: MealMonthDoc): MealMonth => {
    const kept = read.get(doc._id) ?? toMonth(doc);
    read.set(doc._id, kept);
    stored.add(doc._id);
    return kept;
  };
  return {
    /** Those of the wanted months in which the pupils have portions. */
    async find(places: readonly Place[]): Promise<MealMonth[]> {
      const ids = [...new Set(places.map(idOf))];
      const unread = ids.filter((id) => !read.has(id));
      if (unread.length > 0) {
        for (const doc of await collection.find({ _id: { $in: unread } })) keep(doc);
        for (const id of unread) if (!read.has(id)) read.set(id, undefined);
      }
      return ids.flatMap((id) => read.get(id) ?? []);
    },
    /** Months of the pupils in which something is still to be charged. */
    async due(studentIds: readonly string[]): Promise<MealMonth[]> {
      return (await collection.find({ studentId: { $in: [...studentIds] }, due: true })).map(keep);
    },
    /** Every month of a pupil. */
    async ofStudent(studentId: string): Promise<MealMonth[]> {
      // Ids of a pupil begin alike and end in a slash and the month; "0" comes right behind the slash.
      const id = `${session.schoolId}/${studentId}`;
      return (await collection.find({ _id: { $gt: `${id}/`, $lt: `${id}0` } })).map(keep);
    },
    /** Months whose public support must be computed again. */
    async unchecked(limit: number): Promise<MealMonth[]> {
      return (await collection.find({ recheck: true }, { sort: { _id: 1 }, limit })).map(keep);
    },
    /** Schools that have such months; for a read across schools. */
    async uncheckedSchools(): Promise<string[]> {
      const found = await collection.aggregate<{ _id: string }>([{ $match: { recheck: true } }, { $group: { _id: '$schoolId' } }]);
      return found.map(({ _id }) => _id);
    },
    /** Marks these months to have their public support computed again, where the pupils have portions in them. */
    recheck(places: readonly Place[]): void {
      if (places.length > 0) collection.updateMany({ _id: { $in: places.map(idOf) } }, { $set: { recheck: true } });
    },
    save(month: MealMonth): void {
      const _id = idOf(month);
      const { studentId, month: name, portions, recheck } = month;
      const flags = { ...(portions.some(isDue) ? { due: true as const } : {}), ...(recheck ? { recheck: true as const } : {}) };
      if (stored.has(_id)) {
        const gone = { ...(flags.due ? {} : { due: '' as const }), ...(flags.recheck ? {} : { recheck: '' as const }) };
        const set = { ...changedPortions(read.get(_id)?.portions ?? [], portions), ...flags };
        // The transaction fails where somebody else has changed the document since it was read, so nothing more has to be compared.
        const update = { ...(Object.keys(set).length > 0 ? { $set: set } : {}), ...(Object.keys(gone).length > 0 ? { $unset: gone } : {}) };
        collection.update({ _id }, update, { optional: true });
      } else {
        collection.insert({ _id, studentId, month: name, portions: portions.map(toPortionDoc), ...flags });
      }
      read.set(_id, month);
      stored.add(_id);
    },
  };
}

// A month has some forty portions, and an event is mostly about one.
const mostSingly = 8;

/** Portions keep their places, so those that differ are written at them; all of them where many do. */
function changedPortions(before: readonly Portion[], after: readonly Portion[]): Record<string, PortionDoc | PortionDoc[]> {
  const changed = [...after.entries()].filter(([at, portion]) => portion !== before[at]);
  if (changed.length > mostSingly) return { portions: after.map(toPortionDoc) };
  return Object.fromEntries(changed.map(([at, portion]) => [`portions.${at}`, toPortionDoc(portion)]));
}

function toPortionDoc({ bookingId, date, meal, price, pricedBy, status, cutReason, standsBy, entries, ...money }: Portion): PortionDoc {
  const { charges, credited, supported } = money;
  return {
    bookingId,
    date,
    meal,
    price: price.minorUnits,
    pricedBy,
    status,
    standsBy,
    entries,
    ...(cutReason ? { cutReason } : {}),
    ...(charges.length > 0 ? { charges: charges.map(({ invoiceId, amount }) => ({ invoiceId, amount: amount.minorUnits })) } : {}),
    ...(credited.minorUnits === 0n ? {} : { credited: credited.minorUnits }),
    ...(supported ? { supported: supported.amount.minorUnits, supportedBy: supported.source } : {}),
  };
}

function toMonth({ studentId, month, portions, recheck }: MealMonthDoc): MealMonth {
  return { studentId, month: month as Month, portions: portions.map(toPortion), recheck: recheck === true };
}

function toPortion(doc: PortionDoc): Portion {
  const {
    bookingId,
    date,
    meal,
    price,
    pricedBy,
    status,
    cutReason,
    standsBy,
    charges = [],
    credited = 0n,
    supported,
    supportedBy = '',
    entries,
  } = doc;
  return {
    bookingId,
    date: date as SchoolDate,
    meal,
    price: vnd(price),
    pricedBy,
    status,
    ...(cutReason ? { cutReason } : {}),
    standsBy,
    charges: charges.map(({ invoiceId, amount }) => ({ invoiceId, amount: vnd(amount) })),
    credited: vnd(credited),
    supported: supported === undefined ? undefined : { amount: vnd(supported), source: supportedBy },
    entries,
  };
}
