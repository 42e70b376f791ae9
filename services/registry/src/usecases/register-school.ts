import { ok, type Result } from '@schoolbell/kernel';
import type { School } from '../domain/school.ts';
import { schoolRegistered } from '../events.ts';
import type { RegistryTx } from '../tx.ts';

/** rpc RegisterSchool: makes the school of this transaction known, or renames it. */
export async function registerSchool(tx: RegistryTx, { code, name }: Omit<School, 'id'>): Promise<Result<School, never>> {
  const known = await tx.schools.find();
  if (known && known.code === code && known.name === name) return ok(known);
  const school = { id: tx.schoolId, code, name };
  if (known) tx.schools.save(school);
  else tx.schools.insert(school);
  tx.emit(schoolRegistered(school));
  return ok(school);
}
