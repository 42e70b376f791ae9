import type { SchoolDate } from '@schoolbell/kernel';
import type { Sex } from './person-number.ts';
import type { RosterRow } from './roster.ts';
import type { SchoolClass } from './school-class.ts';

export type Pupil = EnrolledPupil | LeftPupil;
export type EnrolledPupil = PupilBase & { readonly status: 'ENROLLED' };
export type LeftPupil = PupilBase & { readonly status: 'LEFT'; readonly leftOn: SchoolDate };

interface PupilBase {
  readonly id: string;
  /** Rises with every change. */
  readonly version: number;
  /** Issued by the sector database; absent while the pupil has only a temporary one. */
  readonly code?: string;
  readonly fullName: string;
  readonly birthDate: SchoolDate;
  readonly sex: Sex;
  readonly schoolClass: SchoolClass;
  /** State as the sector database says it: "Đang học". */
  readonly sectorStatus: string;
  /** Import that each field came from. */
  readonly provenance: Readonly<Partial<Record<PupilField, string>>>;
}

export const pupilFields = ['code', 'fullName', 'birthDate', 'sex', 'className', 'status', 'sectorStatus'] as const;
export type PupilField = (typeof pupilFields)[number];

/** What a row comes to, counted once: see ImportDiff in the contract. */
export type RosterChange =
  | { readonly count: 'unchanged' }
  | {
      readonly count: 'added' | 'changed' | 'ended' | 'merged';
      readonly pupil: Pupil;
      /** What others must hear; absent when nothing of what they may know differs. */
      readonly announce?: 'ENROLLED' | 'CHANGED' | 'LEFT';
    };

export interface TakeOver {
  readonly importId: string;
  /** The day on which the import is taken over; who leaves without a date leaves on it. */
  readonly today: SchoolDate;
  readonly newId: () => string;
  readonly classNamed: (name: string) => SchoolClass;
}

/** What becomes of the pupil when the row is taken over. `known` is the pupil whom the row means; absent for a new one. */
export function takeOverRow(row: RosterRow, known: Pupil | undefined, how: TakeOver): RosterChange {
  const pupil = statedPupil(row, known, how);
  // Nobody has heard of a pupil who had left before we came to know them, so nobody is told.
  if (!known) return row.leaves ? { count: 'ended', pupil } : { count: 'added', pupil, announce: 'ENROLLED' };
  const fields = pupilFields.filter((field) => stateOf(pupil, field) !== stateOf(known, field));
  if (fields.length === 0) return { count: 'unchanged' };
  const provenance = { ...known.provenance, ...Object.fromEntries(fields.map((field) => [field, how.importId])) };
  const changed = { ...pupil, provenance, version: known.version + 1 };
  const merged = known.code === undefined && pupil.code !== undefined;
  if (pupil.status !== known.status) {
    if (pupil.status === 'LEFT') return { count: 'ended', pupil: changed, announce: 'LEFT' };
    return { count: merged ? 'merged' : 'changed', pupil: changed, announce: 'ENROLLED' };
  }
  const told = pupil.status === 'ENROLLED' && fields.some((field) => announced.has(field));
  return { count: merged ? 'merged' : 'changed', pupil: changed, ...(told ? { announce: 'CHANGED' } : {}) };
}

// The fields of the event's Student.
const announced: ReadonlySet<PupilField> = new Set(['code', 'fullName', 'className']);

function statedPupil(row: RosterRow, known: Pupil | undefined, { importId, today, newId, classNamed }: TakeOver): Pupil {
  const code = row.code ?? known?.code; // A temporary id again does not take the code away.
  const schoolClass = classNamed(row.className);
  const base = {
    id: known?.id ?? newId(),
    version: known?.version ?? 1,
    ...(code === undefined ? {} : { code }),
    fullName: row.fullName,
    birthDate: row.birthDate,
    sex: row.sex,
    schoolClass,
    sectorStatus: row.sectorStatus,
    provenance: known?.provenance ?? provenanceOf(code, importId),
  };
  if (!row.leaves) return { ...base, status: 'ENROLLED' };
  if (known?.status === 'LEFT') return { ...base, status: 'LEFT', leftOn: known.leftOn };
  const leftOn = row.statusSince !== undefined && row.statusSince <= today ? row.statusSince : today;
  return { ...base, status: 'LEFT', leftOn };
}

function provenanceOf(code: string | undefined, importId: string): Pupil['provenance'] {
  const fields = pupilFields.filter((field) => field !== 'code' || code !== undefined);
  return Object.fromEntries(fields.map((field) => [field, importId]));
}

function stateOf(pupil: Pupil, field: PupilField): string | undefined {
  return field === 'className' ? pupil.schoolClass.id : pupil[field];
}
