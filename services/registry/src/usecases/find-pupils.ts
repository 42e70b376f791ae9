import { isUuid, schoolDateOf } from '@schoolbell/kernel';
import { childrenOn } from '../domain/guardian.ts';
import type { Pupil } from '../domain/pupil.ts';
import type { RegistryTx } from '../tx.ts';

export interface Sought {
  /** Codes of the sector database or opaque ids. */
  readonly codes: readonly string[];
  /** Guardian among whose children alone is looked, all of them where no code is named; the whole school without one. */
  readonly childrenOf: string | undefined;
}

/** rpc FindPupils: in the order of their ids; who is not found is left out. */
export async function findPupils(tx: RegistryTx, { codes, childrenOf }: Sought): Promise<Pupil[]> {
  const found = childrenOf === undefined ? await named(tx, codes) : await children(tx, childrenOf, codes);
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function named(tx: RegistryTx, codes: readonly string[]): Promise<Pupil[]> {
  const byId = await tx.pupils.findByIds(codes.filter(isUuid));
  const byCode = await tx.pupils.findByCodes(codes.filter((code) => !isUuid(code)));
  return [...new Map([...byId, ...byCode].map((pupil) => [pupil.id, pupil])).values()];
}

async function children(tx: RegistryTx, guardianId: string, codes: readonly string[]): Promise<Pupil[]> {
  const guardian = await tx.guardians.find(guardianId);
  if (!guardian) return [];
  const own = await tx.pupils.findByIds(childrenOn(guardian, schoolDateOf(tx.now)));
  return own.filter(({ id, code }) => codes.length === 0 || codes.includes(id) || (code !== undefined && codes.includes(code)));
}
