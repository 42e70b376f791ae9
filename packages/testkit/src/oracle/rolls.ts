/** What attendance has written down, and how a pupil stands by it: read from the words of its README, not from its code. */
export interface Rolls {
  readonly rollCalls: readonly RollCall[];
  readonly leaves: readonly Leave[];
  readonly absences: readonly { readonly studentId: string; readonly date: string; readonly session: DaySession; readonly kind: string }[];
  readonly years: readonly Year[];
  readonly teachers: readonly { classId: string; subject: string; validFrom: string; validUntil: string }[];
}

export type DaySession = 'MORNING' | 'AFTERNOON';

interface RollCall {
  readonly date: string;
  readonly session: DaySession;
  readonly submissions: readonly Submission[];
}

interface Submission {
  readonly id: string;
  readonly source: 'ROLL_CALL' | 'CORRECTION' | 'GATE';
  readonly takenAt: Date;
  readonly submittedAt: Date;
  readonly marks: readonly { readonly studentId: string; readonly kind: string; readonly reportedAt: Date }[];
}

interface Leave {
  readonly _id: string;
  readonly studentId: string;
  readonly firstDay: string;
  readonly firstSession: DaySession;
  readonly lastDay: string;
  readonly lastSession: DaySession;
  readonly reportedAt: Date;
  readonly requestedAt: Date;
  readonly withdrawnAt?: Date;
  readonly withdrawnFrom?: string;
}

interface Year {
  readonly _id: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly holidays: readonly { readonly firstDay: string; readonly lastDay: string }[];
  readonly morningWeekdays: readonly number[];
  readonly afternoonWeekdays: readonly number[];
}

/** One pupil in one half-day. */
export interface Place {
  readonly studentId: string;
  readonly date: string;
  readonly session: DaySession;
}

export interface Stands {
  readonly kind: string;
  readonly reportedAt: Date;
  /** When something was last said that bears on it. */
  readonly saidAt: Date;
}

type Report = Omit<Submission, 'marks'> & Submission['marks'][number];

export function nameOf({ studentId, date, session }: Place): string {
  return `${studentId} on ${date} ${session}`;
}

export function isAbsent(kind: string): boolean {
  return kind.startsWith('ABSENT');
}

/** Every half-day of every pupil of which something was said, with how the pupil stands. */
export function standings({ rollCalls, leaves, years }: Rolls): Map<string, Stands | undefined> {
  const reports = new Map<string, Report[]>();
  for (const { date, session, submissions } of rollCalls) {
    for (const { marks, ...act } of submissions) {
      for (const mark of marks) {
        const name = nameOf({ studentId: mark.studentId, date, session });
        reports.set(name, [...(reports.get(name) ?? []), { ...act, ...mark }]);
      }
    }
  }
  const onLeave = new Map<string, Leave[]>();
  for (const leave of leaves) {
    for (const half of halvesOf(leave)) {
      const name = nameOf({ studentId: leave.studentId, ...half });
      if (reports.has(name) || isSchool(years, half)) onLeave.set(name, [...(onLeave.get(name) ?? []), leave]);
    }
  }
  const names = new Set([...reports.keys(), ...onLeave.keys()]);
  return new Map([...names].map((name) => [name, standingOf(reports.get(name) ?? [], onLeave.get(name) ?? [])]));
}

function standingOf(reports: readonly Report[], leaves: readonly Leave[]): Stands | undefined {
  const said = [...reports.map((each) => each.submittedAt), ...leaves.flatMap(({ requestedAt, withdrawnAt = requestedAt }) => withdrawnAt)];
  const saidAt = new Date(Math.max(...said.map(Number)));
  const inOrder = reports.toSorted((a, b) => Number(a.takenAt) - Number(b.takenAt) || (a.id < b.id ? -1 : 1));
  const last = inOrder.at(-1);
  if (!last) return leaves.length > 0 ? { kind: 'ABSENT_WITH_LEAVE', reportedAt: earliest(leaves), saidAt } : undefined;
  if (!isAbsent(last.kind)) return { kind: last.kind, reportedAt: last.reportedAt, saidAt };
  const begins = inOrder.findLastIndex(({ kind }) => !isAbsent(kind)) + 1;
  const corrected = inOrder.findLastIndex(({ source }) => source === 'CORRECTION');
  const told = earliest(inOrder.slice(Math.max(begins, corrected)));
  // Who corrects knows of the leave that was asked before.
  const counting = leaves.filter(({ requestedAt }) => last.source !== 'CORRECTION' || requestedAt > last.submittedAt);
  if (counting.length === 0) return { kind: last.kind, reportedAt: told, saidAt };
  return { kind: 'ABSENT_WITH_LEAVE', reportedAt: earliest([{ reportedAt: told }, ...counting]), saidAt };
}

function earliest(told: readonly { readonly reportedAt: Date }[]): Date {
  return new Date(Math.min(...told.map(({ reportedAt }) => Number(reportedAt))));
}

function halvesOf({ firstDay, firstSession, lastDay, lastSession, withdrawnFrom }: Leave): { date: string; session: DaySession }[] {
  const halves: { date: string; session: DaySession }[] = [];
  for (let day = Date.parse(firstDay); day <= Date.parse(lastDay); day += 86_400_000) {
    const date = new Date(day).toISOString().slice(0, 10);
    if (withdrawnFrom !== undefined && date >= withdrawnFrom) break;
    if (date !== firstDay || firstSession === 'MORNING') halves.push({ date, session: 'MORNING' });
    if (date !== lastDay || lastSession === 'AFTERNOON') halves.push({ date, session: 'AFTERNOON' });
  }
  return halves;
}

/** By every version of the calendar: leave that was asked under another one is announced by that. */
function isSchool(years: readonly Year[], { date, session }: { date: string; session: DaySession }): boolean {
  const weekday = new Date(date).getUTCDay() || 7;
  const holding = years.filter(({ firstDay, lastDay }) => firstDay <= date && date <= lastDay);
  const open = ({ holidays, morningWeekdays, afternoonWeekdays }: Year): boolean =>
    (session === 'MORNING' ? morningWeekdays : afternoonWeekdays).includes(weekday) &&
    !holidays.some(({ firstDay, lastDay }) => firstDay <= date && date <= lastDay);
  return holding.length > 0 && holding.every(open);
}
