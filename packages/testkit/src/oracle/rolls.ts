/** What attendance has written down, and how a pupil stands by it: read from the words of its README, not from its code. */
export interface Rolls {
  readonly rollCalls: readonly RollCall[];
  readonly leaves: readonly Leave[];
  readonly absences: readonly { readonly studentId: string; readonly date: string; readonly session: DaySession; readonly kind: string }[];
  readonly years: readonly Year[];
  /** Calendars whose effect is still to be announced have a time at which it will be. */
  readonly walks: readonly { readonly schoolId: string; readonly dueAt?: Date }[];
  readonly teachers: readonly { classId: string; subject: string; validFrom: string; validUntil: string }[];
}

export type DaySession = 'MORNING' | 'AFTERNOON';

interface RollCall {
  readonly schoolId: string;
  readonly date: string;
  readonly session: DaySession;
  readonly submissions: readonly Submission[];
}

interface Submission {
  readonly id: string;
  readonly source: 'ROLL_CALL' | 'CORRECTION' | 'GATE';
  readonly takenAt: Date;
  readonly submittedAt: Date;
  readonly marks: readonly { readonly studentId: string; readonly kind: string; readonly reportedAt?: Date }[];
}

interface Leave {
  readonly _id: string;
  readonly schoolId: string;
  readonly studentId: string;
  readonly firstDay: string;
  readonly firstSession: DaySession;
  readonly lastDay: string;
  readonly lastSession: DaySession;
  readonly reportedAt: Date;
  readonly requestedAt: Date;
  readonly withdrawnAt?: Date;
  readonly withdrawnFrom?: string;
  readonly withdrawnFromSession?: DaySession;
}

interface Year {
  readonly _id: string;
  readonly schoolId: string;
  /** False once a newer version was laid down. */
  readonly current: boolean;
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
  /** NO_SCHOOL where nobody stands in any way, UNSETTLED where a new calendar has still to be gone through. */
  readonly kind: string;
  readonly reportedAt: Date;
  /** When something was last said that bears on it. */
  readonly saidAt: Date;
}

type Report = Omit<Submission, 'marks'> & { readonly kind: string; readonly told: Date; readonly isSaid: boolean };

/** A leave as it bears on a half-day; `endedAt` where it had been taken back when the half-day was still to come. */
interface Asked extends Pick<Leave, 'reportedAt' | 'requestedAt'> {
  readonly endedAt: Date | undefined;
  readonly saidAt: Date;
}

export function nameOf({ studentId, date, session }: Place): string {
  return `${studentId} on ${date} ${session}`;
}

export function isAbsent(kind: string): boolean {
  return kind.startsWith('ABSENT');
}

/** Every half-day of every pupil of which something was said, with how the pupil stands. */
export function standings({ rollCalls, leaves, years, walks }: Rolls): Map<string, Stands | undefined> {
  const places = new Map<string, Place & { readonly schoolId: string }>();
  const reports = new Map<string, Report[]>();
  const asked = new Map<string, Asked[]>();
  const add = <T>(to: Map<string, T[]>, place: Place & { readonly schoolId: string }, one: T): void => {
    const name = nameOf(place);
    places.set(name, place);
    const known = to.get(name);
    if (known) known.push(one);
    else to.set(name, [one]);
  };
  for (const { schoolId, date, session, submissions } of rollCalls)
    for (const { marks, ...act } of submissions)
      for (const { studentId, kind, reportedAt } of marks)
        add(
          reports,
          { schoolId, studentId, date, session },
          { ...act, kind, told: reportedAt ?? act.takenAt, isSaid: reportedAt !== undefined },
        );
  for (const leave of leaves)
    for (const { endedAt, ...half } of halvesOf(leave)) {
      const { schoolId, studentId, reportedAt, requestedAt, withdrawnAt: saidAt = requestedAt } = leave;
      add(asked, { schoolId, studentId, ...half }, { reportedAt, requestedAt, endedAt, saidAt });
    }
  const calendars = Map.groupBy(years, ({ schoolId }) => schoolId);
  const walking = new Set(walks.flatMap(({ schoolId, dueAt }) => (dueAt === undefined ? [] : [schoolId])));
  return new Map(
    [...places].map(([name, { schoolId, ...place }]) => {
      const ofSchool = calendars.get(schoolId) ?? [];
      const versions = new Set(ofSchool.map(isOpenOn(place)));
      const isOpen = ofSchool.filter(({ current }) => current).some(isOpenOn(place));
      const of = { reports: reports.get(name) ?? [], asked: asked.get(name) ?? [] };
      if (walking.has(schoolId) && versions.size > 1) return [name, nowhere('UNSETTLED', of)];
      return [name, isOpen ? standingOf(of) : nowhere('NO_SCHOOL', of)];
    }),
  );
}

