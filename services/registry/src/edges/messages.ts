import {
  EnrolmentStatus,
  type FieldProvenance,
  FindingLevel,
  type Guardian as GuardianMessage,
  ImportKind,
  type Import as ImportMessage,
  ImportStatus,
  type Pupil as PupilMessage,
  Relation,
  type SchoolClass as SchoolClassMessage,
  type School as SchoolMessage,
  Sex,
} from '@schoolbell/contracts/school/registry/v1/registry';
import type { FoundPupil } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { levelOf } from '../domain/finding.ts';
import type { Guardian, GuardianField } from '../domain/guardian.ts';
import type { Import } from '../domain/import.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Pupil, PupilField } from '../domain/pupil.ts';
import type { School } from '../domain/school.ts';
import type { ClassWithPupils } from '../usecases/list-classes.ts';

export function schoolMessage({ id, code, name }: School): SchoolMessage {
  return { schoolId: id, code, name };
}

export function classMessage({ id, name, grade, pupils }: ClassWithPupils): SchoolClassMessage {
  return { classId: id, name, grade, pupils };
}

export function pupilMessage(pupil: Pupil, provenance: Provenance = []): PupilMessage {
  const { id, code = '', fullName, birthDate, sex, schoolClass, status, sectorStatus } = pupil;
  return {
    studentId: id,
    code,
    fullName,
    birthDate,
    sex: Sex[sex],
    classId: schoolClass.id,
    className: schoolClass.name,
    status: EnrolmentStatus[status],
    sectorStatus,
    temporary: code === '',
    provenance: provenance.map(provenanceMessage),
  };
}

export function foundMessage({ id, code = '', fullName, schoolClass }: Pupil): FoundPupil {
  return { studentId: id, code, fullName, classId: schoolClass.id, className: schoolClass.name };
}

export function guardianMessage(guardian: Guardian, provenance: Provenance = []): GuardianMessage {
  const { id, fullName, phone = '', email = '', language, wantsNotices, guardianships } = guardian;
  return {
    guardianId: id,
    fullName,
    phone,
    email,
    language,
    wantsNotices,
    guardianships: guardianships.map(({ relation, validUntil = '', ...tie }) => ({ ...tie, relation: Relation[relation], validUntil })),
    provenance: provenance.map(provenanceMessage),
  };
}

// Names of the fields as the contract has them.
const fieldNames: Readonly<Record<PupilField | GuardianField, string>> = {
  code: 'code',
  fullName: 'full_name',
  birthDate: 'birth_date',
  sex: 'sex',
  className: 'class_name',
  status: 'status',
  sectorStatus: 'sector_status',
  phone: 'phone',
  email: 'email',
  language: 'language',
  wantsNotices: 'wants_notices',
  guardianships: 'guardianships',
};

function provenanceMessage({ field, fileName, fileSha256, at, by }: Provenance[number]): FieldProvenance {
  return { field: Object.hasOwn(fieldNames, field) ? fieldNames[field as keyof typeof fieldNames] : field, fileName, fileSha256, at, by };
}

export function importMessage(from: Import): ImportMessage {
  const { id, kind, status, fileName, fileSha256, rows, accepted, refused, left, classes, planned, findings } = from;
  return {
    importId: id,
    kind: ImportKind[kind],
    status: ImportStatus[status],
    fileName,
    fileSha256,
    rows,
    accepted,
    refused,
    left,
    classes,
    diff: from.status === 'APPLIED' || from.status === 'FAILED' ? from.done : planned,
    findings: findings.map(({ row, code }) => ({ row, code, level: FindingLevel[levelOf(code)] })),
    appliedRows: from.status === 'PLANNED' ? 0 : from.appliedRows,
    failure: from.status === 'FAILED' ? from.failure : '',
  };
}
