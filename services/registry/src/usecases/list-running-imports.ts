import type { RegistryTx } from '../tx.ts';

/** timer: imports of all schools that are being taken over. */
export function listRunningImports(tx: RegistryTx, limit: number): Promise<{ readonly schoolId: string; readonly importId: string }[]> {
  return tx.imports.listApplying(limit);
}
