import { schoolDateOf } from '@schoolbell/kernel';
import type { BillingTx } from '../../tx.ts';

/** Schools where public lunch support may have to be credited or taken back. */
export async function findSupportSchools(tx: BillingTx): Promise<string[]> {
  const schools = [...(await tx.supports.unsettledSchools(schoolDateOf(tx.now))), ...(await tx.mealMonths.uncheckedSchools())];
  return [...new Set(schools)];
}
