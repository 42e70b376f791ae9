import { type Deps, due, type Tick } from '@schoolbell/service-kit';
import type { ImportFailure } from '../domain/import.ts';
import type { RegistryTx, RunningImport } from '../tx.ts';
import { applyImportChunk } from '../usecases/apply-import-chunk.ts';
import { putOffImport } from '../usecases/put-off-import.ts';

type ClockDeps = Pick<Deps<unknown, RegistryTx>, 'transact' | 'read' | 'log' | 'now'>;

/** What registry does by itself: every running import is taken over by one chunk at a time, so that a large school does not keep a small one waiting. */
export function clock(deps: ClockDeps): [Tick] {
  const putOff = async (tx: RegistryTx, { schoolId, importId, chunk }: RunningImport, failure: ImportFailure): Promise<void> => {
    if (await putOffImport(tx, { importId, chunk, failure }))
      deps.log.error({ schoolId, importId, chunk, failure }, 'An import ends because a chunk of it cannot be taken over');
  };
  const imports = due(deps, {
    name: 'apply-imports',
    everyMs: 500,
    find: (tx) => tx.imports.due(tx.now),
    async work([running]) {
      const { schoolId, importId } = running;
      const applied = await deps.transact({ schoolId }, (tx) => applyImportChunk(tx, { importId }));
      if (applied.ok) return applied.value.more;
      return deps.transact({ schoolId }, (tx) => putOff(tx, running, applied.refusal.code));
    },
    putOff: (tx, running, { error }) => putOff(tx, running, error instanceof RangeError ? 'TOO_LARGE' : 'UNEXPECTED'),
  });
  return [imports];
}
