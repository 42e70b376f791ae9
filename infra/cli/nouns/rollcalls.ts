import { DaySession, MarkKind, RollCall, RollCallSummary } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { CountAbsencesResponse, type SubmitRollCallRequest } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { schoolDateOf } from '@schoolbell/kernel';
import { type Command, Option } from 'commander';
import type { Clients } from '../../start/clients.ts';
import { toJson } from '../contract.ts';
import { wrongUsage } from '../failure.ts';
import { present } from '../long-work.ts';
import { asTime, type SaidTime, timeForms } from '../said-time.ts';
import type { Act, Session } from '../session.ts';
import { asDate, collected, idOption, idOr, type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumChoices, enumText } from '../wording.ts';
import { enumFrom } from './meal-options.ts';
import { classIdOf, pupilIdOf, pupilIdsOf, pupilOf } from './registry.ts';

export function addRollCallNoun(program: Command, act: Act): void {
  const rolls = program.command('rollcall').description('who is here: roll calls of a class and half-day, and what absences add up to');
  halfDayOptions(
    verb(rolls, 'submit', 'Calls the roll of a class: everybody is present who is not named.', [
      'rollcall submit --class 1A --absent 79000701000001',
      'rollcall submit --class 1A --session afternoon --with-leave 79000701000001 --late 79000701000002',
      'rollcall submit --class 1A --with-leave 79000701000001 --reported-at 06:40',
    ]),
  )
    .option('--absent <pupil>', 'away without leave, by code or id; may be repeated', collected, [])
    .option('--with-leave <pupil>', 'away with leave; may be repeated', collected, [])
    .option('--late <pupil>', 'came late; may be repeated', collected, [])
    .option('--reported-at <time>', `when the school was told of those who are named: ${timeForms}; now when left out`, asTime)
    .addOption(idOption('submission'))
    .action(act('principal', submitRollCall));
  verb(rolls, 'correct', 'Puts the mark of one pupil right, for a reason; what was said before is kept.', [
    'rollcall correct 79000701000001 --mark present --reason "Em đến lớp lúc 7:28"',
    'rollcall correct 79000701000001 --mark absent-with-leave --reported-at 06:40 --reason "Mẹ gọi lúc 6:40"',
  ])
    .argument('<pupil>', 'pupil code or id')
    .option('--class <name>', "class, by name or id; the pupil's when left out")
    .option('--date <day>', 'the day; today when left out', asDate)
    .addOption(new Option('--session <half>', 'which half of the day').choices(['morning', 'afternoon']).default('morning'))
    .addOption(new Option('--mark <mark>', 'the mark as it should be').choices(enumChoices(MarkKind)).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why it is put right')
    .option('--reported-at <time>', `when the school was told: ${timeForms}; as the service has it when left out`, asTime)
    .addOption(idOption('correction'))
    .action(act('principal', correctMark));
  halfDayOptions(
    verb(rolls, 'show', 'The roll of a class as it stands.', ['rollcall show --class 1A', 'rollcall show --class 1A --json']),
  ).action(act('principal', showRollCall));
  listOptions(
    verb(rolls, 'list', 'How every class stands on a day: whose roll was called, and who is away.', [
      'rollcall list',
      'rollcall list --session morning --date 2026-11-23 --json',
    ]),
  )
    .option('--date <day>', 'the day; today when left out', asDate)
    .addOption(new Option('--session <half>', 'one half of the day; both when left out').choices(['morning', 'afternoon']))
    .action(act('principal', listRollCalls));
  verb(rolls, 'count', 'Absent half-days of a pupil in the school year, by every rule in force.', ['rollcall count 79000701000001'])
    .argument('<pupil>', 'pupil code or id')
    .option('--until <day>', 'last day to count; today when left out', asDate)
    .action(act('principal', countAbsences));
}

export interface HalfDayOptions {
  readonly class: string;
  readonly date?: string;
  readonly session: 'morning' | 'afternoon';
}

export function halfDayOptions(command: Command): Command {
  return command
    .requiredOption('--class <name>', 'class, by name or id')
    .option('--date <day>', 'the day; today when left out', asDate)
    .addOption(new Option('--session <half>', 'which half of the day').choices(['morning', 'afternoon']).default('morning'));
}

interface SubmitOptions extends HalfDayOptions {
  readonly absent: readonly string[];
  readonly withLeave: readonly string[];
  readonly late: readonly string[];
  readonly reportedAt?: SaidTime;
  readonly id?: string;
}

async function submitRollCall(session: Session, options: SubmitOptions): Promise<void> {
  const { clients, out } = session;
  const where = await halfDayOf(clients, options);
  const marks = await marksOf(clients, where, options);
  const request = { submissionId: idOr(options.id), ...where, takenAt: undefined, marks };
  const rollCall = present((await clients.attendance.submitRollCall(request)).rollCall);
  out.result(toJson(RollCall, rollCall));
  tellRollCall(session, rollCall);
}

interface CorrectOptions extends Omit<HalfDayOptions, 'class'> {
  readonly class?: string;
  readonly mark: string;
  readonly reason: string;
  readonly reportedAt?: SaidTime;
  readonly id?: string;
}

async function correctMark(session: Session, pupil: string, options: CorrectOptions): Promise<void> {
  const { clients, out } = session;
  const { mark: kind, reason, reportedAt, id } = options;
  const { studentId, classId } = await pupilOf(clients, pupil);
  const where = await halfDayOf(clients, { ...options, class: options.class ?? classId });
  const mark = { studentId, kind: enumFrom(MarkKind, kind) as MarkKind, reportedAt: reportedAt?.(where.date) };
  const request = { submissionId: idOr(id), ...where, takenAt: undefined, mark, reason };
  const rollCall = present((await clients.attendance.correctMark(request)).rollCall);
  out.result(toJson(RollCall, rollCall));
  tellRollCall(session, rollCall);
}

async function showRollCall(session: Session, options: HalfDayOptions): Promise<void> {
  const { clients, out } = session;
  const rollCall = present((await clients.attendance.getRollCall(await halfDayOf(clients, options))).rollCall);
  out.result(toJson(RollCall, rollCall));
  tellRollCall(session, rollCall);
}

interface RollListOptions extends ListOptions {
  readonly date?: string;
  readonly session?: 'morning' | 'afternoon';
}

async function listRollCalls(session: Session, { date = '', session: half, ...wanted }: RollListOptions): Promise<void> {
  const { clients, out } = session;
  const asked = { date, session: half === undefined ? DaySession.UNSPECIFIED : sessionOf(half) };
  const rows = await listed(session, wanted, async (page) => {
    const { rollCalls, page: next } = await clients.attendance.listRollCalls({ ...asked, page });
    return { rows: rollCalls, page: next };
  });
  out.result(rows.map((row) => toJson(RollCallSummary, row)));
  out.table(rows, [
    { title: 'class', text: (row) => row.className },
    { title: 'half-day', text: (row) => `${row.date} ${enumText(DaySession, row.session)}` },
    { title: 'called', text: (row) => (row.calledAt ? clockText(row.calledAt) : 'not yet') },
    { title: 'present', text: (row) => String(row.present), align: 'right' },
    { title: 'late', text: (row) => String(row.late), align: 'right' },
    { title: 'with leave', text: (row) => String(row.absentWithLeave), align: 'right' },
    { title: 'without', text: (row) => String(row.absentWithoutLeave), align: 'right' },
    { title: 'not marked', text: (row) => String(row.unmarked), align: 'right' },
    { title: 'by', text: (row) => row.calledBy },
  ]);
}

export function sessionOf(half: 'morning' | 'afternoon'): DaySession {
  return half === 'morning' ? DaySession.MORNING : DaySession.AFTERNOON;
}

export async function halfDayOf(
  clients: Clients,
  options: HalfDayOptions,
): Promise<{ classId: string; date: string; session: DaySession }> {
  const date = options.date ?? schoolDateOf(new Date());
  return { classId: await classIdOf(clients, options.class), date, session: sessionOf(options.session) };
}

type Marks = SubmitRollCallRequest['marks'];

async function marksOf(clients: Clients, { classId, date }: { classId: string; date: string }, options: SubmitOptions): Promise<Marks> {
  const { pupils } = await clients.registry.listPupils({ classId, includeLeft: false, page: { size: 500, token: '' } });
  const kinds = new Map<string, MarkKind>(pupils.map(({ studentId }) => [studentId, MarkKind.PRESENT]));
  const named = [
    [options.absent, MarkKind.ABSENT_WITHOUT_LEAVE],
    [options.withLeave, MarkKind.ABSENT_WITH_LEAVE],
    [options.late, MarkKind.LATE],
  ] as const;
  for (const [texts, kind] of named) {
    for (const [nth, studentId] of (await pupilIdsOf(clients, texts)).entries()) {
      if ((kinds.get(studentId) ?? MarkKind.PRESENT) !== MarkKind.PRESENT) throw wrongUsage(`The pupil ${texts[nth]} is named twice.`);
      kinds.set(studentId, kind);
    }
  }
  const reportedAt = options.reportedAt?.(date);
  return [...kinds].map(([studentId, kind]) => ({ studentId, kind, reportedAt: kind === MarkKind.PRESENT ? undefined : reportedAt }));
}

function tellRollCall({ out }: Session, roll: RollCall): void {
  const { className, date, session, called, marks, unmarkedStudentIds, submissions, noSchool } = roll;
  const count = (kind: MarkKind) => String(marks.filter((mark) => mark.kind === kind).length);
  out.facts([
    ['Class', className],
    ['Half-day', `${date} ${enumText(DaySession, session)}`],
    ['No school', noSchool ? [noSchool.name, noSchool.citation].filter(Boolean).join(', ') || 'by the calendar' : ''],
    ['Called', called ? 'yes' : 'not yet'],
    ['Present', count(MarkKind.PRESENT)],
    ['Late', count(MarkKind.LATE)],
    ['Absent with leave', count(MarkKind.ABSENT_WITH_LEAVE)],
    ['Absent without leave', count(MarkKind.ABSENT_WITHOUT_LEAVE)],
    ['Not marked', String(unmarkedStudentIds.length)],
    ['Submissions', String(submissions.length)],
  ]);
  const others = marks.filter(({ kind }) => kind !== MarkKind.PRESENT);
  if (others.length === 0) return;
  out.say('');
  out.table(others, [
    { title: 'pupil', text: (row) => row.studentName },
    { title: 'mark', text: (row) => enumText(MarkKind, row.kind) },
    { title: 'reported', text: (row) => clockText(row.reportedAt) },
    { title: 'by', text: (row) => row.submittedBy },
    { title: 'id', text: (row) => row.studentId },
  ]);
}

async function countAbsences({ out, clients }: Session, pupil: string, { until = '' }: { until?: string }): Promise<void> {
  const counted = await clients.attendance.countAbsences({ studentId: await pupilIdOf(clients, pupil), until });
  out.result(toJson(CountAbsencesResponse, counted));
  out.facts([
    ['School year', counted.schoolYear],
    ['With leave', String(counted.withLeave)],
    ['Without leave', String(counted.withoutLeave)],
  ]);
  out.say('');
  out.table(counted.counts, [
    { title: 'counted', text: (row) => String(row.counted), align: 'right' },
    { title: 'limit', text: (row) => (row.limit === 0 ? 'none' : String(row.limit)), align: 'right' },
    { title: 'by', text: (row) => row.citation },
  ]);
}
