import type { Guardian } from '@schoolbell/contracts/school/registry/v1/registry';
import { schoolDateOf } from '@schoolbell/kernel';
import type { Clients } from './clients.ts';

/**
 * The guardian whom the parent's token of run.json is for: the first one who gets letters and whose children all have meals, so that
 * leave, absences and meals can be tried. Looks among the first guardians only, as nearly every one of the demo school is like that.
 */
export async function findParent({ registry, canteen }: Clients): Promise<string | undefined> {
  const { guardians } = await registry.listGuardians({ studentId: '', page: { size: 100, token: '' } });
  for (const guardian of guardians) {
    const children = childrenOf(guardian);
    if (!guardian.wantsNotices || guardian.email === '' || children.length === 0) continue;
    const plans = await Promise.all(children.map((studentId) => canteen.listMealPlans({ studentId })));
    if (plans.every((each) => each.plans.length > 0)) return guardian.guardianId;
  }
  return undefined;
}

function childrenOf({ guardianships }: Guardian): string[] {
  const today = schoolDateOf(new Date());
  return guardianships
    .filter((tie) => tie.validFrom <= today && (tie.validUntil === '' || tie.validUntil > today))
    .map((tie) => tie.studentId);
}
