/** Minutes since midnight in the school of the replay: 450 is 07:30. */
export type SchoolMinute = number;

/** The hours of a replayed morning on the real clock. */
export interface SchoolClock {
  /** A whole minute, since a cut-off is laid down in minutes. */
  readonly cutoffAt: Date;
  /** School time over real time, before the cut-off and after it. */
  readonly speeds: readonly [before: number, after: number];
  realOf(minute: SchoolMinute): Date;
  minuteOf(instant: Date): SchoolMinute;
}

export interface ReplaySpan {
  readonly now: Date;
  /** School time over real time as it is wished. */
  readonly speed: number;
  readonly from: SchoolMinute;
  readonly cutoff: SchoolMinute;
}

/** Booking, roll calls and leave go through four services before the cut-off. */
const shortestLeadMs = 20_000;
const minuteMs = 60_000;

/** The replay begins now; its hours before the cut-off are stretched or pressed so that the cut-off falls on a whole minute. */
export function schoolClock({ now, speed, from, cutoff }: ReplaySpan): SchoolClock {
  const wishedMs = Math.max(shortestLeadMs, ((cutoff - from) * minuteMs) / speed);
  const earliest = Math.ceil((now.getTime() + shortestLeadMs) / minuteMs) * minuteMs;
  const cutoffMs = Math.max(earliest, Math.round((now.getTime() + wishedMs) / minuteMs) * minuteMs);
  const before = ((cutoff - from) * minuteMs) / (cutoffMs - now.getTime());
  const speedAt = (past: number) => (past < 0 ? before : speed);
  return {
    cutoffAt: new Date(cutoffMs),
    speeds: [before, speed],
    realOf: (minute) => new Date(cutoffMs + ((minute - cutoff) * minuteMs) / speedAt(minute - cutoff)),
    minuteOf: (instant) => {
      const past = instant.getTime() - cutoffMs;
      return cutoff + (past * speedAt(past)) / minuteMs;
    },
  };
}

/** "07:30" */
export function minuteText(minute: SchoolMinute): string {
  const whole = Math.floor(minute + 1e-6);
  return [Math.floor(whole / 60), whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** 450 for "07:30". */
export function minuteFrom(text: string): SchoolMinute {
  const [hours, minutes] = text.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
