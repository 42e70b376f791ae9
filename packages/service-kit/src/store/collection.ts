import mongoose, { type IndexOptions } from 'mongoose';
import { type CollectionDef, defineCollection, type Stored } from '../documents.ts';
import type { New } from '../session.ts';
import { compile } from './codec.ts';
import { type Shape, type StoredAs, schemaOf, type Value } from './shape.ts';

/** A collection with the way between the objects `V` of the domain and its documents `D`; `B` is what is stored beside the object. */
export interface Collection<V, D extends Stored, B> extends CollectionDef<D> {
  read(document: D): V;
  write(value: V, beside: B): New<D>;
}

export type DocumentOf<C> = C extends CollectionDef<infer D> ? D : never;

type Index = readonly [keys: Readonly<Record<string, 1 | -1>>, options?: IndexOptions];

/** `where` leaves documents out: a query takes the index only if it says the same. */
export function index(keys: Index[0], where?: object): Index {
  return [keys, where ? { partialFilterExpression: where } : {}];
}

export function unique(keys: Index[0], where?: object): Index {
  return [keys, { unique: true, ...(where && { partialFilterExpression: where }) }];
}

/** What is stored beside the object: the fields `A`, and an id unless it is the object's. */
type Beside<F extends Shape, A extends Shape> = StoredAs<A> & (StoredAs<F> extends { _id: string } ? unknown : { _id: string });

interface More<A extends Shape> {
  readonly indexes?: readonly Index[];
  /** Fields to look for, or to keep, that the domain does not read. */
  readonly beside?: A;
  /** For the database to check, beside what the kit checks. */
  readonly jsonSchema?: object;
}

/** Declares a collection by the fields of an object of the domain. */
export function collection<F extends Shape, A extends Shape = Record<never, never>>(
  name: string,
  shape: F,
  { indexes = [], beside, ...options }: More<A> = {},
) {
  type Document = Stored & StoredAs<F> & StoredAs<A>;
  const schema = new mongoose.Schema({ ...schemaOf(shape), ...schemaOf(beside ?? {}) });
  for (const [keys, options] of indexes) schema.index(keys, options);
  const { read, write } = compile(shape, name);
  const whole: Collection<Value<F>, Document, Beside<F, A>> = {
    ...defineCollection<Document>(name, schema, options),
    read(document) {
      try {
        return read(document);
      } catch (cause) {
        throw new Error(`${(cause as Error).message} in document ${document._id}`, { cause });
      }
    },
    write: (value, more) => Object.assign(write(value), more) as New<Document>,
  };
  return whole;
}
