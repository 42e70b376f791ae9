import { err, isUuid, ok, type Result } from '@schoolbell/kernel';
import { sourcesOf } from '../domain/import.ts';
import { type Provenance, spellOut } from '../domain/provenance.ts';
import type { Pupil } from '../domain/pupil.ts';
import type { RegistryTx } from '../tx.ts';

/** rpc GetPupil: by the opaque id, or by the code of the sector database. */
export async function getPupil(
  tx: RegistryTx,
  idOrCode: string,
): Promise<Result<{ readonly pupil: Pupil; readonly provenance: Provenance }, { readonly code: 'PUPIL_NOT_FOUND' }>> {
  const pupil = isUuid(idOrCode) ? await tx.pupils.find(idOrCode) : await tx.pupils.findByCode(idOrCode);
  if (!pupil) return err({ code: 'PUPIL_NOT_FOUND' });
  const imports = await tx.imports.findMany([...new Set(Object.values(pupil.provenance))]);
  return ok({ pupil, provenance: spellOut(pupil.provenance, sourcesOf(imports)) });
}
