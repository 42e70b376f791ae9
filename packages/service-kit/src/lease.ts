import type { mongo } from 'mongoose';
import { type LeaseRow, leasesName } from './kit-collections.ts';

/** The right to do what one process at a time should do. Nothing is wrong when two do it for a moment; it is only work done twice. */
export interface Lease {
  /** True when this process holds it and will for a little longer; takes or renews it when due. */
  hold(): Promise<boolean>;
  /** True while it need not be renewed. */
  held(): boolean;
  release(): Promise<void>;
}

const leaseMs = 3_000;
const renewAfterMs = 1_000;
// Work begun under the lease must be handed over before another may begin.
const marginMs = 500;

/** `holder` names this process. Time is the server's ($$NOW), so clocks of machines need not agree. */
export function openLease(db: mongo.Db, name: string, holder: string): Lease {
  const leases = db.collection<LeaseRow>(leasesName);
  let heldUntil = 0;
  let renewAt = 0;
  const take = async (): Promise<boolean> => {
    const asked = performance.now();
    const free = { $or: [{ $eq: ['$holder', holder] }, { $lt: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] }] };
    const until = { $dateAdd: { startDate: '$$NOW', unit: 'millisecond', amount: leaseMs } };
    const row = await leases.findOneAndUpdate(
      { _id: name },
      [{ $set: { holder: { $cond: [free, holder, '$holder'] }, until: { $cond: [free, until, '$until'] } } }],
      { upsert: true, returnDocument: 'after', writeConcern: { w: 'majority' } },
    );
    if (row?.holder !== holder) return false;
    heldUntil = asked + leaseMs - marginMs;
    renewAt = asked + renewAfterMs;
    return true;
  };
  const held = (): boolean => performance.now() < renewAt;
  return {
    hold: async () => (held() ? true : (await take()) && performance.now() < heldUntil),
    held,
    release: async () => {
      heldUntil = 0;
      renewAt = 0;
      await leases.deleteOne({ _id: name, holder });
    },
  };
}
