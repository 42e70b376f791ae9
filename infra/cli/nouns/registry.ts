import {
  EnrolmentStatus,
  type FieldProvenance,
  Guardian,
  Pupil,
  Relation,
  SchoolClass,
  Sex,
} from '@schoolbell/contracts/school/registry/v1/registry';
import { FoundPupil } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { isUuid, schoolDateOf } from '@schoolbell/kernel';
import type { Command } from 'commander';
import type { Clients } from '../../start/clients.ts';
import { toJson } from '../contract.ts';
import { refused } from '../failure.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumText } from '../wording.ts';

export function addRegistryNouns(program: Command, act: Act): void {
  const classes = program.command('class').description('classes of the school');
  listOptions(verb(classes, 'list', 'Classes by grade and name.', ['class list'])).action(act('principal', listClasses));

  const pupils = program.command('pupil').description('pupils and where each fact about them comes from');
  listOptions(verb(pupils, 'list', 'Pupils of the school or of one class.', ['pupil list --class 1A', 'pupil list --left --all --json']))
    .option('--class <name>', 'only this class, by name or id')
    .option('--left', 'also those who left')
    .action(act('principal', listPupils));
  verb(pupils, 'show', 'One pupil, with the source of every field.', ['pupil show 79000701000001'])
    .argument('<pupil>', 'pupil code or id')
    .action(act('principal', showPupil));

  verb(pupils, 'find', "Whom codes mean, in any role; in a parent's role without a code: the own children.", [
    'pupil find 79000701000001 --as kitchen',
    'pupil find --as parent',
  ])
    .argument('[pupils...]', 'pupil codes or ids; none for the own children of a parent')
    .action(act('principal', findPupils));

  const guardians = program.command('guardian').description('guardians and whom they answer for');
  listOptions(verb(guardians, 'list', 'Guardians of the school or of one pupil.', ['guardian list --pupil 79000701000001']))
    .option('--pupil <pupil>', 'only those of this pupil, by code or id')
    .action(act('principal', listGuardians));
}

async function listClasses(session: Session, options: ListOptions): Promise<void> {
  const { out, clients } = session;
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.registry.listClasses({ page });
    return { rows: answer.classes, page: answer.page };
  });
  out.result(rows.map((row) => toJson(SchoolClass, row)));
  out.table(rows, [
    { title: 'class', text: (row) => row.name },
    { title: 'grade', text: (row) => (row.grade === 0 ? '' : String(row.grade)), align: 'right' },
    { title: 'pupils', text: (row) => String(row.pupils), align: 'right' },
    { title: 'id', text: (row) => row.classId },
  ]);
}

async function listPupils(session: Session, options: ListOptions & { class?: string; left?: boolean }): Promise<void> {
  const { out, clients } = session;
  const classId = options.class === undefined ? '' : await classIdOf(clients, options.class);
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.registry.listPupils({ classId, includeLeft: options.left === true, page });
    return { rows: answer.pupils, page: answer.page };
  });
  out.result(rows.map((row) => toJson(Pupil, row)));
  out.table(rows, [
    { title: 'code', text: (row) => row.code || '(none yet)' },
    { title: 'name', text: (row) => row.fullName },
    { title: 'class', text: (row) => row.className },
    { title: 'born', text: (row) => row.birthDate },
    { title: 'sex', text: (row) => enumText(Sex, row.sex) },
    { title: 'status', text: (row) => enumText(EnrolmentStatus, row.status) },
    { title: 'id', text: (row) => row.studentId },
  ]);
}

async function findPupils({ out, clients }: Session, codes: readonly string[]): Promise<void> {
  const { pupils } = await clients.registry.findPupils({ codes: [...codes] });
  out.result(pupils.map((row) => toJson(FoundPupil, row)));
  out.table(pupils, [
    { title: 'code', text: (row) => row.code || '(none yet)' },
    { title: 'name', text: (row) => row.fullName },
    { title: 'class', text: (row) => row.className },
    { title: 'id', text: (row) => row.studentId },
  ]);
}

