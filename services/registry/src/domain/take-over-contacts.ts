import type { Finding } from './finding.ts';
import { endGuardianships, type Guardian, type GuardianTakeOver, holds, takeOverGuardian } from './guardian.ts';
import { type ImportDiff, noDiff } from './import.ts';
import { nameKey, type StatedGuardian, type StatedPupil } from './stated-guardian.ts';

/** Student ids by what `nameKey` makes of a pupil's name in a list. */
export type Students = ReadonlyMap<string, string>;

export interface GuardiansTakenOver {
  readonly added: readonly Guardian[];
  readonly changed: readonly Guardian[];
  readonly diff: ImportDiff;
  /** Rows that name a pupil who is not known, or a guardian of too many. */
  readonly held: readonly Finding[];
  /** Guardians of too many: nothing of them is taken in. */
  readonly heldKeys: ReadonlySet<string>;
}

/** What guardians of a list come to. One without a known pupil is nobody's guardian and is not taken in. */
export function takeOverGuardians(
  stated: readonly StatedGuardian[],
  students: Students,
  known: ReadonlyMap<string, Guardian>,
  how: GuardianTakeOver,
): GuardiansTakenOver {
  const added: Guardian[] = [];
  const changed: Guardian[] = [];
  const held: Finding[] = [];
  const heldKeys = new Set<string>();
  let unchanged = 0;
  for (const guardian of stated) {
    const ties = new Map<string, { studentId: string; relation: StatedGuardian['ties'][number]['relation'] }>();
    for (const { pupil, relation, rows } of guardian.ties) {
      const studentId = students.get(nameKey(pupil));
      if (studentId === undefined) held.push(...rows.map((row): Finding => ({ row, code: 'PUPIL_UNKNOWN' })));
      else if (!ties.has(studentId)) ties.set(studentId, { studentId, relation });
    }
    if (ties.size === 0) continue;
    const change = takeOverGuardian(guardian, [...ties.values()], known.get(guardian.key), how);
    if (change.count === 'tooMany') {
      heldKeys.add(guardian.key);
      const toKnown = guardian.ties.filter(({ pupil }) => students.has(nameKey(pupil)));
      held.push(...toKnown.flatMap(({ rows }) => rows).map((row): Finding => ({ row, code: 'TOO_MANY_WARDS' })));
    } else if (change.count === 'unchanged') unchanged++;
    else (change.count === 'added' ? added : changed).push(change.guardian);
  }
  return { added, changed, diff: { ...noDiff, added: added.length, changed: changed.length, unchanged }, held, heldKeys };
}

export interface Ended {
  readonly guardians: readonly Guardian[];
  /** Guardianships, not guardians. */
  readonly count: number;
}

/** Ends the guardianships of these pupils that the list names no more. `guardians` are all who hold one of them. */
export function endUnlisted(
  pupils: readonly StatedPupil[],
  students: Students,
  guardians: readonly Guardian[],
  how: Pick<GuardianTakeOver, 'importId' | 'today'>,
): Ended {
  const listed = new Map<string, ReadonlySet<string>>();
  for (const { pupil, guardianKeys } of pupils) {
    const studentId = students.get(nameKey(pupil));
    if (studentId !== undefined) listed.set(studentId, new Set(guardianKeys));
  }
  const ended: Guardian[] = [];
  let count = 0;
  for (const guardian of guardians) {
    const over = guardian.guardianships.filter((tie) => holds(tie) && listed.get(tie.studentId)?.has(guardian.key) === false);
    const after = endGuardianships(guardian, new Set(over.map(({ studentId }) => studentId)), how);
    if (after) ended.push(after);
    count += over.length;
  }
  return { guardians: ended, count };
}

/** One entry for each known pupil, though a list may name them by a code here and by a person number there. Only those that are whole. */
export function joinPupils(pupils: readonly StatedPupil[], students: Students): StatedPupil[] {
  const byStudent = new Map<string, StatedPupil>();
  for (const stated of pupils) {
    const studentId = students.get(nameKey(stated.pupil));
    if (studentId === undefined) continue;
    const other = byStudent.get(studentId);
    const keys = other ? [...new Set([...other.guardianKeys, ...stated.guardianKeys])] : stated.guardianKeys;
    byStudent.set(studentId, { pupil: stated.pupil, guardianKeys: keys, whole: stated.whole && (other?.whole ?? true) });
  }
  return [...byStudent.values()].filter(({ whole }) => whole);
}

/** Without the ties to pupils who are not known, and without those whom nothing ties to anybody then. */
export function tiedToKnown(guardians: readonly StatedGuardian[], students: Students): StatedGuardian[] {
  return guardians
    .map((guardian) => ({ ...guardian, ties: guardian.ties.filter(({ pupil }) => students.has(nameKey(pupil))) }))
    .filter(({ ties }) => ties.length > 0);
}

/** Without guardians who are held, and without their pupils: what was not taken in must not end what was before. */
export function withoutHeld(
  guardians: readonly StatedGuardian[],
  pupils: readonly StatedPupil[],
  heldKeys: ReadonlySet<string>,
): { readonly guardians: StatedGuardian[]; readonly pupils: StatedPupil[] } {
  return {
    guardians: guardians.filter(({ key }) => !heldKeys.has(key)),
    pupils: pupils.filter(({ guardianKeys }) => !guardianKeys.some((key) => heldKeys.has(key))),
  };
}

/** Those of whom every listed guardian was taken over; `guardians` are all who hold one of the pupils. */
export function takenOverWhole(pupils: readonly StatedPupil[], students: Students, guardians: readonly Guardian[]): StatedPupil[] {
  const held = new Set(
    guardians.flatMap(({ key, guardianships }) => guardianships.filter(holds).map(({ studentId }) => `${studentId} ${key}`)),
  );
  return pupils.filter(({ pupil, guardianKeys }) => guardianKeys.every((key) => held.has(`${students.get(nameKey(pupil))} ${key}`)));
}
