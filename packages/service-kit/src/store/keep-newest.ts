import type { CollectionDef, Stored } from '../documents.ts';
import type { TxCollection } from '../session.ts';

/** A document that follows an aggregate of another service; `version` is that of the event it was taken from. */
export interface Followed extends Stored {
  version: number;
}

/**
 * Writes the document unless the one that is there is as new or newer, in one write that reads nothing: events may come twice and in any
 * order, and a batch of them goes out as one bulk write. What is `gathered` is kept of both, whichever is the newer.
 */
export function keepNewest<D extends Followed>(
  def: CollectionDef<D>,
  collection: TxCollection<D>,
  document: D,
  gathered: readonly (keyof D & string)[] = [],
): void {
  def.check(document);
  // $literal: a name that begins with "$" is a name, not a path.
  const fresh = { $literal: document };
  const newest = { $cond: [{ $gte: ['$version', document.version] }, '$$ROOT', fresh] };
  const both = gathered.map((field) => [field, { $setUnion: [{ $ifNull: [`$${field}`, []] }, { $literal: document[field] }] }]);
  const replacement = { $mergeObjects: [newest, Object.fromEntries(both)] };
  collection.update({ _id: document._id } as Parameters<TxCollection<D>['update']>[0], [{ $replaceWith: replacement }], { upsert: true });
}
