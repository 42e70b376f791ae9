import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import { v7 as uuidv7 } from 'uuid';
import { databaseOf } from './documents.ts';
import { metrics } from './metrics.ts';
import { hasLabel, isDuplicateKey, isInfrastructure } from './mongo-errors.ts';
import { pausePoint } from './pause-point.ts';
import type { everySchool, Session } from './session.ts';
import { span } from './tracing.ts';
import { ConcurrentWrite, openUnit, type Unit } from './unit.ts';

/** Runs a use case in one transaction for one school. A refusal (`ok: false`) rolls back and is returned. */
export type Transact<T> = <R>(scope: { schoolId: string; deadline?: Date }, useCase: (tx: T) => Promise<R>) => Promise<R>;

/** Runs a query without a transaction; writes throw. `everySchool` is for clocks that look for schools with due work. */
export type Read<T> = <R>(scope: { schoolId: string | typeof everySchool; deadline?: Date }, query: (tx: T) => Promise<R>) => Promise<R>;

interface Options<T> {
  readonly connection: Connection;
  readonly makeTx: (session: Session) => T;
  readonly clock?: () => Date;
  /** Called after a commit that announced something. */
  readonly onCommit?: () => void;
  /** How long whoever gives no deadline waits; 10 s when not given. */
  readonly patienceMs?: number;
}

// The caller must still hear the answer: stop a little before its deadline does.
const answerMs = 200;
// Work that makes progress notices by itself that its time is over; this ends work that hangs.
const hangingMs = 100;
// A duplicate key means that somebody else was first: the second run finds the first answer. More than a few are a bug.
const mostDuplicates = 3;
const transactionOptions: mongo.TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
};

export function createTransact<T>({ connection, makeTx, clock = () => new Date(), onCommit, patienceMs = 10_000 }: Options<T>): {
  transact: Transact<T>;
  read: Read<T>;
} {
  const client = connection.getClient();
  const db = databaseOf(connection);
  const attributes = { 'db.system.name': 'mongodb', 'db.namespace': db.databaseName };

  const transact: Transact<T> = (scope, useCase) => {
    const patience = openPatience(scope, patienceMs);
    const work = async () => {
      for (let run = 1, duplicates = 0; ; run++) {
        const session = client.startSession();
        try {
          session.startTransaction(transactionOptions);
          const unit = openUnit({ db, session, schoolId: scope.schoolId, now: clock(), newId: () => uuidv7() });
          const result = await useCase(makeTx(unit.session));
          if (isRefusal(result)) {
            await session.abortTransaction();
            return result;
          }
          const alone = unit.alone();
          // Nothing was sent in the transaction yet, so leaving it costs no round trip.
          if (alone) await session.abortTransaction().then(alone);
          else await commit(session, unit, patience);
          if (unit.emitted()) onCommit?.();
          return result;
        } catch (error) {
          if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
          if (error instanceof OutcomeUnknown) throw error;
          if (isDuplicateKey(error)) duplicates++;
          else if (!isInfrastructure(error) && !(error instanceof ConcurrentWrite)) throw error;
          if (duplicates > mostDuplicates || patience.over()) throw error;
          metrics.transactionRetries.inc();
          await sleep(backOffMs(run));
        } finally {
          await session.endSession();
        }
      }
    };
    return span('mongodb transaction', { kind: 'client', attributes }, () => patience.within(work));
  };

  const read: Read<T> = (scope, query) => {
    const unit = openUnit({ db, schoolId: scope.schoolId, now: clock(), newId: () => uuidv7() });
    return openPatience(scope, patienceMs).within(() => query(makeTx(unit.session)));
  };

  return { transact, read };
}

/** How long a caller waits. The driver's own time-outs do not bound a transaction, and a frozen server answers nothing at all. */
interface Patience {
  over(): boolean;
  /** Rejects when the time is over: what is not begun by then never is, and what is at work neither begins again nor commits. */
  within<R>(work: () => Promise<R>): Promise<R>;
}

// A monotonic clock: one that is set back must not make a caller wait an hour longer.
function openPatience({ deadline }: { readonly deadline?: Date }, patienceMs: number): Patience {
  const until = performance.now() + (deadline ? deadline.getTime() - answerMs - Date.now() : patienceMs);
  const over = (): boolean => performance.now() >= until;
  return {
    over,
    within: async (begin) => {
      if (over()) throw new OutcomeUnknown('The time was over before the work began');
      const work = begin();
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => late.reject(new OutcomeUnknown('MongoDB did not answer in time')),
        Math.max(0, until - performance.now()) + hangingMs,
      );
      try {
        return await Promise.race([work, late.promise]);
      } finally {
        clearTimeout(timer);
        work.catch(() => undefined);
      }
    },
  };
}

/**
 * Commits, and asks again with the same commit while it is not known whether it happened. Only when the server says that the
 * transaction is gone may the work run again: it would otherwise be done twice.
 */
async function commit(session: mongo.ClientSession, unit: Unit, patience: Patience): Promise<void> {
  await unit.flush();
  await pausePoint('transact:before-commit');
  // The caller has gone and may ask again: what it was not told of must not happen behind its back.
  if (patience.over()) throw new OutcomeUnknown('The time was over before the commit');
  for (let run = 1; ; run++) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (hasLabel(error, 'TransientTransactionError') && !hasLabel(error, 'UnknownTransactionCommitResult')) throw error;
      if (!isInfrastructure(error)) throw error;
      if (patience.over()) throw new OutcomeUnknown('It is not known whether the transaction was committed', { cause: error });
      metrics.transactionRetries.inc();
      await sleep(backOffMs(run));
    }
  }
}

/** For the caller a fault of the engines, but never a reason to run the work again here. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknownError';
}

function isRefusal(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'ok' in result && result.ok === false;
}

function backOffMs(run: number): number {
  return Math.random() * Math.min(500, 4 * 2 ** run);
}
