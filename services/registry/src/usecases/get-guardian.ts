import { err, ok, type Result } from '@schoolbell/kernel';
import type { Guardian } from '../domain/guardian.ts';
import { sourcesOf } from '../domain/import.ts';
import { type Provenance, spellOut } from '../domain/provenance.ts';
import type { RegistryTx } from '../tx.ts';

/** rpc GetGuardian. */
export async function getGuardian(
  tx: RegistryTx,
  guardianId: string,
): Promise<Result<{ readonly guardian: Guardian; readonly provenance: Provenance }, { readonly code: 'GUARDIAN_NOT_FOUND' }>> {
  const guardian = await tx.guardians.find(guardianId);
  if (!guardian) return err({ code: 'GUARDIAN_NOT_FOUND' });
  const imports = await tx.imports.findMany([...new Set(Object.values(guardian.provenance))]);
  return ok({ guardian, provenance: spellOut(guardian.provenance, sourcesOf(imports)) });
}
