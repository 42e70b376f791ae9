import type { RegistryTx, RunningImport } from '../tx.ts';

/** timer: imports of all schools that are being taken over and are not put off, in the order of their ids. */
export function listRunningImports(tx: RegistryTx, part: { after?: string; limit: number }): Promise<RunningImport[]> {
  return tx.imports.listDue({ ...part, now: tx.now });
}
