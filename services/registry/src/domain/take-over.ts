import type { Finding } from './finding.ts';
import { type Identified, identify, type KnownPupils } from './identity.ts';
import { type ImportDiff, noDiff } from './import.ts';
import { type RosterChange, type TakeOver, takeOverRow } from './pupil.ts';
import type { RosterRow } from './roster.ts';

/** What some rows of a roster come to, against what is known now. Taken over a second time, all of them are unchanged. */
export interface RowsTakenOver {
  readonly changes: readonly Exclude<RosterChange, { count: 'unchanged' }>[];
  /** Person numbers to be kept, new or corrected, with the student id of each. */
  readonly personNumbers: readonly { readonly studentId: string; readonly personNumber: string }[];
  readonly diff: ImportDiff;
  /** Rows that cannot be taken over because of what is stored. */
  readonly held: readonly Finding[];
}

export function takeOverRows(rows: readonly RosterRow[], known: KnownPupils, how: TakeOver): RowsTakenOver {
  const changes: Exclude<RosterChange, { count: 'unchanged' }>[] = [];
  const personNumbers: { studentId: string; personNumber: string }[] = [];
  const diff = { ...noDiff };
  const { meant, held } = identifyAll(rows, known);
  for (const { row, pupil, personNumber } of meant) {
    const change = takeOverRow(row, pupil, how);
    if (change.count !== 'unchanged') changes.push(change);
    diff[change.count === 'unchanged' && personNumber !== undefined ? 'changed' : change.count]++;
    const studentId = change.count === 'unchanged' ? pupil?.id : change.pupil.id;
    if (personNumber !== undefined && studentId !== undefined) personNumbers.push({ studentId, personNumber });
  }
  return { changes, personNumbers, diff, held };
}

type Meant = Identified & { readonly row: RosterRow };

/** Two rows may also mean one pupil, one by the code and one by the person number: then both are held. */
function identifyAll(rows: readonly RosterRow[], known: KnownPupils): { meant: Meant[]; held: Finding[] } {
  const meant: Meant[] = [];
  const held: Finding[] = [];
  const times = new Map<string, number>();
  for (const row of rows) {
    const identified = identify(row, known);
    if (!identified.ok) {
      held.push({ row: row.row, code: identified.refusal.code });
      continue;
    }
    meant.push({ row, ...identified.value });
    const id = identified.value.pupil?.id;
    if (id !== undefined) times.set(id, (times.get(id) ?? 0) + 1);
  }
  const single = meant.filter(({ pupil }) => !pupil || times.get(pupil.id) === 1);
  const shared = meant.filter(({ pupil }) => pupil && times.get(pupil.id) !== 1);
  return { meant: single, held: [...held, ...shared.map(({ row }): Finding => ({ row: row.row, code: 'IDENTITY_CONFLICT' }))] };
}
