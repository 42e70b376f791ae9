import { status } from '@grpc/grpc-js';
import { v7 as uuidv7 } from 'uuid';
import { isBreakerError } from './breaker.ts';
import { kitRefusal } from './kit-refusals.ts';
import type { Logger } from './logger.ts';
import { isInfrastructure } from './mongo-errors.ts';
import { isStatus } from './rpc-errors.ts';
import type { WireRefusal } from './wire-refusal.ts';

/** What a caller hears of an exception: that the engines are down, or a code that support finds in the log. Nothing else. */
export function failureOf(error: unknown, where: string, log: Logger): WireRefusal {
  if (isInfrastructure(error) || isBreakerError(error) || isRemoteDown(error)) {
    log.warn({ err: error, where }, 'an engine or a neighbour does not answer');
    return kitRefusal({ code: 'TEMPORARILY_UNAVAILABLE' });
  }
  const errorId = uuidv7();
  log.error({ err: error, where, errorId }, 'unexpected error');
  return kitRefusal({ code: 'INTERNAL', errorId });
}

function isRemoteDown(error: unknown): boolean {
  return isStatus(error) && (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED);
}
