/** What one transaction has read under the keys of a store: many events come in one transaction, and it asks for nothing twice. */
export interface OnceRead<V> {
  /** Everything under these keys, in their order. Keys that are not known yet are read in one round trip. */
  all(keys: readonly string[]): Promise<V[]>;
  /** To be called with every write under the key; without one, all of them are forgotten. */
  forget(key?: string): void;
}

/** `load` answers with the values under some keys, each with its key; a key may have none, or several. */
export function onceRead<V>(load: (keys: readonly string[]) => Promise<Iterable<readonly [key: string, value: V]>>): OnceRead<V> {
  const known = new Map<string, V[]>();
  return {
    async all(keys) {
      const wanted = [...new Set(keys)];
      const unknown = wanted.filter((key) => !known.has(key));
      if (unknown.length > 0) {
        const loaded = await load(unknown);
        for (const key of unknown) known.set(key, []);
        for (const [key, value] of loaded) known.get(key)?.push(value);
      }
      return wanted.flatMap((key) => known.get(key) ?? []);
    },
    forget: (key) => (key === undefined ? known.clear() : void known.delete(key)),
  };
}
