import { type Money, type SchoolDate, vnd } from '@schoolbell/kernel';
import mongoose from 'mongoose';
import { compile } from './codec.ts';
import { type Codec, type Field, type Flat, type Presence, type Shape, type States, type StoredAs, schemaOf, type Value } from './shape.ts';

type Plain<V, S = V> = Field<V, S, 'always', ''>;

const plain = <V, S = V>(type: object): Plain<V, S> => ({ type, presence: 'always', name: '' });

export const text = plain<string>({ type: String });
export const number = plain<number>({ type: Number });
export const flag = plain<boolean>({ type: Boolean });
/** Where it is not true it is absent. */
export const yes = plain<true>({ type: Boolean });
export const instant = plain<Date>({ type: Date });
/** A school day, "2026-11-30". */
export const day = plain<SchoolDate, string>({ type: String });
/** An amount, stored as a whole number of đồng. */
export const dong: Plain<Money, bigint> = {
  ...plain({ type: BigInt }),
  codec: () => ({ read: vnd, write: ({ minorUnits }) => minorUnits }),
};

export const oneOf = <T extends string>(...values: readonly T[]): Plain<T> => plain({ type: String, enum: values });

/** Text of which the domain knows more than the schema: `textOf<Month>()`. */
export const textOf = <T extends string>(): Plain<T> => plain({ type: String });

/** A field that the document has under another name. */
export function as<N extends string, V, S, P extends Presence>(name: N, field: Field<V, S, P>): Field<V, S, P, N> {
  return { ...field, name };
}

/** The id of the document. */
export const id = as('_id', text);

/** Undefined in the domain where it is absent, as `paidAt: Date | undefined` is. */
export function maybe<V, S, N extends string>(field: Field<V, S, 'always', N>): Field<V | undefined, S, 'maybe', N> {
  return { ...field, presence: 'maybe', codec: (path) => unlessAbsent(field.codec?.(path)) };
}

/** Absent in the domain too, as `paidAt?: Date` is. */
export function optional<V, S, N extends string>(field: Field<V, S, 'always', N>): Field<V, S, 'optional', N> {
  return { ...field, presence: 'optional', codec: (path) => unlessAbsent(field.codec?.(path)) };
}

function unlessAbsent<V, S>(codec: Codec<V, S> | undefined): Codec<V, S> | undefined {
  const absent = undefined as never;
  return (
    codec && {
      read: (stored) => (stored === undefined ? absent : codec.read(stored)),
      write: (value) => (value === undefined ? absent : codec.write(value)),
    }
  );
}

/** A field that came later: documents of before lack it, and count as `before`. */
export function since<V, S, N extends string>(field: Field<V, S, 'always', N>, before: V): Field<V, S, 'maybe', N> {
  const codec = (path: string): Codec<V, S> => {
    const { read, write } = codecOf(field, path);
    return { read: (stored) => (stored === undefined ? before : read(stored)), write };
  };
  return { ...field, presence: 'maybe', codec };
}

/** Absent while it is `usual`, such as '' or an empty list. */
export function or<V, S, N extends string>(field: Field<V, S, 'always', N>, usual: V): Field<V, S, 'maybe', N> {
  const later = since(field, usual);
  const codec = (path: string): Codec<V, S> => {
    const { read, write } = codecOf(later, path);
    const isUsual = (stored: unknown) => stored === write(usual) || (Array.isArray(stored) && stored.length === 0);
    return {
      read,
      write: (value) => {
        const stored = write(value);
        return isUsual(stored) ? (undefined as never) : stored;
      },
    };
  };
  return { ...later, codec };
}

function codecOf<V, S>(field: Field<V, S>, path: string): Codec<V, S> {
  return field.codec?.(path) ?? { read: (stored) => stored as never, write: (value) => value as never };
}

/** An object of its own within the document. */
export function part<F extends Shape>(shape: F): Plain<Value<F>, StoredAs<F>> {
  return { ...plain({ type: new mongoose.Schema(schemaOf(shape), { _id: false }) }), codec: (path) => compile(shape, path) };
}

export function list<V, S>(of: Field<V, S, 'always', ''>): Plain<readonly V[], S[]> {
  const codec = (path: string): Codec<readonly V[], S[]> | undefined => {
    const each = of.codec?.(`${path}[]`);
    return each && { read: (stored) => stored.map((one) => each.read(one)), write: (values) => values.map((one) => each.write(one)) };
  };
  return { ...plain({ type: [of.type], default: undefined }), codec };
}

/** An object of the domain whose fields are stored among those around it. */
export const flat = <F extends Shape>(shape: F): Flat<F> => ({ flat: shape });

type OfStates = Readonly<Record<string, Shape>>;

/** In which state the object is, and the fields that a state has beside those of all: `states({ OPEN: {}, PAID: { paidAt: instant } })`. */
export const states = <T extends OfStates>(of: T): States<T, ''> => ({ states: of, by: '' });

/** The same of two states, which are told by a field that only the second one has: `statesBy('paidAt', { OPEN: {}, PAID: { paidAt: instant } })`. */
export const statesBy = <T extends OfStates, B extends string>(by: B, of: T): States<T, B> => ({ states: of, by });
