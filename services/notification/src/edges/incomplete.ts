import { err, type Result } from '@schoolbell/kernel';

/** An event that lacks what its contract promises is parked for a person, never guessed at. */
export type EventIncomplete = { readonly code: 'EVENT_INCOMPLETE'; readonly field: string };

export type Read<T> = Result<T, EventIncomplete>;

export function lacks(field: string): Read<never> {
  return err({ code: 'EVENT_INCOMPLETE', field });
}
