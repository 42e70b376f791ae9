import { type Ok, ok } from '@schoolbell/kernel';
import { type GuardianFacts, guardianFrom } from '../../domain/roster/roster.ts';
import type { NotificationTx } from '../../tx.ts';

/** event GuardianChanged. Alerts that wait for this guardian are composed by the clock, so that a roster of thousands needs no read here. */
export async function followGuardian(
  tx: NotificationTx,
  { guardian, version }: { guardian: GuardianFacts; version: number },
): Promise<Ok<'followed'>> {
  tx.guardians.follow(guardianFrom(guardian), version);
  return ok('followed');
}
