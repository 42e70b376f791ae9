/** Where the value of a field came from. */
export interface Source {
  readonly fileName: string;
  /** 64 lower-case hex digits. */
  readonly fileSha256: string;
  readonly at: Date;
  /** Subject of the token that applied it. */
  readonly by: string;
}

export type Provenance = readonly (Source & { readonly field: string })[];

/** Spells out which file each field came from. */
export function spellOut(fields: Readonly<Partial<Record<string, string>>>, sources: ReadonlyMap<string, Source>): Provenance {
  return Object.entries(fields).flatMap(([field, importId]) => {
    const source = importId === undefined ? undefined : sources.get(importId);
    return source ? [{ field, ...source }] : [];
  });
}
