import { earlier } from '../clock-time.ts';

/** A pupil is away as to one meal, told at `told`. */
export type Away = {
  readonly told: Date;
  /** When the absence that lasts now was told: later than `told` where it was interrupted. */
  readonly since: Date;
  /** The pupil is here after all, and the school heard of that after the cut-off. */
  readonly hereSince: Date | undefined;
};

/**
 * The school is told that the pupil is away, for the first time or once more. Of one absence the first word counts: what was cut in time
 * was not cooked, so no later word, of another reason or another half-day, makes it late.
 */
export function wentAway(before: Away | undefined, told: Date): Away {
  if (!before) return { told, since: told, hereSince: undefined };
  const since = before.hereSince ? told : earlier(before.since, told);
  return { told: earlier(before.told, told), since, hereSince: undefined };
}

/**
 * The school is told at `at` that the pupil is here. A cut that was told in time stands where its end is told after the cut-off, since no
 * portion was cooked; one that was told late simply ends, since its portion was.
 */
export function cameBack(before: Away | undefined, at: Date, cutoffAt: Date): Away | undefined {
  if (!before || before.told >= cutoffAt || at < cutoffAt) return undefined;
  return { ...before, hereSince: before.hereSince ?? at };
}
