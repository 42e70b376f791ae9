import type { Finding } from './finding.ts';
import { type Identified, identify, type KnownPupils } from './identity.ts';
import { type ImportDiff, noDiff } from './import.ts';
import { type RosterChange, type TakeOver, takeOverRow } from './pupil.ts';
import type { RosterRow } from './roster.ts';

/** What one row comes to. */
export interface RowOutcome {
  readonly row: number;
  readonly count: keyof ImportDiff | 'held';
  /** The known pupil whom the row means; absent for a new one, and where it is not clear who is meant. */
  readonly studentId?: string | undefined;
}

/** What some rows of a roster come to, against what is known now. Taken over a second time, all of them are unchanged. */
export interface RowsTakenOver {
  readonly changes: readonly Exclude<RosterChange, { count: 'unchanged' }>[];
  /** Person numbers to be kept, new or corrected, with the student id of each. */
  readonly personNumbers: readonly { readonly studentId: string; readonly personNumber: string }[];
  readonly outcomes: readonly RowOutcome[];
}

export function takeOverRows(rows: readonly RosterRow[], known: KnownPupils, how: TakeOver): RowsTakenOver {
  const changes: Exclude<RosterChange, { count: 'unchanged' }>[] = [];
  const personNumbers: { studentId: string; personNumber: string }[] = [];
  const outcomes: RowOutcome[] = [];
  for (const { row, pupil, personNumber, isClear } of identifyAll(rows, known)) {
    if (!isClear) {
      outcomes.push({ row: row.row, count: 'held', studentId: pupil?.id });
      continue;
    }
    const change = takeOverRow(row, pupil, how);
    if (change.count !== 'unchanged') changes.push(change);
    const count = change.count === 'unchanged' && personNumber !== undefined ? 'changed' : change.count;
    outcomes.push({ row: row.row, count, studentId: pupil?.id });
    const studentId = change.count === 'unchanged' ? pupil?.id : change.pupil.id;
    if (personNumber !== undefined && studentId !== undefined) personNumbers.push({ studentId, personNumber });
  }
  return { changes, personNumbers, outcomes };
}

type Meant = Identified & { readonly row: RosterRow; readonly isClear: boolean };

function identifyAll(rows: readonly RosterRow[], known: KnownPupils): Meant[] {
  const meant = rows.map((row): Meant => {
    const identified = identify(row, known);
    return identified.ok ? { row, isClear: true, ...identified.value } : { row, isClear: false };
  });
  const shared = sharedIds(meant.map(({ pupil }) => pupil?.id));
  return meant.map((one) => (one.pupil && shared.has(one.pupil.id) ? { ...one, isClear: false } : one));
}

export interface SummedUp {
  readonly diff: ImportDiff;
  /** Rows that cannot be taken over because of what is stored. */
  readonly held: readonly Finding[];
}

/** Two rows may mean one pupil, one by the code and one by the person number: then both are held, however far apart they stand. */
export function sumUp(outcomes: readonly RowOutcome[]): SummedUp {
  const shared = sharedIds(outcomes.map(({ studentId }) => studentId));
  const diff = { ...noDiff };
  const held: Finding[] = [];
  for (const { row, count, studentId } of outcomes) {
    if (count === 'held' || (studentId !== undefined && shared.has(studentId))) held.push({ row, code: 'IDENTITY_CONFLICT' });
    else diff[count]++;
  }
  return { diff, held };
}

function sharedIds(ids: readonly (string | undefined)[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const id of ids) {
    if (id === undefined) continue;
    if (seen.has(id)) shared.add(id);
    seen.add(id);
  }
  return shared;
}
