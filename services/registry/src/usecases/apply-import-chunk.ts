import { err, ok, type Result, unreachable } from '@schoolbell/kernel';
import { byKey, type GuardianTakeOver } from '../domain/guardian.ts';
import { type ApplyingImport, advance, type ChunkContent, type ChunkDone, noDiff } from '../domain/import.ts';
import type { RosterChange } from '../domain/pupil.ts';
import type { RosterRow } from '../domain/roster.ts';
import { openClassBook } from '../domain/school-class.ts';
import type { StatedGuardian, StatedPupil } from '../domain/stated-guardian.ts';
import { sumUp, takeOverRows } from '../domain/take-over.ts';
import { endUnlisted, takenOverWhole, takeOverGuardians } from '../domain/take-over-contacts.ts';
import { guardianChanged, studentChanged, studentEnrolled, studentLeft } from '../events.ts';
import type { RegistryTx } from '../tx.ts';

export type ApplyRefused = { readonly code: 'ROWS_LOST' };

/**
 * timer: takes over the next chunk of an import, with its progress, in one transaction. What the chunk changes is worked out
 * anew against what is known now, so a chunk that comes twice changes nothing the second time.
 */
export async function applyImportChunk(
  tx: RegistryTx,
  { importId }: { importId: string },
): Promise<Result<{ readonly more: boolean }, ApplyRefused>> {
  const applying = await tx.imports.find(importId);
  if (applying?.status !== 'APPLYING') return ok({ more: false }); // Another clock was quicker.
  const chunk = await tx.importRows.find(importId, applying.nextChunk);
  if (!chunk && applying.chunks > 0) return err({ code: 'ROWS_LOST' });

  const done = chunk ? await takeOverChunk(tx, chunk.content, applying) : { rows: 0, diff: noDiff, held: [] };
  const next = advance(applying, done, tx.now);
  tx.imports.save(next, applying);
  if (chunk) tx.importRows.delete(importId, chunk.index);
  return ok({ more: next.status === 'APPLYING' });
}

function takeOverChunk(tx: RegistryTx, content: ChunkContent, { id, today }: ApplyingImport): Promise<ChunkDone> {
  const how = { importId: id, today, newId: () => tx.newId() };
  switch (content.kind) {
    case 'PUPILS':
      return takeOverPupils(tx, content.items, how);
    case 'GUARDIANS':
      return takeOverGuardianRows(tx, content.items, how);
    case 'TIES':
      return endTies(tx, content.items, how);
    default:
      return unreachable(content);
  }
}

async function takeOverPupils(tx: RegistryTx, rows: readonly RosterRow[], how: GuardianTakeOver): Promise<ChunkDone> {
  const known = await tx.knownPupils.ofRows(rows);
  const classes = openClassBook(await tx.classes.findNamed(rows.map(({ className }) => className)), how.newId);
  const { changes, personNumbers, outcomes } = takeOverRows(rows, known, { ...how, classNamed: classes.classNamed });
  for (const added of classes.added) tx.classes.insert(added);
  for (const change of changes) {
    if (change.pupil.version === 1) tx.pupils.insert(change.pupil);
    else tx.pupils.save(change.pupil);
    announce(tx, change);
  }
  for (const { studentId, personNumber } of personNumbers) tx.identities.keep(studentId, personNumber);
  return { rows: rows.length, ...sumUp(outcomes) };
}

function announce(tx: RegistryTx, { pupil, announce: fact }: Exclude<RosterChange, { count: 'unchanged' }>): void {
  if (fact === 'ENROLLED') tx.emit(studentEnrolled(tx.schoolId, pupil));
  else if (fact === 'CHANGED') tx.emit(studentChanged(tx.schoolId, pupil));
  else if (fact === 'LEFT' && pupil.status === 'LEFT') tx.emit(studentLeft(tx.schoolId, pupil));
}

async function takeOverGuardianRows(tx: RegistryTx, stated: readonly StatedGuardian[], how: GuardianTakeOver): Promise<ChunkDone> {
  const students = await tx.knownPupils.ofNames(stated.flatMap(({ ties }) => ties.map(({ pupil }) => pupil)));
  const known = await tx.guardians.findByKeys(stated.map(({ key }) => key));
  const { added, changed, diff, held } = takeOverGuardians(stated, students, byKey(known), how);
  for (const guardian of added) tx.guardians.insert(guardian);
  for (const guardian of changed) tx.guardians.save(guardian);
  for (const guardian of [...added, ...changed]) tx.emit(guardianChanged(tx.schoolId, guardian));
  const rows = stated.flatMap(({ ties }) => ties).reduce((sum, tie) => sum + tie.rows.length, 0);
  return { rows, diff, held };
}

async function endTies(tx: RegistryTx, pupils: readonly StatedPupil[], how: GuardianTakeOver): Promise<ChunkDone> {
  const students = await tx.knownPupils.ofNames(pupils.map(({ pupil }) => pupil));
  const guardians = await tx.guardians.findOf([...students.values()]);
  const ended = endUnlisted(takenOverWhole(pupils, students, guardians), students, guardians, how);
  for (const guardian of ended.guardians) {
    tx.guardians.save(guardian);
    tx.emit(guardianChanged(tx.schoolId, guardian));
  }
  return { rows: 0, diff: { ...noDiff, ended: ended.count }, held: [] };
}
