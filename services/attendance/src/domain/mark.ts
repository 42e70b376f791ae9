export type MarkKind = 'PRESENT' | 'LATE' | 'ABSENT_WITH_LEAVE' | 'ABSENT_WITHOUT_LEAVE';
export type ActSource = 'ROLL_CALL' | 'CORRECTION' | 'GATE';
export type MarkSource = ActSource | 'LEAVE';

/** What one act of marking says of one pupil. */
export type Mark = {
  readonly studentId: string;
  readonly kind: MarkKind;
  /** When the school was told. */
  readonly reportedAt: Date;
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
export type CoveringLeave = { readonly id: string; readonly reportedAt: Date; readonly requestedAt: Date; readonly requestedBy: string };

export function isAbsent(kind: MarkKind): boolean {
  return kind === 'ABSENT_WITH_LEAVE' || kind === 'ABSENT_WITHOUT_LEAVE';
}

/**
 * How a pupil stands, whatever the order in which reports and leave came in: of the reports the one that was taken last stands. Who is
 * on leave and not seen is absent with leave; who is seen is present, whatever a leave says. An absence counts as told at the first
 * report of it that nothing contradicted since, or with the leave; a correction says itself when that was.
 */
export function standingOf(reports: readonly Report[], leaves: readonly CoveringLeave[]): Standing | undefined {
  const inOrder = reports.toSorted(byTaking);
  const last = inOrder.at(-1);
  const leave = leaves.toSorted(byReport).at(0);
  if (!last) return leave && onLeave(leave);
  const { kind, submittedAt, by, source, id } = last;
  const said: Standing = { kind, reportedAt: firstTold(inOrder), submittedAt, by, source, sourceId: id };
  if (!isAbsent(kind)) return said;
  const counting = leaves
    .filter((one) => source !== 'CORRECTION' || one.requestedAt > submittedAt)
    .toSorted(byReport)
    .at(0);
  if (!counting) return said;
  return { ...said, kind: 'ABSENT_WITH_LEAVE', reportedAt: earlier(said.reportedAt, counting.reportedAt) };
}

function onLeave({ id, reportedAt, requestedAt, requestedBy }: CoveringLeave): Standing {
  return { kind: 'ABSENT_WITH_LEAVE', reportedAt, submittedAt: requestedAt, by: requestedBy, source: 'LEAVE', sourceId: id };
}

function firstTold(inOrder: readonly Report[]): Date {
  let told: Date | undefined;
  for (const { kind, reportedAt, source } of inOrder.toReversed()) {
    if (told && !isAbsent(kind)) break;
    told = told ? earlier(told, reportedAt) : reportedAt;
    if (!isAbsent(kind) || source === 'CORRECTION') break;
  }
  return told ?? new Date(0);
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

function earlier(a: Date, b: Date): Date {
  return a <= b ? a : b;
}
