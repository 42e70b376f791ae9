import { err, ok, type Result } from '@schoolbell/kernel';
import type { NoSchool } from './calendar.ts';
import { type Change, changeOf } from './change.ts';
import { type HalfDay, isAhead } from './half-day.ts';
import { covering, type LeaveRequest } from './leave.ts';
import { type CoveringLeave, type Standing, type Submission, standingOf } from './mark.ts';
import { atSchool, classOn, inClass, type KnownPupil, labelOf, type NotInClass, type PupilRefused } from './pupil.ts';
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
  /** Why there is no school in the half-day by the calendar of now, whatever was said of it before. */
  readonly noSchool: NoSchool | undefined;
};

export type TakeRefused =
  | SubmissionRefused
  | PupilRefused
  | NotInClass
  | { readonly code: 'MARKED_TWICE'; readonly studentId: string; readonly student: string }
  | { readonly code: 'CLOCK_AHEAD'; readonly at: Date; readonly now: Date };

/** The roll with one more submission, and whose standing that changed. */
export function take(
  roll: Roll,
  submission: Submission,
): Result<{ readonly roll: Roll; readonly changes: readonly Change[] }, TakeRefused> {
  const marked = markedBy(submission, roll);
  if (!marked.ok) return marked;
  const added = add(roll.rollCall, submission);
  if (!added.ok) return added;
  return ok({ roll: { ...roll, rollCall: added.value }, changes: changesBy(submission, roll, marked.value) });
}

function markedBy({ marks, submittedAt }: Submission, { rollCall, pupils }: Roll): Result<readonly KnownPupil[], TakeRefused> {
  const { classId, date } = rollCall;
  const known = new Map(pupils.map((pupil) => [pupil.id, pupil]));
  const marked = new Map<string, KnownPupil>();
  for (const [at, { studentId, reportedAt }] of marks.entries()) {
    if (reportedAt && isAhead(reportedAt, submittedAt)) return err({ code: 'CLOCK_AHEAD', at: reportedAt, now: submittedAt });
    const named = marks.length > 1 ? { studentId, place: at + 1 } : { studentId };
    const pupil = atSchool(known.get(studentId), named, date);
    if (!pupil.ok) return pupil;
    const here = inClass(pupil.value, { classId, date, named });
    if (!here.ok) return here;
    if (marked.has(studentId)) return err({ code: 'MARKED_TWICE', studentId, student: labelOf(named) });
    marked.set(studentId, here.value);
  }
  return ok([...marked.values()]);
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
  if (roll.noSchool) return { marked: [], unmarked: [] };
  const said = saidIn(roll);
  const markedHere = new Set(rollCall.submissions.flatMap(({ marks }) => marks.map(({ studentId }) => studentId)));
  const marked: Marked[] = [];
  const unmarked: string[] = [];
  for (const pupil of pupils.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const { reports, leaves } = said(pupil.id);
    const { id: studentId } = pupil;
    const belongs = classOn(pupil, rollCall.date) === rollCall.classId && atSchool(pupil, { studentId }, rollCall.date).ok;
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

/** Leave of the pupil that bears on the half-day. */
export function coveringOf(leaves: readonly LeaveRequest[], studentId: string, half: HalfDay): CoveringLeave[] {
  return leaves.flatMap((leave) => (leave.studentId === studentId ? (covering(leave, half) ?? []) : []));
}
