import type { Stored } from '../documents.ts';
import type { Filter, FindOptions, TxCollection } from '../session.ts';

interface Looking<D> extends Required<Pick<FindOptions, 'sort' | 'limit'>> {
  /** What an index that begins with the school answers by itself: which schools have anything is then read from the index alone. */
  readonly due: Filter<D>;
  /** What else they must be. */
  readonly which?: Filter<D>;
  readonly fields?: readonly (keyof D & string)[];
}

/**
 * Up to `limit` due documents of each school, as they are stored; for a read across schools. No school waits behind the thousands of
 * another, and a document that cannot be read is found as well, so that it can be put off.
 */
export async function ofEachSchool<D extends Stored>(
  documents: TxCollection<D>,
  { due, which, sort, limit, fields = [] }: Looking<D>,
): Promise<D[]> {
  const schools = await documents.aggregate<{ _id: string }>([
    { $match: { schoolId: { $gt: '' }, ...due } },
    { $group: { _id: '$schoolId' } },
  ]);
  const projection = Object.fromEntries(['schoolId', ...fields].map((field) => [field, 1 as const]));
  const found: D[] = [];
  for (const { _id: schoolId } of schools) {
    found.push(...(await documents.find({ ...due, ...which, schoolId }, { sort, limit, projection })));
  }
  return found;
}
