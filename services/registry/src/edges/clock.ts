import { type Deps, everySchool, type Tick } from '@schoolbell/service-kit';
import type { RegistryConfig } from '../config.ts';
import type { RegistryTx } from '../tx.ts';
import { applyImportChunk } from '../usecases/apply-import-chunk.ts';
import { listRunningImports } from '../usecases/list-running-imports.ts';

const schoolsAtOnce = 20;

/** Takes over every running import by one chunk, school after school, so that a large school does not keep a small one waiting. */
export function applyImports({ transact, read }: Pick<Deps<RegistryConfig, RegistryTx>, 'transact' | 'read'>): Tick {
  return {
    name: 'apply-imports',
    everyMs: 500,
    async run() {
      const running = await read({ schoolId: everySchool }, (tx) => listRunningImports(tx, schoolsAtOnce));
      const errors: unknown[] = [];
      let more = false;
      for (const { schoolId, importId } of running) {
        try {
          const applied = await transact({ schoolId }, (tx) => applyImportChunk(tx, { importId }));
          if (applied.ok && applied.value.more) more = true;
        } catch (error) {
          errors.push(error); // One school's trouble must not hold up the others.
        }
      }
      if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, `${errors.length} imports could not go on`);
      return more;
    },
  };
}
