import type { SchoolDate } from '@schoolbell/kernel';
import type { Language, Relation, StatedGuardian } from './stated-guardian.ts';

export interface Guardianship {
  readonly studentId: string;
  readonly relation: Relation;
  /** First day on which it holds. */
  readonly validFrom: SchoolDate;
  /** First day on which it holds no more; absent while it holds. */
  readonly validUntil?: SchoolDate;
}

export interface Guardian {
  readonly id: string;
  /** Rises with every change. */
  readonly version: number;
  /** What makes two rows of a list, or of two lists, the same person. */
  readonly key: string;
  readonly fullName: string;
  /** E.164. */
  readonly phone?: string;
  readonly email?: string;
  readonly language: Language;
  /** Asked for notices. No record is no consent. */
  readonly wantsNotices: boolean;
  readonly guardianships: readonly Guardianship[];
  /** Import that each field came from. */
  readonly provenance: Readonly<Partial<Record<GuardianField, string>>>;
}

/**
 * Guardianships of one guardian, past ones included: the head of a children's home has more than a hundred, and an office whose
 * number stands beside every pupil thousands. Every change announces all of them, so there must be an end.
 */
export const mostGuardianships = 200;

export const guardianFields = ['fullName', 'phone', 'email', 'language', 'wantsNotices', 'guardianships'] as const;
export type GuardianField = (typeof guardianFields)[number];

export function byKey(guardians: readonly Guardian[]): Map<string, Guardian> {
  return new Map(guardians.map((guardian) => [guardian.key, guardian]));
}

export type GuardianChange =
  | { readonly count: 'unchanged' }
  | { readonly count: 'tooMany' }
  | { readonly count: 'added' | 'changed'; readonly guardian: Guardian };

export interface GuardianTakeOver {
  readonly importId: string;
  /** First day of what is new. */
  readonly today: SchoolDate;
  readonly newId: () => string;
}

/** What becomes of a guardian when the list is taken over. `studentIds` are the pupils of `stated.ties`, in their order. */
export function takeOverGuardian(
  stated: StatedGuardian,
  ties: readonly Pick<Guardianship, 'studentId' | 'relation'>[],
  known: Guardian | undefined,
  { importId, today, newId }: GuardianTakeOver,
): GuardianChange {
  const guardianships = tieTo(known?.guardianships ?? [], ties, today);
  if (guardianships.length > mostGuardianships) return { count: 'tooMany' };
  const guardian: Guardian = {
    id: known?.id ?? newId(),
    version: (known?.version ?? 0) + 1,
    key: stated.key,
    fullName: stated.fullName,
    ...(stated.phone === undefined ? {} : { phone: stated.phone }),
    ...(stated.email === undefined ? {} : { email: stated.email }),
    language: stated.language,
    wantsNotices: stated.wantsNotices,
    guardianships,
    provenance: {},
  };
  const fields = guardianFields.filter((field) => (known ? guardian[field] !== known[field] : guardian[field] !== undefined));
  if (fields.length === 0) return { count: 'unchanged' };
  const provenance = { ...known?.provenance, ...Object.fromEntries(fields.map((field) => [field, importId])) };
  return { count: known ? 'changed' : 'added', guardian: { ...guardian, provenance } };
}

/** The same array when nothing differs. */
function tieTo(
  held: readonly Guardianship[],
  ties: readonly Pick<Guardianship, 'studentId' | 'relation'>[],
  today: SchoolDate,
): readonly Guardianship[] {
  let guardianships = held;
  for (const { studentId, relation } of ties) {
    const current = guardianships.find((tie) => tie.studentId === studentId && holds(tie));
    if (!current) guardianships = [...guardianships, { studentId, relation, validFrom: today }];
    else if (current.relation !== relation) guardianships = guardianships.map((tie) => (tie === current ? { ...tie, relation } : tie));
  }
  return guardianships;
}

/** Pupils for whom the guardian is answerable on a day. */
export function childrenOn({ guardianships }: Pick<Guardian, 'guardianships'>, day: SchoolDate): string[] {
  const current = guardianships.filter(({ validFrom, validUntil }) => validFrom <= day && (validUntil === undefined || validUntil > day));
  return [...new Set(current.map(({ studentId }) => studentId))];
}

export function holds({ validUntil }: Guardianship): boolean {
  return validUntil === undefined;
}

/** Ends what `guardian` is to each of `studentIds`. Undefined when there is nothing to end. */
export function endGuardianships(
  guardian: Guardian,
  studentIds: ReadonlySet<string>,
  { importId, today }: Pick<GuardianTakeOver, 'importId' | 'today'>,
): Guardian | undefined {
  const ends = (tie: Guardianship): boolean => studentIds.has(tie.studentId) && holds(tie);
  if (!guardian.guardianships.some(ends)) return undefined;
  return {
    ...guardian,
    version: guardian.version + 1,
    guardianships: guardian.guardianships.map((tie) => (ends(tie) ? { ...tie, validUntil: today } : tie)),
    provenance: { ...guardian.provenance, guardianships: importId },
  };
}
