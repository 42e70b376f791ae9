import { afterFailedTry, type FailedImport, type ImportFailure } from '../domain/import.ts';
import type { RegistryTx } from '../tx.ts';

/**
 * timer: a try of a chunk failed. The import waits, so that it holds up no other, or it ends: then its rows are deleted, because
 * they hold person numbers, and the school can import again. Returns the import where it has ended here.
 */
export async function putOffImport(
  tx: RegistryTx,
  { importId, chunk, failure }: { importId: string; chunk: number; failure: ImportFailure },
): Promise<FailedImport | undefined> {
  const applying = await tx.imports.find(importId);
  // Another clock has gone on from there, or has failed at the same time: one failure is counted once.
  if (applying?.status !== 'APPLYING' || applying.nextChunk !== chunk) return undefined;
  if (applying.retryAt !== undefined && applying.retryAt > tx.now) return undefined;
  const after = afterFailedTry(applying, failure, tx.now);
  tx.imports.save(after, applying);
  if (after.status !== 'FAILED') return undefined;
  tx.importRows.deleteAll(importId);
  return after;
}
