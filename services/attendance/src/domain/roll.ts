import { err, ok, type Result } from '@schoolbell/kernel';
import { type Change, changeOf } from './change.ts';
import { type HalfDay, isAhead } from './half-day.ts';
import { covers, type LeaveRequest } from './leave.ts';
import { type CoveringLeave, type Standing, type Submission, standingOf } from './mark.ts';
import { atSchool, inClass, type KnownPupil, type NotInClass, type PupilRefused } from './pupil.ts';
import { add, type RollCall, reportsOf, type SubmissionRefused } from './roll-call.ts';

/** All that bears on one class in one half-day. */
export type Roll = {
  readonly rollCall: RollCall;
  /** Roll calls of the same half-day for classes that its pupils were in before. */
  readonly elsewhere: readonly RollCall[];
  /** Who is in the class, or was. */
  readonly pupils: readonly KnownPupil[];
  /** Leave of those pupils for that day. */
  readonly leaves: readonly LeaveRequest[];
};

export type TakeRefused =
  | SubmissionRefused
  | PupilRefused
  | NotInClass
  | { readonly code: 'CLOCK_AHEAD'; readonly at: Date; readonly now: Date };

/** The roll with one more submission, and whose standing that changed. */
export function take(
  roll: Roll,
  submission: Submission,
): Result<{ readonly roll: Roll; readonly changes: readonly Change[] }, TakeRefused> {
  const { rollCall, pupils } = roll;
  const known = new Map(pupils.map((pupil) => [pupil.id, pupil]));
  const marked: KnownPupil[] = [];
  for (const { studentId, reportedAt } of submission.marks) {
    if (isAhead(reportedAt, submission.submittedAt)) return err({ code: 'CLOCK_AHEAD', at: reportedAt, now: submission.submittedAt });
    const pupil = atSchool(known.get(studentId), studentId, rollCall.date);
    if (!pupil.ok) return pupil;
    const here = inClass(pupil.value, rollCall.classId);
    if (!here.ok) return here;
    marked.push(here.value);
  }
  const added = add(rollCall, submission);
  if (!added.ok) return added;
  return ok({ roll: { ...roll, rollCall: added.value }, changes: changesBy(submission, roll, marked) });
}

function changesBy({ marks, reason: _, ...act }: Submission, roll: Roll, marked: readonly KnownPupil[]): Change[] {
  const { classId, className, date, session } = roll.rollCall;
  const said = saidIn(roll, new Set(marked.map(({ id }) => id)));
  return marks.flatMap((mark, at) => {
    const pupil = marked[at];
    if (!pupil) return [];
    const before = said(pupil.id);
    const after = { ...before, reports: [...before.reports, { ...act, ...mark }] };
    return changeOf({ ...pupil, classId, className }, { date, session }, { before, after }) ?? [];
  });
}

/** How the pupils stand: those in the class, and those whose marks are in its roll. */
export function standingsOf(roll: Roll): { readonly marked: readonly Marked[]; readonly unmarked: readonly string[] } {
  const { rollCall, pupils } = roll;
  const said = saidIn(roll);
  const markedHere = new Set(rollCall.submissions.flatMap(({ marks }) => marks.map(({ studentId }) => studentId)));
  const marked: Marked[] = [];
  const unmarked: string[] = [];
  for (const pupil of pupils.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const { reports, leaves } = said(pupil.id);
    const belongs = pupil.classId === rollCall.classId && atSchool(pupil, pupil.id, rollCall.date).ok;
    if (!belongs && !markedHere.has(pupil.id)) continue;
    const standing = standingOf(reports, leaves);
    if (standing) marked.push({ pupil, standing });
    else unmarked.push(pupil.id);
  }
  return { marked, unmarked };
}

export type Marked = { readonly pupil: KnownPupil; readonly standing: Standing };

/** What was said of a pupil; with `only` of nobody else, which spares gathering what nobody asks for. */
function saidIn({ rollCall, elsewhere, leaves }: Roll, only?: ReadonlySet<string>) {
  const reports = reportsOf([rollCall, ...elsewhere], only);
  return (studentId: string) => ({ reports: reports.get(studentId) ?? [], leaves: coveringOf(leaves, studentId, rollCall) });
}

/** Leave of the pupil that covers the half-day. */
export function coveringOf(leaves: readonly LeaveRequest[], studentId: string, half: HalfDay): CoveringLeave[] {
  return leaves.filter((leave) => leave.studentId === studentId && covers(leave, half));
}
