import { err, ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import type { ContactsFile } from '../domain/contacts.ts';
import type { Finding } from '../domain/finding.ts';
import { byKey } from '../domain/guardian.ts';
import { addDiffs, cut, type Import, noDiff } from '../domain/import.ts';
import { type Plan, planContacts, planRoster } from '../domain/plan.ts';
import type { RosterFile } from '../domain/roster.ts';
import { openClassBook } from '../domain/school-class.ts';
import { nameKey } from '../domain/stated-guardian.ts';
import { type RowOutcome, sumUp, takeOverRows } from '../domain/take-over.ts';
import { endUnlisted, joinPupils, takeOverGuardians, tiedToKnown, withoutHeld } from '../domain/take-over-contacts.ts';
import type { RegistryTx } from '../tx.ts';

export type FileContent =
  | { readonly kind: 'ROSTER'; readonly file: RosterFile }
  | { readonly kind: 'CONTACTS'; readonly file: ContactsFile };

export type PlanInput = FileContent & { readonly importId: string; readonly fileName: string; readonly sha256: string };
export type PlanRefused = { readonly code: 'ID_REUSED' };

/** rpc PlanImport: compares a file that was read with what is known, and keeps both for ApplyImport. Changes no pupil and no guardian. */
export async function planImport(tx: RegistryTx, input: PlanInput): Promise<Result<Import, PlanRefused>> {
  const { importId, kind, fileName, sha256 } = input;
  const earlier = await tx.imports.find(importId);
  if (earlier) return earlier.kind === kind && earlier.fileSha256 === sha256 ? ok(earlier) : err({ code: 'ID_REUSED' });

  const { chunks, ...plan } = input.kind === 'ROSTER' ? await compareRoster(tx, input.file) : await compareContacts(tx, input.file);
  const planned: Import = {
    id: importId,
    status: 'PLANNED',
    kind,
    fileName,
    fileSha256: sha256,
    plannedAt: tx.now,
    ...plan,
    chunks: chunks.length,
  };
  tx.imports.insert(planned);
  for (const [index, content] of chunks.entries()) tx.importRows.insert({ importId, index, content }, tx.now);
  return ok(planned);
}

// A large school is compared in parts, so that only a part of it stands in memory.
const compareAtOnce = 1_000;

async function compareRoster(tx: RegistryTx, file: RosterFile): Promise<Plan> {
  const { classNamed } = openClassBook(await tx.classes.findNamed(file.rows.map(({ className }) => className)), () => tx.newId());
  const outcomes: RowOutcome[] = [];
  for (const rows of cut(file.rows, compareAtOnce)) {
    const known = await tx.knownPupils.ofRows(rows);
    outcomes.push(...takeOverRows(rows, known, { ...howOf(tx), classNamed }).outcomes);
  }
  return planRoster(file, sumUp(outcomes));
}

async function compareContacts(tx: RegistryTx, file: ContactsFile): Promise<Plan> {
  const students = await tx.knownPupils.ofNames(file.pupils.map(({ pupil }) => pupil));
  let diff = noDiff;
  const held: Finding[] = [];
  const heldKeys = new Set<string>();
  for (const stated of cut(file.guardians, compareAtOnce)) {
    const known = await tx.guardians.findByKeys(stated.map(({ key }) => key));
    const taken = takeOverGuardians(stated, students, byKey(known), howOf(tx));
    diff = addDiffs(diff, taken.diff);
    held.push(...taken.held);
    for (const key of taken.heldKeys) heldKeys.add(key);
  }
  const { guardians, pupils } = withoutHeld(tiedToKnown(file.guardians, students), joinPupils(file.pupils, students), heldKeys);
  for (const part of cut(pupils, compareAtOnce)) {
    const holders = await tx.guardians.findOf(part.flatMap(({ pupil }) => students.get(nameKey(pupil)) ?? []));
    diff = addDiffs(diff, { ...noDiff, ended: endUnlisted(part, students, holders, howOf(tx)).count });
  }
  return planContacts({ ...file, guardians, pupils }, { diff, held });
}

/** As if it were taken over now; nothing that is made up here is kept. */
function howOf(tx: RegistryTx): { importId: string; today: ReturnType<typeof schoolDateOf>; newId: () => string } {
  return { importId: 'planned', today: schoolDateOf(tx.now), newId: () => tx.newId() };
}
