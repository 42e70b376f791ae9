import type { SchemaDefinition } from 'mongoose';

/** The way between a value as the domain has it and as MongoDB stores it. */
export interface Codec<V = unknown, S = unknown> {
  read(stored: S): V;
  write(value: V): S;
}

/** `always`: a document without it is broken. `maybe`: undefined in the domain where it is absent. `optional`: absent there too. */
export type Presence = 'always' | 'maybe' | 'optional';

/** One field: `V` in the domain, `S` in the document, where it is called `N`, or as in the domain if that is ''. */
export interface Field<V = unknown, S = unknown, P extends Presence = Presence, N extends string = string> {
  /** As mongoose takes it. */
  readonly type: object;
  readonly presence: P;
  readonly name: N;
  /** Undefined where the value is stored as it is; `path` is for errors. */
  codec?(path: string): Codec<V, S> | undefined;
}

/** The field that says in which state an object is, with the fields that only this or that state has. */
export interface States<T extends Readonly<Record<string, Shape>> = Readonly<Record<string, Shape>>, B extends string = string> {
  readonly states: T;
  /** Where the state itself is not stored: the document is in the first one while it lacks this field, else in the second. */
  readonly by: B;
}

/** An object of the domain whose fields are stored among those around it. */
export interface Flat<F extends Shape = Shape> {
  readonly flat: F;
}

/** Fields by their names in the domain; at most one of them is of states. */
export interface Shape {
  readonly [name: string]: Field | States | Flat;
}

/** What the domain has. */
export type Value<F extends Shape> = {
  readonly [K in keyof F as F[K] extends Field<unknown, unknown, 'always' | 'maybe'> ? K : never]: InDomain<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends Field<unknown, unknown, 'optional'> ? K : never]?: InDomain<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends Flat ? K : never]: F[K] extends Flat<infer I> ? Value<I> : never;
} & ([StatesIn<F>] extends [never] ? unknown : InState<F, StatesIn<F>>);

type InDomain<F> = F extends Field<infer V> ? V : never;
type StatesIn<F extends Shape> = { [K in keyof F]: F[K] extends States ? K : never }[keyof F];
type InState<F extends Shape, K extends keyof F> =
  F[K] extends States<infer T> ? { [S in keyof T]: { readonly [N in K]: S } & Value<T[S]> }[keyof T] : never;

/** What is stored. */
export type StoredAs<F extends Shape> = {
  [K in keyof F as F[K] extends Field<unknown, unknown, 'always'> ? NameOf<F[K], K> : never]: InStore<F[K]>;
} & {
  [K in keyof F as F[K] extends Field<unknown, unknown, 'maybe' | 'optional'> ? NameOf<F[K], K> : never]?: InStore<F[K]>;
} & {
  [K in keyof F as F[K] extends States<StatesOf<F[K]>, ''> ? K : never]: keyof StatesOf<F[K]> & string;
} & All<{ [K in keyof F]: Inside<F[K]> }[keyof F]>;

type StatesOf<F> = F extends States<infer T> ? T : never;
type InStore<F> = F extends Field<unknown, infer S> ? S : never;
type NameOf<F, K> = F extends Field<unknown, unknown, Presence, infer N> ? (N extends '' ? K : N) : never;
/** Of what a state has anything may be absent. */
type Inside<F> =
  F extends Flat<infer I> ? StoredAs<I> : F extends States<infer T> ? Partial<All<{ [S in keyof T]: StoredAs<T[S]> }[keyof T]>> : never;
type All<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never;

/** What mongoose makes of it. */
export function schemaOf(shape: Shape, inState = false): SchemaDefinition {
  const parts = Object.entries(shape).flatMap(([name, member]): SchemaDefinition[] => {
    if ('flat' in member) return [schemaOf(member.flat, inState)];
    if (!('states' in member)) return [{ [member.name || name]: { ...member.type, required: !inState && member.presence === 'always' } }];
    const state = member.by === '' ? [{ [name]: { type: String, enum: Object.keys(member.states), required: !inState } }] : [];
    return [...state, ...Object.values(member.states).map((more) => schemaOf(more, true))];
  });
  return Object.assign({}, ...parts);
}
