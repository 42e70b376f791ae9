/**
 * Runs work of one key one after the other, in the order it came, within this process. Work of another key does not wait for it.
 * The work is told whether it waited: then something of its key was just done.
 */
export type InTurn = <R>(key: string, work: (waited: boolean) => Promise<R>) => Promise<R>;

/**
 * Many requests about one row would begin their transactions at once and make each other start again until nobody has time left.
 * Between processes the database still decides. The work must bound its own time, since the next one waits for its end.
 *
 * No library: async-lock runs the next work inside the context of the one before, whose trace and deadline it would then have.
 */
export function createTurns(last = new Map<string, Promise<unknown>>()): InTurn {
  return async (key, work) => {
    const before = last.get(key);
    const mine = before ? before.then(() => work(true)) : work(false);
    const ended = mine.catch(() => undefined);
    last.set(key, ended);
    try {
      return await mine;
    } finally {
      if (last.get(key) === ended) last.delete(key);
    }
  };
}
