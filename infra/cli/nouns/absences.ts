import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import {
  AbsenceAlert,
  AbsenceAlertPolicy,
  AbsenceAlertStatus,
  Confirmation,
  SuppressionReason,
} from '@schoolbell/contracts/school/notification/v1/notification';
import { schoolDateOf } from '@schoolbell/kernel';
import { type Command, InvalidArgumentError } from 'commander';
import { toJson } from '../contract.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asDate, collected, idOption, idOr, type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumText, printable } from '../wording.ts';
import { pupilIdOf, pupilIdsOf } from './registry.ts';
import { type HalfDayOptions, halfDayOf, halfDayOptions } from './rollcalls.ts';

export function addAbsenceNoun(program: Command, act: Act): void {
  const absence = program.command('absence').description('what guardians are told of absences, and who lets it go');
  const list = verb(absence, 'list', 'What guardians will be or were told of a class and half-day, the absent first.', [
    'absence list --class 1A',
    'absence list --class 1A --session afternoon --as teacher',
  ]);
  listOptions(halfDayOptions(list)).action(act('principal', listAlerts));
  halfDayOptions(
    verb(absence, 'confirm', 'The marks are right: lets held alerts go at once, all of the class or those of the named pupils.', [
      'absence confirm --class 1A',
      'absence confirm --class 1A --pupil 79000701000001',
    ]),
  )
    .option('--pupil <pupil>', 'only this pupil, by code or id; may be repeated', collected, [])
    .action(act('principal', confirmAlerts));
  verb(absence, 'hold', 'Tells nobody of an absence, for a reason.', ['absence hold 79000701000001 --reason "Đang ở phòng y tế"'])
    .argument('<pupil>', 'pupil code or id')
    .requiredOption('--reason <text>', 'why nobody is told')
    .option('--date <day>', 'the day; today when left out', asDate)
    .option('--afternoon', 'the second half of the day; the morning when left out')
    .action(act('principal', holdAlert));

  const policy = absence.command('policy').description('which marks are told, and when');
  verb(policy, 'show', 'What holds on a day.', ['absence policy show', 'absence policy show --date 2026-12-01'])
    .option('--date <day>', 'the day; today when left out', asDate)
    .action(act('principal', showPolicy));
  verb(policy, 'set', 'Lays down what holds from a day on. What is not said is as usual: absence without leave is told after 10 minutes.', [
    'absence policy set --citation "Quyết định 12/QĐ-HT" --from 2026-12-01 --late',
    'absence policy set --citation "Quyết định 12/QĐ-HT" --confirm --longest-wait 30',
  ])
    .requiredOption('--citation <text>', 'where it is laid down')
    .option('--from <day>', 'first day; today when left out', asDate)
    .option('--no-without-leave', 'absence without leave is not told')
    .option('--with-leave', 'absence with leave is told')
    .option('--late', 'coming late is told')
    .option('--grace <minutes>', 'how long an alert is held', asMinutes, 10)
    .option('--confirm', 'the class teacher must confirm')
    .option('--longest-wait <minutes>', 'how long it waits for that', asMinutes, 60)
    .addOption(idOption('policy'))
    .action(act('principal', setPolicy));
}

function asMinutes(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It must be a number of minutes.');
  return Number(text);
}

async function listAlerts(session: Session, options: ListOptions & HalfDayOptions): Promise<void> {
  const { clients } = session;
  const where = await halfDayOf(clients, options);
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.notification.listAbsenceAlerts({ ...where, page });
    return { rows: answer.alerts, page: answer.page };
  });
  tellAlerts(session, rows);
}

async function confirmAlerts(session: Session, options: HalfDayOptions & { readonly pupil: readonly string[] }): Promise<void> {
  const { clients } = session;
  const studentIds = await pupilIdsOf(clients, options.pupil);
  const where = await halfDayOf(clients, options);
  tellAlerts(session, (await clients.notification.confirmAbsenceAlerts({ ...where, studentIds })).alerts);
}

interface HoldOptions {
  readonly reason: string;
  readonly date?: string;
  readonly afternoon?: boolean;
}

async function holdAlert(session: Session, pupil: string, { reason, date, afternoon }: HoldOptions): Promise<void> {
  const { clients } = session;
  const half = { date: date ?? schoolDateOf(new Date()), session: afternoon ? DaySession.AFTERNOON : DaySession.MORNING };
  const held = await clients.notification.holdAbsenceAlert({ studentId: await pupilIdOf(clients, pupil), ...half, reason });
  tellAlerts(session, [present(held.alert)]);
}

function tellAlerts({ out }: Session, rows: readonly AbsenceAlert[]): void {
  out.result(rows.map((row) => toJson(AbsenceAlert, row)));
  out.table(rows, [
    { title: 'pupil', text: (row) => row.studentName },
    { title: 'mark', text: (row) => enumText(MarkKind, row.kind) || 'expected' },
    { title: 'reported', text: (row) => clockText(row.reportedAt) },
    { title: 'alert', text: (row) => enumText(AbsenceAlertStatus, row.status) },
    { title: 'because', text: (row) => enumText(SuppressionReason, row.suppressedBecause) },
    { title: 'goes out', text: (row) => clockText(row.releaseAt) },
    { title: 'by', text: (row) => printable(row.decidedBy) },
    { title: 'reason', text: (row) => printable(row.reason) },
    { title: 'id', text: (row) => row.studentId },
  ]);
}

async function showPolicy(session: Session, { date = '' }: { date?: string }): Promise<void> {
  tellPolicy(session, present((await session.clients.notification.getAbsenceAlertPolicy({ date })).policy));
}

interface PolicyOptions {
  readonly citation: string;
  readonly from?: string;
  readonly withoutLeave: boolean;
  readonly withLeave?: boolean;
  readonly late?: boolean;
  readonly grace: number;
  readonly confirm?: boolean;
  readonly longestWait: number;
  readonly id?: string;
}

async function setPolicy(session: Session, options: PolicyOptions): Promise<void> {
  const { citation, from, withoutLeave, withLeave = false, late = false, grace, confirm = false, longestWait, id } = options;
  const policy = {
    policyId: idOr(id),
    effectiveFrom: from ?? schoolDateOf(new Date()),
    ...{ tellWithoutLeave: withoutLeave, tellWithLeave: withLeave, tellLate: late, citation },
    graceMinutes: grace,
    confirmation: confirm ? Confirmation.NEEDED : Confirmation.NOT_NEEDED,
    longestWaitMinutes: longestWait,
  };
  tellPolicy(session, present((await session.clients.notification.setAbsenceAlertPolicy({ policy })).policy));
}

function tellPolicy({ out }: Session, policy: AbsenceAlertPolicy): void {
  out.result(toJson(AbsenceAlertPolicy, policy));
  const yesNo = (told: boolean) => (told ? 'told' : 'not told');
  out.facts([
    ['Holds from', policy.policyId === '' ? 'always, as usual' : policy.effectiveFrom],
    ['Absent without leave', yesNo(policy.tellWithoutLeave)],
    ['Absent with leave', yesNo(policy.tellWithLeave)],
    ['Late', yesNo(policy.tellLate)],
    ['Held for', `${policy.graceMinutes} minutes`],
    [
      'Confirmation',
      policy.confirmation === Confirmation.NEEDED ? `needed; goes out anyway after ${policy.longestWaitMinutes} minutes` : 'not needed',
    ],
    ['Laid down in', policy.citation],
  ]);
}
