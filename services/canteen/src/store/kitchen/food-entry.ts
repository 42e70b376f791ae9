import type { Stored } from '@schoolbell/service-kit';
import type { Recorded } from '../../domain/kitchen/food-check.ts';

/** What every record of the kitchen stores. */
export interface EntryDoc extends Stored {
  servingId: string;
  checkedBy: string;
  replaces?: string;
  reason: string;
  recordedAt: Date;
  recordedBy: string;
}

const text = { type: String, required: true };

export const entryFields = {
  servingId: text,
  checkedBy: text,
  replaces: String,
  reason: { type: String },
  recordedAt: { type: Date, required: true },
  recordedBy: text,
};

/** A record is corrected at most once: of two corrections of the same instant the second finds the first. */
export const oncePutRight = [
  { schoolId: 1, replaces: 1 },
  { unique: true, partialFilterExpression: { replaces: { $exists: true } } },
] as const;

export function entryDoc({ id, servingId, checkedBy, replaces, reason, recordedAt, recordedBy }: Recorded): Omit<EntryDoc, 'schoolId'> {
  const doc = { _id: id, servingId, checkedBy, reason, recordedAt, recordedBy };
  return replaces === undefined ? doc : { ...doc, replaces };
}

export function toEntry({ _id, servingId, checkedBy, replaces, reason, recordedAt, recordedBy }: EntryDoc): Recorded {
  return { id: _id, servingId, checkedBy, replaces, reason, recordedAt, recordedBy };
}
