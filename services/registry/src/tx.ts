import type { OutboxEvent, Session } from '@schoolbell/service-kit';
import { type ClassStore, classStore } from './store/classes.ts';
import { type GuardianStore, guardianStore } from './store/guardians.ts';
import { type IdentityStore, identityStore } from './store/identities.ts';
import { type ImportRowsStore, importRowsStore } from './store/import-rows.ts';
import { type ImportStore, importStore, type RunningImport } from './store/imports.ts';
import { type KnownPupilStore, knownPupilStore } from './store/known-pupils.ts';
import { type PupilStore, pupilStore } from './store/pupils.ts';
import { type SchoolStore, schoolStore } from './store/schools.ts';

export type { Page, PageRequest } from '@schoolbell/service-kit';
export type { RunningImport };

/** All that a use case may hold: one school, one transaction. */
export interface RegistryTx {
  readonly schoolId: string;
  readonly now: Date;
  newId(): string;
  readonly schools: SchoolStore;
  readonly classes: ClassStore;
  readonly pupils: PupilStore;
  readonly identities: IdentityStore;
  readonly knownPupils: KnownPupilStore;
  readonly guardians: GuardianStore;
  readonly imports: ImportStore;
  readonly importRows: ImportRowsStore;
  emit(event: OutboxEvent): void;
}

export function registryTx(session: Session): RegistryTx {
  const pupilsOfSchool = pupilStore(session);
  const identitiesOfSchool = identityStore(session);
  return {
    schoolId: session.schoolId,
    now: session.now,
    newId: () => session.newId(),
    schools: schoolStore(session),
    classes: classStore(session),
    pupils: pupilsOfSchool,
    identities: identitiesOfSchool,
    knownPupils: knownPupilStore(pupilsOfSchool, identitiesOfSchool),
    guardians: guardianStore(session),
    imports: importStore(session),
    importRows: importRowsStore(session),
    emit: (event) => session.emit(event),
  };
}
