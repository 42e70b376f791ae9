import { err, ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import type { ContactsFile } from '../domain/contacts.ts';
import type { Import, ImportDiff } from '../domain/import.ts';
import { type Plan, planContacts, planRoster } from '../domain/plan.ts';
import type { RosterFile } from '../domain/roster.ts';
import { openClassBook } from '../domain/school-class.ts';
import { takeOverRows } from '../domain/take-over.ts';
import { endUnlisted, joinPupils, takeOverGuardians, tiedToKnown } from '../domain/take-over-contacts.ts';
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

async function compareRoster(tx: RegistryTx, file: RosterFile): Promise<Plan> {
  const known = await tx.knownPupils.ofRows(file.rows);
  const { classNamed } = openClassBook(await tx.classes.findNamed(file.rows.map(({ className }) => className)), () => tx.newId());
  return planRoster(file, takeOverRows(file.rows, known, { ...howOf(tx), classNamed }));
}

async function compareContacts(tx: RegistryTx, file: ContactsFile): Promise<Plan> {
  const students = await tx.knownPupils.ofNames(file.pupils.map(({ pupil }) => pupil));
  const known = new Map((await tx.guardians.findByKeys(file.guardians.map(({ key }) => key))).map((guardian) => [guardian.key, guardian]));
  const { diff, held } = takeOverGuardians(file.guardians, students, known, howOf(tx));
  const pupils = joinPupils(file.pupils, students);
  const ended = endUnlisted(pupils, students, await tx.guardians.findOf([...students.values()]), howOf(tx));
  const whole: ImportDiff = { ...diff, ended: ended.count };
  return planContacts({ ...file, guardians: tiedToKnown(file.guardians, students), pupils }, { diff: whole, held });
}

/** As if it were taken over now; nothing that is made up here is kept. */
function howOf(tx: RegistryTx): { importId: string; today: ReturnType<typeof schoolDateOf>; newId: () => string } {
  return { importId: 'planned', today: schoolDateOf(tx.now), newId: () => tx.newId() };
}
