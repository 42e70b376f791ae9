import { ClassTeacher } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { schoolDateOf } from '@schoolbell/kernel';
import type { Command } from 'commander';
import { toJson } from '../contract.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asDate, verb } from '../verbs.ts';
import { classIdOf } from './registry.ts';

export function addTeacherNoun(program: Command, act: Act): void {
  const teacher = program.command('teacher').description('who answers for a class: calls its roll and lets its letters go');
  verb(teacher, 'assign', 'Says that a teacher answers for a class; the same again with --until ends it.', [
    'teacher assign lan@79000701 --class 1A --from 2026-09-05',
    'teacher assign lan@79000701 --class 1A --from 2026-09-05 --until 2026-12-01',
  ])
    .argument('<subject>', "subject of the teacher's token")
    .requiredOption('--class <name>', 'class, by name or id')
    .option('--from <day>', 'first day; today when left out', asDate)
    .option('--until <day>', 'first day on which it holds no more; open when left out', asDate)
    .action(act('principal', assign));
}

interface AssignOptions {
  readonly class: string;
  readonly from?: string;
  readonly until?: string;
}

async function assign({ out, clients }: Session, subject: string, options: AssignOptions): Promise<void> {
  const { from = schoolDateOf(new Date()), until = '' } = options;
  const classTeacher = { classId: await classIdOf(clients, options.class), subject, validFrom: from, validUntil: until };
  const stored = present((await clients.attendance.assignClassTeacher({ classTeacher })).classTeacher);
  out.result(toJson(ClassTeacher, stored));
  const end = stored.validUntil === '' ? '' : ` up to the day before ${stored.validUntil}`;
  out.say(`${stored.subject} answers for ${options.class} from ${stored.validFrom} on${end}.`);
}
