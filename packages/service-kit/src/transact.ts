import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import { v7 as uuidv7 } from 'uuid';
import { databaseOf } from './documents.ts';
import { metrics } from './metrics.ts';
import { hasLabel, isDuplicateKey, isInfrastructure } from './mongo-errors.ts';
import { pausePoint } from './pause-point.ts';
import type { everySchool, Session } from './session.ts';
import { span } from './tracing.ts';
import { openUnit, type Unit } from './unit.ts';

/** Runs a use case in one transaction for one school. A refusal (`ok: false`) rolls back and is returned. */
export type Transact<T> = <R>(scope: { schoolId: string; deadline?: Date }, useCase: (tx: T) => Promise<R>) => Promise<R>;

/** Runs a query without a transaction; writes throw. `everySchool` is for clocks that look for schools with due work. */
export type Read<T> = <R>(scope: { schoolId: string | typeof everySchool }, query: (tx: T) => Promise<R>) => Promise<R>;

interface Options<T> {
  readonly connection: Connection;
  readonly makeTx: (session: Session) => T;
  readonly clock?: () => Date;
  /** Called after a commit that announced something. */
  readonly onCommit?: () => void;
}

const defaultPatienceMs = 10_000;
// The caller must still hear the answer: stop a little before its deadline does.
const answerMs = 200;
// A duplicate key means that somebody else was first: the second run finds the first answer. More than a few are a bug.
const mostDuplicates = 3;
const transactionOptions: mongo.TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
};

export function createTransact<T>({ connection, makeTx, clock = () => new Date(), onCommit }: Options<T>): {
  transact: Transact<T>;
  read: Read<T>;
} {
  const client = connection.getClient();
  const db = databaseOf(connection);
  const attributes = { 'db.system.name': 'mongodb', 'db.namespace': db.databaseName };

  const transact: Transact<T> = (scope, useCase) =>
    span('mongodb transaction', { kind: 'client', attributes }, async () => {
      const until = scope.deadline ? scope.deadline.getTime() - answerMs : Date.now() + defaultPatienceMs;
      for (let run = 1, duplicates = 0; ; run++) {
        const session = client.startSession({ defaultTimeoutMS: Math.max(1, until - Date.now()) });
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
          else await commit(session, unit, until);
          if (unit.emitted()) onCommit?.();
          return result;
        } catch (error) {
          if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
          if (isDuplicateKey(error)) duplicates++;
          else if (!isInfrastructure(error)) throw error;
          if (duplicates > mostDuplicates || Date.now() >= until) throw error;
          metrics.transactionRetries.inc();
          await sleep(backOffMs(run));
        } finally {
          await session.endSession();
        }
      }
    });

  const read: Read<T> = (scope, query) =>
    query(makeTx(openUnit({ db, schoolId: scope.schoolId, now: clock(), newId: () => uuidv7() }).session));

  return { transact, read };
}

async function commit(session: mongo.ClientSession, unit: Unit, until: number): Promise<void> {
  await unit.flush();
  await pausePoint('transact:before-commit');
  for (let run = 1; ; run++) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      // The commit may have happened: the same commit again answers which. The work itself must not run again.
      if (!hasLabel(error, 'UnknownTransactionCommitResult') || Date.now() >= until) throw error;
      metrics.transactionRetries.inc();
      await sleep(backOffMs(run));
    }
  }
}

function isRefusal(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'ok' in result && result.ok === false;
}

function backOffMs(run: number): number {
  return Math.random() * Math.min(500, 4 * 2 ** run);
}
