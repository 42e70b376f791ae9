import { collection, rowsOf, type Session, stored, unique } from '@schoolbell/service-kit';
import type { Session as DaySession } from '../domain/half-day.ts';
import type { ActSource, MarkKind } from '../domain/mark.ts';
import type { RollCall } from '../domain/roll-call.ts';

const { day, id, instant, list, maybe, number, part, text, textOf } = stored;

const submission = part({
  ...{ id: text, source: textOf<ActSource>(), takenAt: instant, submittedAt: instant, by: text, reason: maybe(text) },
  // Without `reportedAt` the school was told when they were taken.
  marks: list(part({ studentId: text, kind: textOf<MarkKind>(), reportedAt: maybe(instant) })),
});
const rollCall = {
  ...{ id, classId: text, className: text, date: day, session: textOf<DaySession>() },
  ...{ submissions: list(submission), version: number },
};

export const rollCalls = collection('roll_calls', rollCall, {
  // An id that was used for another class or half-day is found by this.
  indexes: [unique({ schoolId: 1, 'submissions.id': 1 }, { 'submissions.id': { $exists: true } })],
});

/** One document per class and half-day, with everything that was said of it. */
export function rollCallStore(session: Session) {
  const rows = rowsOf(session, rollCalls);
  return {
    /** Those of these ids that are stored, and every one in which one of these submissions stands. */
    async findAll(ids: readonly string[], submissionIds: readonly string[] = []): Promise<RollCall[]> {
      const some = { _id: { $in: [...ids] } };
      if (submissionIds.length === 0) return ids.length === 0 ? [] : rows.all(some);
      // The school stands inside the branch too: without it the planner sees no index for it and reads the whole collection.
      const standing = { schoolId: session.schoolId, 'submissions.id': { $in: [...submissionIds] } };
      return rows.all({ $or: [some, standing] });
    },
    /** Writes what came in since `before` was read; whoever wrote in between makes this transaction run again. */
    save(before: RollCall, after: RollCall): void {
      const added = { ...after, submissions: after.submissions.slice(before.submissions.length) };
      const { _id, version, submissions } = rollCalls.write(added, {});
      const push = submissions.length > 0 ? { $push: { submissions: { $each: submissions } } } : {};
      if (before.version === 0) rows.insert(added);
      else rows.documents.update({ _id, version: before.version }, { ...push, $set: { version } });
    },
  };
}
