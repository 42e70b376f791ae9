import type { mongo } from 'mongoose';
import { type StartedRow, startedName } from './kit-collections.ts';

export type Start = Omit<StartedRow, '_id'>;

const mostChunkStarts = 3;
const mostSingleStarts = 5;

/**
 * Recorded before the processing of a place in a partition begins: `offset` is that of the first message, `lastOffset` that of the last
 * one of its chunk. A chunk that was started too often is processed message by message up to its end, because any of them may be the
 * message that ends the process; each then has records of its own.
 */
export function nextStart(before: Start | undefined, offset: string, lastOffset: string): Start {
  const attempts = before?.offset === offset ? before.attempts + 1 : 1;
  const { singlyUntil } = before ?? {};
  if (singlyUntil !== undefined && BigInt(offset) <= BigInt(singlyUntil)) return { offset, attempts, singlyUntil };
  if (attempts > mostChunkStarts) return { offset, attempts: 1, singlyUntil: lastOffset };
  return { offset, attempts };
}

/** True for a single message that was started so often that it must be the one that ends the process. */
export function startedTooOften({ attempts, singlyUntil }: Start): boolean {
  return singlyUntil !== undefined && attempts > mostSingleStarts;
}

/** Messages of a partition that follow each other, by the offsets of the first and the last. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly first: string;
  readonly last: string;
}

/** A place that was started too often, and how often its first message was. */
export interface Suspect<P extends Place> {
  readonly place: P;
  readonly start: Start;
}

export interface Starts {
  /**
   * Records the start of these places in one round trip. Where one of them was started too often, only its start is recorded and it is
   * returned: its first message is then processed alone, so that it takes no other down with it. Once a member has worked on a
   * partition, further places are not recorded: if the process ends there, its successor begins with that place.
   */
  note<P extends Place>(places: readonly P[]): Promise<{ readonly suspect?: Suspect<P> }>;
  /** This member joined the group under this id: records that another member may have made since are read again. */
  joined(memberId: string): void;
}

/**
 * The start records of one consumer group. Only the member that owns a partition writes its records, so it need not read back its own;
 * and what it started itself did not end it, however often an engine that was away made it start again. A member that joins under
 * another id than before was expelled: what it was processing may have held it up for longer than a session, so that start counts.
 */
export function openStarts(db: mongo.Db, group: string): Starts {
  const rows = db.collection<StartedRow>(startedName);
  const known = new Map<string, Start | undefined>();
  const own = new Map<string, Start>();
  const noteless = new Set<string>();
  let joinedAs = '';
  const idOf = ({ topic, partition }: Place): string => `${group}:${topic}:${partition}`;

  const learn = async (ids: readonly string[]): Promise<void> => {
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length === 0) return;
    const found = new Map((await rows.find({ _id: { $in: unknown } }).toArray()).map(({ _id, ...start }) => [_id, start]));
    for (const id of unknown) known.set(id, found.get(id));
  };
  return {
    async note(places) {
      await learn(places.map(idOf));
      const begun = places.map((place) => {
        const id = idOf(place);
        const before = known.get(id);
        const survived =
          before?.offset === place.first && before.attempts === own.get(id)?.attempts && before.offset === own.get(id)?.offset;
        return { id, place, start: survived ? before : nextStart(before, place.first, place.last) };
      });
      const suspect = begun.find(({ start }) => start.singlyUntil !== undefined);
      const noted = suspect ? [suspect] : begun.filter(({ id }) => !noteless.has(id));
      if (noted.length === 0) return {};
      const writes = noted.map(({ id, start }) => ({ replaceOne: { filter: { _id: id }, replacement: start, upsert: true } }));
      await rows.bulkWrite(writes, { ordered: false, writeConcern: { w: 1 } });
      for (const { id, start } of noted) {
        known.set(id, start);
        own.set(id, start);
        if (!suspect) noteless.add(id);
      }
      return suspect ? { suspect } : {};
    },
    joined: (memberId) => {
      known.clear();
      noteless.clear();
      if (memberId !== joinedAs) own.clear();
      joinedAs = memberId;
    },
  };
}
