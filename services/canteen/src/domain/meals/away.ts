import { earlier } from '../clock-time.ts';

/** A pupil is away as to one meal. */
export type Away = {
  /** When the school was first told. */
  readonly reportedAt: Date;
  /** When the absence that lasts now was reported: later than `reportedAt` where an earlier one had ended. */
  readonly since: Date;
  /** The pupil is here after all, and the report of that came after the cut-off. */
  readonly hereSince: Date | undefined;
};

/**
 * Somebody reports that the pupil is away, for the first time or once more. Of one absence the first report counts: what was cut in time
 * was not cooked, so no later report, of another reason or another half-day, makes it late.
 */
export function wentAway(before: Away | undefined, reportedAt: Date): Away {
  if (!before) return { reportedAt, since: reportedAt, hereSince: undefined };
  const since = before.hereSince ? reportedAt : earlier(before.since, reportedAt);
  return { reportedAt: earlier(before.reportedAt, reportedAt), since, hereSince: undefined };
}

/**
 * Somebody reports that the pupil is here. A cut that was reported in time stays where the return is reported after the cut-off, since no
 * portion was cooked; one that was reported late simply ends, since its portion was.
 */
export function cameBack(before: Away | undefined, reportedAt: Date, cutoffAt: Date): Away | undefined {
  if (!before || before.reportedAt >= cutoffAt || reportedAt < cutoffAt) return undefined;
  return { ...before, hereSince: before.hereSince ?? reportedAt };
}
