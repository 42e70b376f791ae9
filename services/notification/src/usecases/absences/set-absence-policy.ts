import { err, ok, type Result } from '@schoolbell/kernel';
import { type AbsencePolicy, layDown, type PolicyRefused, samePolicy } from '../../domain/absences/absence-policy.ts';
import type { NotificationTx } from '../../tx.ts';

export type SetPolicyRefused = PolicyRefused | { readonly code: 'ID_REUSED'; readonly id: string };

/** rpc SetAbsenceAlertPolicy */
export async function setAbsencePolicy(
  tx: NotificationTx,
  { policy, by }: { policy: AbsencePolicy; by: string },
): Promise<Result<AbsencePolicy, SetPolicyRefused>> {
  const { id } = policy;
  const earlier = await tx.policies.find(id);
  if (earlier) return samePolicy(earlier, policy) ? ok(earlier) : err({ code: 'ID_REUSED', id });
  const laidDown = layDown(policy);
  if (!laidDown.ok) return laidDown;
  tx.policies.insert(laidDown.value, { at: tx.now, by });
  return laidDown;
}
