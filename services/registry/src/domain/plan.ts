import { type Finding, inOrder, isError } from './finding.ts';
import { type ChunkContent, chunkRows, cut, type ImportDiff } from './import.ts';
import type { RosterFile, RosterRow } from './roster.ts';
import { classKey } from './school-class.ts';
import type { StatedGuardian, StatedPupil } from './stated-guardian.ts';

/** What a file would change, and the parts in which it can be taken over. */
export interface Plan {
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
  readonly left: number;
  readonly classes: number;
  readonly planned: ImportDiff;
  readonly findings: readonly Finding[];
  readonly chunks: readonly ChunkContent[];
}

interface Compared {
  readonly diff: ImportDiff;
  readonly held: readonly Finding[];
}

export function planRoster({ rows, findings, total }: RosterFile, { diff, held }: Compared): Plan {
  const heldRows = new Set(held.map(({ row }) => row));
  const taken = rows.filter(({ row }) => !heldRows.has(row));
  const left = taken.filter(({ leaves }) => leaves).length;
  return {
    rows: total,
    accepted: taken.length - left,
    refused: total - taken.length,
    left,
    classes: new Set(taken.map(({ className }) => classKey(className))).size,
    planned: diff,
    findings: inOrder([...findings, ...held]),
    chunks: cut<RosterRow>(taken, chunkRows).map((items) => ({ kind: 'PUPILS', items })),
  };
}

interface KnownContacts {
  readonly guardians: readonly StatedGuardian[];
  readonly pupils: readonly StatedPupil[];
  readonly findings: readonly Finding[];
  readonly total: number;
}

/** Guardians first, then what ends: whoever moves from one guardian's row to another's is never without one. */
export function planContacts({ guardians, pupils, findings, total }: KnownContacts, { diff, held }: Compared): Plan {
  const all = inOrder([...findings, ...held]);
  const refused = new Set(all.filter(isError).map(({ row }) => row)).size;
  return {
    rows: total,
    accepted: total - refused,
    refused,
    left: 0,
    classes: 0,
    planned: diff,
    findings: all,
    chunks: [
      ...cut(guardians, chunkRows).map((items): ChunkContent => ({ kind: 'GUARDIANS', items })),
      ...cut(pupils, chunkRows).map((items): ChunkContent => ({ kind: 'TIES', items })),
    ],
  };
}
