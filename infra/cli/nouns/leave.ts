import { DaySession, LeaveRequest, LeaveStatus } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { parseSchoolDate } from '@schoolbell/kernel';
import { type Command, InvalidArgumentError } from 'commander';
import { toJson } from '../contract.ts';
import { present } from '../long-work.ts';
import { asTime, type SaidTime, timeForms } from '../said-time.ts';
import type { Act, Session } from '../session.ts';
import { asUuid, idOption, idOr, type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumText, printable } from '../wording.ts';
import { pupilIdOf } from './registry.ts';

export function addLeaveNoun(program: Command, act: Act): void {
  const leave = program.command('leave').description('leave that parents ask for');
  verb(leave, 'request', 'Asks leave for a pupil: whole days, or from one half-day to another.', [
    'leave request --pupil 79000701000001 --from 2026-11-23',
    'leave request --pupil 79000701000001 --from 2026-11-23:afternoon --until 2026-11-25:morning --reason "Về quê"',
    'leave request --pupil 79000701000001 --from 2026-11-23 --reported-at 06:40 --reason "Mẹ gọi lúc 6:40"',
  ])
    .requiredOption('--pupil <pupil>', 'pupil code or id')
    .requiredOption('--from <half-day>', 'first day, or half of it: 2026-11-23:afternoon', asHalfDay)
    .option('--until <half-day>', 'last day, or half of it; the first day when left out', asHalfDay)
    .option('--reason <text>', "why, in the parent's words", '')
    .option('--reported-at <time>', `when the school was told, where a call is written down: ${timeForms}; now when left out`, asTime)
    .addOption(idOption('leave request'))
    .action(act('principal', requestLeave));
  verb(leave, 'withdraw', 'Takes a leave request back, from the first half-day to come on.', ['leave withdraw 0198c1de-…'])
    .argument('<leave>', 'leave request id', asUuid)
    .action(act('principal', withdrawLeave));
  listOptions(
    verb(leave, 'list', 'Leave that was asked for a pupil, the oldest first.', [
      'leave list 79000701000001',
      'leave list 79000701000001 --as parent',
    ]),
  )
    .argument('<pupil>', 'pupil code or id')
    .action(act('principal', listLeave));
}

interface HalfDayText {
  readonly date: string;
  readonly half: 'morning' | 'afternoon' | undefined;
}

function asHalfDay(text: string): HalfDayText {
  const [, date = '', half] = /^([^:]+)(?::(morning|afternoon))?$/.exec(text) ?? [];
  if (!parseSchoolDate(date)) throw new InvalidArgumentError('It must be a day like 2026-11-23, or half of one like 2026-11-23:afternoon.');
  return { date, half: half === 'morning' || half === 'afternoon' ? half : undefined };
}

interface LeaveOptions {
  readonly pupil: string;
  readonly from: HalfDayText;
  readonly until?: HalfDayText;
  readonly reason: string;
  readonly reportedAt?: SaidTime;
  readonly id?: string;
}

async function requestLeave(session: Session, options: LeaveOptions): Promise<void> {
  const { clients } = session;
  const { from, until = from, reason, reportedAt, id } = options;
  const first = { date: from.date, session: from.half === 'afternoon' ? DaySession.AFTERNOON : DaySession.MORNING };
  const last = { date: until.date, session: until.half === 'morning' ? DaySession.MORNING : DaySession.AFTERNOON };
  const studentId = await pupilIdOf(clients, options.pupil);
  const asked = { leaveId: idOr(id), studentId, first, last, reason, reportedAt: reportedAt?.(from.date) };
  tellLeave(session, present((await clients.attendance.requestLeave(asked)).leave));
}

async function withdrawLeave(session: Session, leaveId: string): Promise<void> {
  tellLeave(session, present((await session.clients.attendance.withdrawLeave({ leaveId })).leave));
}

async function listLeave(session: Session, pupil: string, options: ListOptions): Promise<void> {
  const { out, clients } = session;
  const studentId = await pupilIdOf(clients, pupil);
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.attendance.listLeaveRequests({ studentId, page });
    return { rows: answer.leaves, page: answer.page };
  });
  out.result(rows.map((row) => toJson(LeaveRequest, row)));
  if (rows.length === 0) return out.say('No leave was asked for this pupil.');
  out.table(rows, [
    { title: 'from', text: (row) => halfDayText(row.first) },
    { title: 'until', text: (row) => halfDayText(row.last) },
    { title: 'status', text: (row) => enumText(LeaveStatus, row.status) },
    { title: 'withdrawn from', text: (row) => halfDayText(row.withdrawnFromHalfDay) },
    { title: 'told', text: (row) => clockText(row.reportedAt) },
    { title: 'by', text: (row) => row.requestedBy },
    { title: 'reason', text: (row) => printable(row.reason) },
    { title: 'leave', text: (row) => row.leaveId },
  ]);
}

function halfDayText(of: LeaveRequest['first']): string {
  return of ? `${of.date} ${enumText(DaySession, of.session)}` : '';
}

function tellLeave({ out }: Session, leave: LeaveRequest): void {
  out.result(toJson(LeaveRequest, leave));
  out.facts([
    ['Leave', leave.leaveId],
    ['From', halfDayText(leave.first)],
    ['Until', halfDayText(leave.last)],
    ['Reported', clockText(leave.reportedAt)],
    ['Withdrawn from', halfDayText(leave.withdrawnFromHalfDay)],
  ]);
}
