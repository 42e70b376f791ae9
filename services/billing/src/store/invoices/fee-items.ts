import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { defineCollection, type Page, type Session, type Stored, toPage } from '@schoolbell/service-kit';
import mongoose from 'mongoose';
import type { FeeItem } from '../../domain/invoices/fees.ts';

interface FeeItemDoc extends Stored {
  code: string;
  name: string;
  unitPrice: bigint;
  unit: string;
  effectiveFrom: string;
  effectiveUntil?: string;
  citation: string;
  /** "BAN_TRU 2026-09-01 <id>": the order of the list. */
  place: string;
}

const schema = new mongoose.Schema({
  code: { type: String, required: true },
  name: { type: String, required: true },
  unitPrice: { type: BigInt, required: true },
  unit: { type: String, required: true },
  effectiveFrom: { type: String, required: true },
  effectiveUntil: String,
  citation: { type: String, required: true },
  place: { type: String, required: true },
});
schema.index({ schoolId: 1, place: 1 }, { unique: true });

export const feeItems = defineCollection<FeeItemDoc>('fee_items', schema);

/**
 * One lock row per fee, `_id` is school and code: of two transactions that define items of the fee at the same time, one runs again and
 * finds what the other defined.
 */
interface FeeCodeDoc extends Stored {
  /** How often its items changed. */
  changes: number;
}

export const feeCodes = defineCollection<FeeCodeDoc>('fee_codes', new mongoose.Schema({ changes: { type: Number, required: true } }));

export function feeItemStore(session: Session) {
  const collection = session.collection(feeItems);
  const codes = session.collection(feeCodes);
  const lock = (code: string): void => codes.update({ _id: `${session.schoolId}/${code}` }, { $inc: { changes: 1 } }, { upsert: true });
  return {
    async find(id: string): Promise<FeeItem | undefined> {
      const found = await collection.findOne({ _id: id });
      return found && toFeeItem(found);
    },
    async findAll(ids: readonly string[]): Promise<FeeItem[]> {
      return (await collection.find({ _id: { $in: [...ids] } })).map(toFeeItem);
    },
    /** Every item of a fee, whenever it holds. */
    async ofCode(code: string): Promise<FeeItem[]> {
      // A place begins with the code and a space, and "!" comes right behind the space.
      return (await collection.find({ place: { $gte: `${code} `, $lt: `${code}!` } })).map(toFeeItem);
    },
    async list({ after, size }: { after: string; size: number }): Promise<Page<FeeItem>> {
      const found = await collection.find({ place: { $gt: after } }, { sort: { place: 1 }, limit: size + 1 });
      return toPage(found.map(toFeeItem), size, placeOf);
    },
    insert(item: FeeItem): void {
      lock(item.code);
      collection.insert(toDoc(item));
    },
    /** All but the last day of a fee item stays as it was. */
    save(item: FeeItem): void {
      lock(item.code);
      collection.replace(toDoc(item), { place: placeOf(item) });
    },
  };
}

function placeOf({ code, effectiveFrom, id }: FeeItem): string {
  return `${code} ${effectiveFrom} ${id}`;
}

function toDoc(item: FeeItem): Omit<FeeItemDoc, 'schoolId'> {
  const { id, effectiveUntil, unitPrice, ...same } = item;
  const doc = { _id: id, ...same, unitPrice: unitPrice.minorUnits, place: placeOf(item) };
  return effectiveUntil === undefined ? doc : { ...doc, effectiveUntil };
}

function toFeeItem(doc: FeeItemDoc): FeeItem {
  const { _id, code, name, unitPrice, unit, citation } = doc;
  const effectiveFrom = doc.effectiveFrom as SchoolDate;
  const effectiveUntil = doc.effectiveUntil as SchoolDate | undefined;
  return { id: _id, code, name, unitPrice: vnd(unitPrice), unit, effectiveFrom, effectiveUntil, citation };
}
