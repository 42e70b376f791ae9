import { type Ok, ok } from '@schoolbell/kernel';
import type { School } from '../../domain/roster/roster.ts';
import type { NotificationTx } from '../../tx.ts';

/** event SchoolRegistered */
export async function followSchool(tx: NotificationTx, { school, version }: { school: School; version: number }): Promise<Ok<'followed'>> {
  tx.schools.follow(school, version);
  return ok('followed');
}
