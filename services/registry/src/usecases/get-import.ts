import { err, ok, type Result } from '@schoolbell/kernel';
import type { Import } from '../domain/import.ts';
import type { RegistryTx } from '../tx.ts';

/** rpc GetImport. */
export async function getImport(tx: RegistryTx, importId: string): Promise<Result<Import, { readonly code: 'IMPORT_NOT_FOUND' }>> {
  const found = await tx.imports.find(importId);
  return found ? ok(found) : err({ code: 'IMPORT_NOT_FOUND' });
}
