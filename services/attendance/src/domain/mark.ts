export type MarkKind = 'PRESENT' | 'LATE' | 'ABSENT_WITH_LEAVE' | 'ABSENT_WITHOUT_LEAVE';
export type ActSource = 'ROLL_CALL' | 'CORRECTION' | 'GATE';
export type MarkSource = ActSource | 'LEAVE';

/** What one act of marking says of one pupil. */
export type Mark = {
  readonly studentId: string;
  readonly kind: MarkKind;
  /** When the school was told; undefined where the act does not say, which means when it was taken. */
  readonly reportedAt: Date | undefined;
};

/** One act of marking, as it came in; never changed. */
export type Submission = {
  readonly id: string;
  readonly source: ActSource;
  /** When it was done, by the clock of the device. */
  readonly takenAt: Date;
  readonly submittedAt: Date;
  readonly by: string;
  /** Of a correction. */
  readonly reason: string | undefined;
  readonly marks: readonly Mark[];
};

/** What an act says of one pupil, with what is known of the act. */
export type Report = Omit<Submission, 'marks' | 'reason'> & Mark;

/** How a pupil stands in a half-day, after everything that was said. */
export type Standing = {
  readonly kind: MarkKind;
  readonly reportedAt: Date;
  readonly submittedAt: Date;
  readonly by: string;
  readonly source: MarkSource;
  readonly sourceId: string;
};

/** A leave that covers the half-day, as far as a mark needs it. */
export type CoveringLeave = {
  readonly id: string;
  readonly reportedAt: Date;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  /** It was withdrawn then, while the half-day was still to come: it excuses only who had been found missing before. */
  readonly endedAt: Date | undefined;
};

export type AbsentKind = 'ABSENT_WITH_LEAVE' | 'ABSENT_WITHOUT_LEAVE';

export function isAbsent(kind: MarkKind): kind is AbsentKind {
  return kind === 'ABSENT_WITH_LEAVE' || kind === 'ABSENT_WITHOUT_LEAVE';
}

/**
 * How a pupil stands, whatever the order in which reports and leave came in: of the reports the one that was taken last stands. Who is
 * on leave and not seen is absent with leave; who is seen is present, whatever a leave says. An absence counts as told at the first
 * report of it that nothing contradicted since, or with the leave; a correction that says when the school was told puts that right.
 */
export function standingOf(reports: readonly Report[], leaves: readonly CoveringLeave[]): Standing | undefined {
  const inOrder = reports.toSorted(byTaking);
  const last = inOrder.at(-1);
  if (!last) {
    const [leave] = leaves.filter(({ endedAt }) => endedAt === undefined).toSorted(byReport);
    return leave && onLeave(leave);
  }
  const { kind, submittedAt, by, source, id } = last;
  const said = { submittedAt, by, source, sourceId: id };
  if (!isAbsent(kind)) return { kind, reportedAt: toldAt(last), ...said };
  const absence = inOrder.slice(inOrder.findLastIndex((report) => !isAbsent(report.kind)) + 1);
  const excusing = leaves.filter(({ endedAt }) => endedAt === undefined || absence.some(({ takenAt }) => takenAt <= endedAt));
  return { kind: isExcused(absence, excusing) ? 'ABSENT_WITH_LEAVE' : kind, reportedAt: firstTold(absence, excusing), ...said };
}

/** Who corrects an absence to one without leave knows of the leave that was asked before. */
function isExcused(absence: readonly Report[], leaves: readonly CoveringLeave[]): boolean {
  const corrected = absence.findLast(({ source }) => source === 'CORRECTION');
  const denied = corrected?.kind === 'ABSENT_WITHOUT_LEAVE' ? corrected : undefined;
  return leaves.some(({ requestedAt }) => !denied || requestedAt > denied.submittedAt);
}

/** A correction that names a time sets aside what was told before it; one that does not leaves it as it was. */
function firstTold(absence: readonly Report[], leaves: readonly CoveringLeave[]): Date {
  const from = absence.findLastIndex(({ source, reportedAt }) => source === 'CORRECTION' && reportedAt !== undefined);
  const corrected = absence[from];
  const asked = leaves.filter(({ requestedAt }) => !corrected || requestedAt > corrected.submittedAt);
  const times = [...absence.slice(Math.max(0, from)).map(toldAt), ...asked.map(({ reportedAt }) => reportedAt)];
  return new Date(Math.min(...times.map(Number)));
}

function toldAt({ reportedAt, takenAt }: Report): Date {
  return reportedAt ?? takenAt;
}

function onLeave({ id, reportedAt, requestedAt, requestedBy }: CoveringLeave): Standing {
  return { kind: 'ABSENT_WITH_LEAVE', reportedAt, submittedAt: requestedAt, by: requestedBy, source: 'LEAVE', sourceId: id };
}

// Ties are broken by id, so that every order of arrival ends alike.
function byTaking(a: Report, b: Report): number {
  return a.takenAt.getTime() - b.takenAt.getTime() || compare(a.id, b.id);
}

function byReport(a: CoveringLeave, b: CoveringLeave): number {
  return a.reportedAt.getTime() - b.reportedAt.getTime() || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
