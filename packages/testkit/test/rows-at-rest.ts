import type { Document } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';

/**
 * Ids of a school whose databases were written by hand: one invoice is paid and told, one is open, and some money is in suspense. The pupil
 * was away on one day, which was told, and not on the other, which was told and taken back. A pupil who left has a meal that was cut, a
 * lunch that was supported, a bill that credit paid half of, and a refund. Two meals of the other were cut too late and told in one letter; a
 * third was too, and was on again after all.
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
  lateLunch: uuidv7(),
  lateSnack: uuidv7(),
  endedLunch: uuidv7(),
  lateLetter: uuidv7(),
  wrongLetter: uuidv7(),
  correction: uuidv7(),
} as const;
export type Row = Document & { readonly _id: string };

export const schoolId = ids.school;
export const at = new Date();

/** What one service has announced so far, numbered by key. */
interface Announced {
  readonly announce: (key: string, payload: Uint8Array) => Row;
  readonly streams: () => Row[];
}

export function openOutbox(): Announced {
  const versions = new Map<string, number>();
  return {
    announce: (key, payload) => {
      const version = (versions.get(key) ?? 0) + 1;
      versions.set(key, version);
      return { _id: uuidv7(), schoolId, type: 'school', key, version, at, payload: Buffer.from(payload) };
    },
    streams: () => [...versions].map(([_id, version]) => ({ _id, schoolId, version })),
  };
}

export const marks = (group: string, events: readonly Row[]): Row[] =>
  events.map(({ _id, key, version }) => ({ _id: `${_id}:${group}`, schoolId, key, version, at }));

export const entry = (_id: string, from: string, to: string, amount: bigint): Row => ({
  _id,
  schoolId,
  postings: [
    { account: from, debit: amount, credit: 0n },
    { account: to, debit: 0n, credit: amount },
  ],
});

export const balance = (account: string, debit: bigint, credit: bigint): Row => ({
  _id: `${schoolId}/${account}`,
  schoolId,
  account,
  debit,
  credit,
});
