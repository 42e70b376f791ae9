import { status } from '@grpc/grpc-js';
import type { Refusal } from '@schoolbell/kernel';
import { type RefusalRow, type WireRefusal, wireRefusal } from '../wire-refusal.ts';
import type { InputRefused } from './input.ts';

/** Refusals that every service words alike; a service's own row for one of them comes first. */
export type CommonRefused = InputRefused | IdReused | KeyDiffers;
/** The id is known with other content. */
export interface IdReused {
  readonly code: 'ID_REUSED';
  readonly id: string;
}
/** A caller that sends an idempotency key must send the id it made: two names for one wish could contradict each other. */
export interface KeyDiffers {
  readonly code: 'IDEMPOTENCY_KEY_DIFFERS';
  readonly field: string;
  readonly id: string;
}

const common: { readonly [C in CommonRefused['code']]: RefusalRow } = {
  INPUT_INVALID: {
    status: status.INVALID_ARGUMENT,
    vi: 'Trường {field} không hợp lệ: {problem}. Hãy sửa rồi gửi lại.',
    en: 'The field {field} is not valid: {problem}. Correct it and send it again.',
  },
  ID_REUSED: {
    status: status.ALREADY_EXISTS,
    vi: 'Mã {id} đã được dùng với nội dung khác. Hãy tạo mã mới, hoặc gửi lại đúng nội dung cũ.',
    en: 'The id {id} was used with other content. Make a new id, or send the same content again.',
  },
  IDEMPOTENCY_KEY_DIFFERS: {
    status: status.INVALID_ARGUMENT,
    vi: 'idempotency-key phải bằng {field} ({id}). Hãy gửi lại với cùng một mã, hoặc bỏ idempotency-key.',
    en: 'The idempotency-key must be the {field} ({id}). Send the same id as both, or leave the idempotency-key out.',
  },
};

type Own<R extends Refusal> = { readonly [C in Exclude<R['code'], CommonRefused['code']>]: RefusalRow };

/** How a service's refusals are told at its edge: its own table and the common rows. A forgotten code does not compile. */
export function refusals<R extends Refusal>(table: Own<R> & Partial<typeof common>): (refusal: R | CommonRefused) => WireRefusal {
  const rows = { ...common, ...table } as { readonly [C in (R | CommonRefused)['code']]: RefusalRow };
  return (refusal) => wireRefusal(rows, refusal);
}
