import { collections } from '@schoolbell/attendance/src/store/indexes.ts';
import { type AttendanceTx, attendanceTx } from '@schoolbell/attendance/src/tx.ts';
import type { World } from './bench.ts';
import { type Books, openBooks } from './books.ts';

/** A database of attendance's shape: the service's own, or the floor's. */
export type AttendanceBooks = Books<AttendanceTx>;

/** Marks what a floor would announce as the service's relay marks it. */
export async function asRelayed({ db }: AttendanceBooks): Promise<void> {
  await db.collection('outbox').updateMany({}, { $unset: { pending: '' }, $set: { sentAt: new Date() } });
}

/** `prefix` as in `<prefix>_attendance`. */
export function openAttendanceBooks(world: World, prefix: string): Promise<AttendanceBooks> {
  return openBooks(world, { database: `${prefix}_attendance`, collections, makeTx: attendanceTx });
}