async function showPupil({ out, clients }: Session, pupilId: string): Promise<void> {
  const pupil = present((await clients.registry.getPupil({ studentId: pupilId })).pupil);
  out.result(toJson(Pupil, pupil));
  out.facts([
    ['Name', pupil.fullName],
    ['Code', pupil.code || '(none yet)'],
    ['Born', pupil.birthDate],
    ['Sex', enumText(Sex, pupil.sex)],
    ['Class', pupil.className],
    ['Status', `${enumText(EnrolmentStatus, pupil.status)} (${pupil.sectorStatus})`],
    ['Id', pupil.studentId],
  ]);
  out.say('');
  showProvenance(out, pupil.provenance);
}

function showProvenance(out: Session['out'], provenance: readonly FieldProvenance[]): void {
  out.table(provenance, [
    { title: 'field', text: (row) => row.field },
    { title: 'from', text: (row) => row.fileName },
    { title: 'sha-256', text: (row) => row.fileSha256.slice(0, 12) },
    { title: 'taken over', text: (row) => clockText(row.at) },
    { title: 'by', text: (row) => row.by },
  ]);
}

async function listGuardians(session: Session, options: ListOptions & { pupil?: string }): Promise<void> {
  const { out, clients } = session;
  const studentId = options.pupil === undefined ? '' : await pupilIdOf(clients, options.pupil);
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.registry.listGuardians({ studentId, page });
    return { rows: answer.guardians, page: answer.page };
  });
  out.result(rows.map((row) => toJson(Guardian, row)));
  const today = schoolDateOf(new Date());
  out.table(rows, [
    { title: 'name', text: (row) => row.fullName },
    { title: 'phone', text: (row) => row.phone },
    { title: 'e-mail', text: (row) => row.email },
    { title: 'language', text: (row) => row.language },
    { title: 'notices', text: (row) => (row.wantsNotices ? 'yes' : 'no') },
    {
      title: 'answers for',
      text: (row) => String(row.guardianships.filter((tie) => tie.validUntil === '' || tie.validUntil > today).length),
      align: 'right',
    },
    { title: 'as', text: (row) => [...new Set(row.guardianships.map((tie) => enumText(Relation, tie.relation)))].join(', ') },
    { title: 'id', text: (row) => row.guardianId },
  ]);
}

/** A class by its name, as people call it, or by its id. */
export async function classIdOf({ registry }: Clients, nameOrId: string): Promise<string> {
  if (isUuid(nameOrId)) return nameOrId;
  const wanted = nameOrId.normalize('NFC').toLowerCase();
  let token = '';
  do {
    const { classes, page } = await registry.listClasses({ page: { size: 500, token } });
    const found = classes.find(({ name }) => name.toLowerCase() === wanted);
    if (found) return found.classId;
    token = page?.nextToken ?? '';
  } while (token !== '');
  throw refused('CLASS_NOT_FOUND', `The school has no class "${nameOrId}"; "./schoolbell class list" shows those it has.`);
}

/** The id of a pupil who is named by the code of the sector database or by id, in any role; a parent's own child only. */
export async function pupilIdOf(clients: Clients, codeOrId: string): Promise<string> {
  return (await pupilIdsOf(clients, [codeOrId]))[0] ?? '';
}

/** A pupil with name and class, in any role. */
export async function pupilOf({ registry }: Clients, codeOrId: string): Promise<FoundPupil> {
  const [pupil] = (await registry.findPupils({ codes: [codeOrId] })).pupils;
  return pupil ?? nobody(codeOrId);
}

/** The same for several, in their order. */
export async function pupilIdsOf({ registry }: Clients, codesOrIds: readonly string[]): Promise<string[]> {
  const codes = [...new Set(codesOrIds.filter((text) => !isUuid(text)))];
  const { pupils } = codes.length === 0 ? { pupils: [] } : await registry.findPupils({ codes });
  const idOf = new Map(pupils.map(({ code, studentId }) => [code, studentId]));
  return codesOrIds.map((text) => {
    const studentId = isUuid(text) ? text : idOf.get(text);
    return studentId ?? nobody(text);
  });
}

function nobody(codeOrId: string): never {
  throw refused(
    'PUPIL_NOT_FOUND',
    `The school has no pupil with the code ${codeOrId}, or you are a parent and no guardian of that one; "./schoolbell pupil find" shows own children.`,
  );
}
