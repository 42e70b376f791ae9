import type { SchoolDate } from '@schoolbell/kernel';
import { type AbsencePolicy, policyOn } from '../../domain/absences/absence-policy.ts';
import type { NotificationTx } from '../../tx.ts';

/** rpc GetAbsenceAlertPolicy */
export async function getAbsencePolicy(tx: NotificationTx, date: SchoolDate): Promise<AbsencePolicy> {
  return policyOn(await tx.policies.all(), date);
}
