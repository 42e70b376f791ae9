import { schoolDateOf } from '@schoolbell/kernel';
import type { Guardian } from '../domain/guardian.ts';
import type { RegistryTx } from '../tx.ts';

export interface GuardiansAfter {
  /** Only those who are answerable for this pupil today; all without it. */
  readonly studentId?: string | undefined;
  /** Id of the last guardian of the page before. */
  readonly after?: string | undefined;
  readonly size: number;
}

/** rpc ListGuardians: in the order of their ids; one more than `size` when the list goes on. */
export function listGuardians(tx: RegistryTx, { size, ...page }: GuardiansAfter): Promise<Guardian[]> {
  return tx.guardians.page({ ...page, today: schoolDateOf(tx.now), size: size + 1 });
}
