import type { Pupil } from '../domain/pupil.ts';
import type { RegistryTx } from '../tx.ts';

export interface PupilsAfter {
  /** Only this class; all without it. */
  readonly classId?: string | undefined;
  readonly includeLeft: boolean;
  /** Id of the last pupil of the page before. */
  readonly after?: string | undefined;
  readonly size: number;
}

/** rpc ListPupils: in the order of their ids; one more than `size` when the list goes on. */
export function listPupils(tx: RegistryTx, { size, ...page }: PupilsAfter): Promise<Pupil[]> {
  return tx.pupils.page({ ...page, size: size + 1 });
}