interface Said {
  readonly reports: readonly Report[];
  readonly asked: readonly Asked[];
}

function nowhere(kind: string, said: Said): Stands {
  return { kind, reportedAt: lastSaid(said), saidAt: lastSaid(said) };
}

function standingOf(said: Said): Stands | undefined {
  const saidAt = lastSaid(said);
  const whole = said.asked.filter(({ endedAt }) => endedAt === undefined);
  const inOrder = said.reports.toSorted((a, b) => Number(a.takenAt) - Number(b.takenAt) || (a.id < b.id ? -1 : 1));
  const last = inOrder.at(-1);
  if (!last) return whole.length > 0 ? { kind: 'ABSENT_WITH_LEAVE', reportedAt: earliest(whole.map(tellsOf)), saidAt } : undefined;
  if (!isAbsent(last.kind)) return { kind: last.kind, reportedAt: last.told, saidAt };

  const away = inOrder.slice(inOrder.findLastIndex(({ kind }) => !isAbsent(kind)) + 1);
  const [first = last] = away;
  // Leave that was taken back still excuses whom somebody had missed by then.
  const leaves = said.asked.filter(({ endedAt }) => endedAt === undefined || first.takenAt <= endedAt);
  const corrections = away.filter(({ source }) => source === 'CORRECTION');
  const judged = corrections.at(-1);
  const timed = corrections.findLast(({ isSaid }) => isSaid);
  // Who corrects knows of the leave that was asked before.
  const since = (correction: Report | undefined) => leaves.filter(({ requestedAt }) => !correction || requestedAt > correction.submittedAt);
  const isExcused = since(judged?.kind === 'ABSENT_WITHOUT_LEAVE' ? judged : undefined).length > 0;
  const telling = away.slice(timed ? away.indexOf(timed) : 0).map(({ told }) => told);
  const reportedAt = earliest([...telling, ...since(timed).map(tellsOf)]);
  return { kind: isExcused ? 'ABSENT_WITH_LEAVE' : last.kind, reportedAt, saidAt };
}

function lastSaid({ reports, asked }: Said): Date {
  return new Date(Math.max(...reports.map(({ submittedAt }) => Number(submittedAt)), ...asked.map(({ saidAt }) => Number(saidAt))));
}

function tellsOf({ reportedAt }: Asked): Date {
  return reportedAt;
}

function earliest(told: readonly Date[]): Date {
  return new Date(Math.min(...told.map(Number)));
}

type Half = { readonly date: string; readonly session: DaySession };

function halvesOf(leave: Leave): (Half & { readonly endedAt: Date | undefined })[] {
  const { firstDay, firstSession, lastDay, lastSession, withdrawnAt, withdrawnFrom = '9999', withdrawnFromSession = 'MORNING' } = leave;
  const halves: Half[] = [];
  for (let day = Date.parse(firstDay); day <= Date.parse(lastDay); day += 86_400_000) {
    const date = new Date(day).toISOString().slice(0, 10);
    if (date !== firstDay || firstSession === 'MORNING') halves.push({ date, session: 'MORNING' });
    if (date !== lastDay || lastSession === 'AFTERNOON') halves.push({ date, session: 'AFTERNOON' });
  }
  // "AFTERNOON" comes before "MORNING" in the alphabet only.
  const nth = ({ date, session }: Half) => `${date} ${session === 'MORNING' ? 1 : 2}`;
  const from = nth({ date: withdrawnFrom, session: withdrawnFromSession });
  return halves.map((half) => ({ ...half, endedAt: nth(half) >= from ? withdrawnAt : undefined }));
}

function isOpenOn({ date, session }: Half): (year: Year) => boolean {
  const weekday = new Date(date).getUTCDay() || 7;
  return ({ firstDay, lastDay, holidays, morningWeekdays, afternoonWeekdays }) =>
    firstDay <= date &&
    date <= lastDay &&
    (session === 'MORNING' ? morningWeekdays : afternoonWeekdays).includes(weekday) &&
    !holidays.some((holiday) => holiday.firstDay <= date && date <= holiday.lastDay);
}
