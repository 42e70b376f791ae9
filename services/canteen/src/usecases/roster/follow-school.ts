import { err, isUuid, ok, type Result } from '@schoolbell/kernel';
import type { CanteenTx } from '../../tx.ts';

export type SchoolRefused = { readonly code: 'SCHOOL_ID_MALFORMED' };

export interface AnnouncedSchool {
  readonly school: { readonly id: string; readonly name: string };
  readonly version: number;
}

/** event SchoolRegistered: keeps the newest name, for the printed books. */
export async function followSchool(tx: CanteenTx, { school, version }: AnnouncedSchool): Promise<Result<void, SchoolRefused>> {
  if (!isUuid(school.id)) return err({ code: 'SCHOOL_ID_MALFORMED' });
  tx.schools.follow(school, version);
  return ok(undefined);
}
