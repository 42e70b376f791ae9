import { status } from '@grpc/grpc-js';
import { v7 as uuidv7 } from 'uuid';
import { isBreakerError } from './breaker.ts';
import { kitRefusal } from './kit-refusals.ts';
import type { Logger } from './logger.ts';
import { isDuplicateKey, isInfrastructure } from './mongo-errors.ts';
import { isStatus } from './rpc-errors.ts';
import type { WireRefusal } from './wire-refusal.ts';

/** What a caller hears of an exception: that the engines are down, that its id is taken, or a code that support finds in the log. */
export function failureOf(error: unknown, where: string, log: Logger): WireRefusal {
  if (isInfrastructure(error) || isBreakerError(error) || isRemoteDown(error)) {
    log.warn({ err: error, where }, 'an engine or a neighbour does not answer');
    return kitRefusal({ code: 'TEMPORARILY_UNAVAILABLE' });
  }
  if (isIdTaken(error)) {
    log.info({ where }, 'an id made by a caller is taken');
    return kitRefusal({ code: 'ID_TAKEN' });
  }
  const errorId = uuidv7();
  log.error({ err: error, where, errorId }, 'unexpected error');
  return kitRefusal({ code: 'INTERNAL', errorId });
}

// Callers make ids, which are unique across schools; within its own school a use case finds the first answer. Any other unique index
// begins with the school, and to run into it again and again is a bug of the use case, which no new id would help.
function isIdTaken(error: unknown): boolean {
  return isDuplicateKey(error) && /^E11000 [^{]* index: _id_ /.test((error as Error).message);
}

function isRemoteDown(error: unknown): boolean {
  return isStatus(error) && (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED);
}
