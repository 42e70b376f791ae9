import { err, ok, type Result } from '@schoolbell/kernel';
import { type Import, type StartRefused, startImport as start } from '../domain/import.ts';
import type { RegistryTx } from '../tx.ts';

export type StartImportRefused =
  | StartRefused
  | { readonly code: 'IMPORT_NOT_FOUND' }
  | { readonly code: 'OTHER_IMPORT_RUNNING'; readonly importId: string };

/** rpc ApplyImport: from now on the clock takes the import over, chunk by chunk. */
export async function startImport(
  tx: RegistryTx,
  { importId, by }: { importId: string; by: string },
): Promise<Result<Import, StartImportRefused>> {
  const found = await tx.imports.find(importId);
  if (!found) return err({ code: 'IMPORT_NOT_FOUND' });
  if (found.status !== 'PLANNED') return ok(found);
  const running = await tx.imports.findApplying();
  if (running) return err({ code: 'OTHER_IMPORT_RUNNING', importId: running.id });
  const started = start(found, by, tx.now);
  if (!started.ok) return started;
  tx.imports.save(started.value, found);
  tx.importRows.keep(importId);
  return started;
}
