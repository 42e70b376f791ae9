import type { Stored } from '../documents.ts';
import type { Filter, FindOptions, Session, TxCollection } from '../session.ts';
import type { Collection } from './collection.ts';
import { keepNewest } from './keep-newest.ts';
import { type Page, type PageRequest, toPage } from './page.ts';

type If<B> = Record<never, never> extends B ? [beside?: B] : [beside: B];

/** A collection inside a transaction, by the objects of the domain; `documents` is for whatever else there is to do. */
export interface Rows<V, D extends Stored, B> {
  readonly documents: TxCollection<D>;
  one(filter: Filter<D>): Promise<V | undefined>;
  all(filter: Filter<D>, options?: FindOptions): Promise<V[]>;
  /** In the order of `by`, which the filter does not name; by id unless told otherwise. */
  page(filter: Filter<D>, page: PageRequest, by?: keyof D & string): Promise<Page<V>>;
  /** Schools that have such documents, of as many documents as `most`; for a read across schools. */
  schools(filter: Filter<D>, most?: number): Promise<string[]>;
  insert(value: V, ...beside: If<B>): void;
  /** As `replace` of the documents. */
  replace(value: V, expected?: Filter<D>, ...beside: If<B>): void;
  /** As `keepNewest`. */
  follow(value: V, beside: B & { readonly version: number }, gathered?: readonly (keyof D & string)[]): void;
}

export function rowsOf<V, D extends Stored, B>(session: Session, collection: Collection<V, D, B>): Rows<V, D, B> {
  const documents = session.collection(collection);
  const { read, write } = collection;
  return {
    documents,
    async one(filter) {
      const found = await documents.findOne(filter);
      return found && read(found);
    },
    async all(filter, options) {
      return (await documents.find(filter, options)).map(read);
    },
    async page(filter, { after, size }, by = '_id') {
      const found = await documents.find({ ...filter, [by]: { $gt: after } }, { sort: { [by]: 1 }, limit: size + 1 });
      const { rows, next } = toPage(found, size, (document) => String(document[by]));
      return { rows: rows.map(read), next };
    },
    async schools(filter, most) {
      const limit = most === undefined ? [] : [{ $limit: most }];
      const found = await documents.aggregate<{ _id: string }>([{ $match: filter }, ...limit, { $group: { _id: '$schoolId' } }]);
      return found.map(({ _id }) => _id);
    },
    insert: (value, ...[beside]) => documents.insert(write(value, beside as B)),
    replace: (value, expected, ...[beside]) => documents.replace(write(value, beside as B), expected),
    follow: (value, beside, gathered) => {
      const document = { ...write(value, beside), schoolId: session.schoolId };
      keepNewest(collection as never, documents as never, document as never, gathered as never);
    },
  };
}
