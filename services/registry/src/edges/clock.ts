import { err, type Result } from '@schoolbell/kernel';
import { type Deps, everySchool, isInfrastructure, type Tick } from '@schoolbell/service-kit';
import type { RegistryConfig } from '../config.ts';
import type { ImportFailure } from '../domain/import.ts';
import type { RegistryTx, RunningImport } from '../tx.ts';
import { applyImportChunk } from '../usecases/apply-import-chunk.ts';
import { listRunningImports } from '../usecases/list-running-imports.ts';
import { putOffImport } from '../usecases/put-off-import.ts';

type ClockDeps = Pick<Deps<RegistryConfig, RegistryTx>, 'transact' | 'read' | 'log'>;

const schoolsAtOnce = 20;

/** Takes over every running import by one chunk, school after school, so that a large school does not keep a small one waiting. */
export function applyImports(deps: ClockDeps): Tick {
  return {
    name: 'apply-imports',
    everyMs: 500,
    async run(stopping) {
      const errors: unknown[] = [];
      let more = false;
      for (let after = ''; !stopping.aborted; ) {
        const running = await deps.read({ schoolId: everySchool }, (tx) => listRunningImports(tx, { after, limit: schoolsAtOnce }));
        for (const each of running) {
          try {
            more = (await goOn(deps, each)) || more;
          } catch (error) {
            errors.push(error); // The engine's trouble with one school must not hold up the others.
          }
        }
        const last = running.at(-1);
        if (!last || running.length < schoolsAtOnce) break;
        after = last.importId;
      }
      if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, `${errors.length} imports could not go on`);
      return more;
    },
  };
}

/** True when there is more to do at once. What cannot be taken over is put off and logged; only the engine's trouble is thrown. */
async function goOn(deps: ClockDeps, running: RunningImport): Promise<boolean> {
  const { schoolId, importId, chunk } = running;
  const tried = await deps
    .transact({ schoolId }, (tx) => applyImportChunk(tx, { importId }))
    .catch((error: unknown) => failureOf(deps, running, error));
  if (tried.ok) return tried.value.more;
  const failure = tried.refusal.code;
  const ended = await deps.transact({ schoolId }, (tx) => putOffImport(tx, { importId, chunk, failure }));
  if (ended) deps.log.error({ schoolId, importId, chunk, failure }, 'An import ended because a chunk of it cannot be taken over');
  return false;
}

function failureOf({ log }: ClockDeps, running: RunningImport, error: unknown): Result<never, { readonly code: ImportFailure }> {
  if (isInfrastructure(error)) throw error;
  log.warn({ err: error, ...running }, 'A chunk of an import could not be taken over; the others go on');
  return err({ code: error instanceof RangeError ? 'TOO_LARGE' : 'UNEXPECTED' });
}
