import { err, ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import type { HalfDay, Session } from './half-day.ts';
import type { ActSource, MarkKind, Report, Submission } from './mark.ts';

/** Everything that was said of one class in one half-day: one document, whose marks are derived and never stored. */
export type RollCall = {
  readonly id: string;
  readonly classId: string;
  readonly className: string;
  readonly date: SchoolDate;
  readonly session: Session;
  /** In the order of their arrival. */
  readonly submissions: readonly Submission[];
  /** Rises with every write that concerns it, 0 while it is not stored. */
  readonly version: number;
};

/** An act as it is asked for; times that are left out are those of the server. */
export type Act = {
  readonly id: string;
  readonly source: ActSource;
  readonly takenAt: Date | undefined;
  readonly reason: string | undefined;
  readonly marks: readonly { readonly studentId: string; readonly kind: MarkKind; readonly reportedAt: Date | undefined }[];
};

export type SubmissionRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'ROLL_CALL_FULL'; readonly most: number };

// A class of 50 with a scan each, twice, and room for people; the document stays far below MongoDB's 16 MB.
const mostSubmissions = 400;

export function rollCallId(classId: string, { date, session }: HalfDay): string {
  return `${classId}:${date}:${session}`;
}

export function emptyRollCall(schoolClass: { readonly classId: string; readonly className: string }, half: HalfDay): RollCall {
  const { classId, className } = schoolClass;
  return { id: rollCallId(classId, half), classId, className, date: half.date, session: half.session, submissions: [], version: 0 };
}

/** The earlier submission of this id where it said the same; a refusal where it said something else. */
export function earlierSubmission({ submissions }: RollCall, act: Act): Result<Submission | undefined, SubmissionRefused> {
  const earlier = submissions.find(({ id }) => id === act.id);
  if (!earlier) return ok(undefined);
  return isFrom(earlier, act) ? ok(earlier) : err({ code: 'ID_REUSED', id: act.id });
}

export function submissionOf({ takenAt, marks, ...act }: Act, { by, now }: { readonly by: string; readonly now: Date }): Submission {
  return { ...act, takenAt: takenAt ?? now, submittedAt: now, by, marks };
}

/** The roll call with one more submission at its end. */
export function add(rollCall: RollCall, submission: Submission): Result<RollCall, SubmissionRefused> {
  if (rollCall.submissions.length >= mostSubmissions) return err({ code: 'ROLL_CALL_FULL', most: mostSubmissions });
  return ok({ ...rollCall, submissions: [...rollCall.submissions, submission], version: rollCall.version + 1 });
}

/** The same roll call, written once more: whoever reads it at the same time for a mark must read again. */
export function touched(rollCall: RollCall): RollCall {
  return { ...rollCall, version: rollCall.version + 1 };
}

/** What was said of each pupil, or of some. */
export function reportsOf(rollCalls: readonly RollCall[], only?: ReadonlySet<string>): ReadonlyMap<string, readonly Report[]> {
  const byPupil = new Map<string, Report[]>();
  for (const { submissions } of rollCalls) {
    for (const { marks, reason: _, ...act } of submissions) {
      for (const mark of marks) {
        if (only && !only.has(mark.studentId)) continue;
        const known = byPupil.get(mark.studentId);
        if (known) known.push({ ...act, ...mark });
        else byPupil.set(mark.studentId, [{ ...act, ...mark }]);
      }
    }
  }
  return byPupil;
}

/** Whether a person has called the roll: leave and scans alone do not make a roll call. */
export function isCalled({ submissions }: RollCall): boolean {
  return submissions.some(({ source }) => source === 'ROLL_CALL');
}

function isFrom(earlier: Submission, act: Act): boolean {
  return (
    earlier.source === act.source &&
    earlier.reason === act.reason &&
    isTime(earlier.takenAt, act.takenAt) &&
    earlier.marks.length === act.marks.length &&
    earlier.marks.every(({ studentId, kind, reportedAt }, at) => {
      const mark = act.marks[at];
      return studentId === mark?.studentId && kind === mark.kind && isTime(reportedAt ?? earlier.takenAt, mark.reportedAt);
    })
  );
}

// A time that was left to the server is another one at each repeat.
function isTime(stored: Date, given: Date | undefined): boolean {
  return given === undefined || stored.getTime() === given.getTime();
}
