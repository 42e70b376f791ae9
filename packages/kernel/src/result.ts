/** What a use case answers: a value, or a refusal that carries its facts. Exceptions are bugs or broken infrastructure. */
export type Result<T, R> = Ok<T> | Err<R>;
export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<R> = { readonly ok: false; readonly refusal: R };

/** A refusal is named by its code; further fields are facts a caller may be told. */
export type Refusal = { readonly code: string };

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

export function err<const R extends Refusal>(refusal: R): Err<R> {
  return { ok: false, refusal };
}
