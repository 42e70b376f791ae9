import { err, ok, type Result } from '@schoolbell/kernel';
import type { Origin } from '../alerts/alert.ts';
import type { Absent, Late, MarkRetracted } from '../alerts/fact.ts';
import { type AbsencePolicy, isStale, releaseTime, tells } from './absence-policy.ts';
import { type HalfDay, type Mark, type News, newsOf } from './mark.ts';

/** How one pupil stands in one half-day, and what guardians hear of it: what was told against what stands decides the next step. */
export type AbsenceAlert = HeldAlert | ReleasedAlert | SuppressedAlert | RetractedAlert;

type Base = {
  /** The mark as it stands; `version` is that of the event which brought it. */
  readonly mark: Mark;
  readonly version: number;
};

/** What is to be told, and the event that said so: its letters are known by that event. */
type Opening = { readonly origin: Origin; readonly news: News };

export type HeldAlert = Base &
  Opening & {
    readonly status: 'HELD';
    readonly releaseAt: Date;
    readonly confirmed?: Decision;
    /** Guardians were told that the pupil came late, which the alert would put right. */
    readonly told?: Telling;
  };

export type ReleasedAlert = Base & { readonly status: 'RELEASED'; readonly told: Telling; readonly confirmed?: Decision };
export type RetractedAlert = Base & { readonly status: 'RETRACTED'; readonly retractedAt: Date };

export type SuppressedAlert = Base & { readonly status: 'SUPPRESSED' } & (
    | { readonly because: 'CORRECTED' | 'NOT_TOLD' }
    | (Opening & { readonly because: 'CONTINUES' | 'STALE' })
    | (Opening & { readonly because: 'HELD_BACK'; readonly decision: Decision; readonly reason: string })
  );

export type Decision = { readonly by: string; readonly at: Date };
export type Telling = { readonly eventId: string; readonly news: News; readonly at: Date };

/** A mark as it is heard. */
export type Heard = { readonly mark: Mark; readonly version: number; readonly origin: Origin };

/** What follows from a mark: how the alert stands now, and what must be taken back. */
export type Step = { readonly alert: AbsenceAlert; readonly takeBack?: Telling };

/** undefined for a mark that is older than what stands. */
export function hear(before: AbsenceAlert | undefined, heard: Heard, policy: AbsencePolicy, now: Date): Step | undefined {
  const { mark, version } = heard;
  if (before && before.version >= version) return undefined;
  const base = { mark, version };
  const news = newsOf(mark.kind);
  const told = before && 'told' in before ? before.told : undefined;
  if (told && told.news === news) return { alert: { ...base, status: 'RELEASED', told } };
  const worse = told?.news === 'LATE' && news === 'ABSENT' && tells(policy, mark.kind);
  if (told && !worse) return { alert: { ...base, status: 'RETRACTED', retractedAt: now }, takeBack: told };
  return { alert: untold(before, heard, policy) };
}

/** Where nobody believes anything wrong: the alert is held, goes on waiting, or there is nothing to tell. */
function untold(before: AbsenceAlert | undefined, { mark, version, origin }: Heard, policy: AbsencePolicy): AbsenceAlert {
  const news = newsOf(mark.kind);
  if (!news) {
    if (before?.status === 'RETRACTED') return { ...before, mark, version };
    return { mark, version, status: 'SUPPRESSED', because: 'CORRECTED' };
  }
  // The same news with another time or with leave is no new alert: a hold is not prolonged by it, and a person's decision stands.
  const known = before && 'news' in before && before.news === news ? before : undefined;
  if (known?.status === 'SUPPRESSED') return { ...known, mark, version };
  if (!tells(policy, mark.kind)) return { mark, version, status: 'SUPPRESSED', because: 'NOT_TOLD' };
  if (known?.status === 'HELD') return { ...known, mark, version };
  const held: HeldAlert = { mark, version, status: 'HELD', origin, news, releaseAt: releaseTime(policy, mark) };
  return before && 'told' in before && before.told ? { ...held, told: before.told } : held;
}

/** The other half of the day, as far as it bears on what a guardian must hear. */
export type OtherHalf = {
  readonly alert: AbsenceAlert | undefined;
  /** False where letters went out and not one of them arrived. */
  readonly reached: boolean;
};

/** What becomes of an alert whose time has come. */
export function release(alert: HeldAlert, other: OtherHalf, now: Date): ReleasedAlert | SuppressedAlert {
  const { mark, version, origin, news, confirmed } = alert;
  const opening = { origin, news };
  if (isStale(mark.date, now)) return { mark, version, status: 'SUPPRESSED', because: 'STALE', ...opening };
  if (continues(alert, other)) return { mark, version, status: 'SUPPRESSED', because: 'CONTINUES', ...opening };
  const told = { eventId: origin.eventId, news, at: now };
  return { mark, version, status: 'RELEASED', told, ...(confirmed ? { confirmed } : {}) };
}

/** Guardians who know that the child is away since the morning are not told again at noon. Only this way round: who was here in the morning is missed. */
function continues({ mark, news }: HeldAlert, { alert: morning, reached }: OtherHalf): boolean {
  if (mark.session !== 'AFTERNOON' || news !== 'ABSENT') return false;
  return morning?.status === 'RELEASED' && morning.told.news === 'ABSENT' && reached;
}

/** The afternoon after the morning's alert was taken back: nobody knows of it any more, so it is told at once. */
export function reopen(afternoon: AbsenceAlert | undefined, now: Date): HeldAlert | undefined {
  if (afternoon?.status !== 'SUPPRESSED' || afternoon.because !== 'CONTINUES') return undefined;
  const { mark, version, origin, news } = afternoon;
  return { mark, version, origin, news, status: 'HELD', releaseAt: now };
}

/** A person says that the mark is right: the alert is due. One that was held back is let go only where the pupil is `named`. */
export function confirm(alert: AbsenceAlert, { by, named }: { by: string; named: boolean }, now: Date): AbsenceAlert {
  const confirmed = { by, at: now };
  if (alert.status === 'HELD') return alert.confirmed ? alert : { ...alert, confirmed, releaseAt: now };
  if (!named || alert.status !== 'SUPPRESSED' || alert.because !== 'HELD_BACK') return alert;
  const { mark, version, origin, news } = alert;
  return { mark, version, origin, news, status: 'HELD', confirmed, releaseAt: now };
}

export type NotHeld = { readonly code: 'ALERT_WENT_OUT' } | { readonly code: 'NOTHING_TO_HOLD' };

/** A person says that nobody is to be told. */
export function holdBack(alert: AbsenceAlert, { by, reason }: { by: string; reason: string }, now: Date): Result<AbsenceAlert, NotHeld> {
  switch (alert.status) {
    case 'HELD': {
      const { mark, version, origin, news } = alert;
      return ok({ mark, version, origin, news, status: 'SUPPRESSED', because: 'HELD_BACK', decision: { by, at: now }, reason });
    }
    case 'SUPPRESSED':
      return alert.because === 'HELD_BACK' ? ok(alert) : err({ code: 'NOTHING_TO_HOLD' });
    case 'RELEASED':
    case 'RETRACTED':
      return err({ code: 'ALERT_WENT_OUT' });
  }
}

/** What the letters of a released alert say. */
export function factOf({ mark, told }: ReleasedAlert): Absent | Late {
  const { studentName, className, date, session, kind, reportedAt, source } = mark;
  const common = { studentName, className, date, session, reportedAt };
  if (told.news === 'LATE') return { ...common, kind: 'LATE' };
  return { ...common, kind: 'ABSENT', withLeave: kind === 'ABSENT_WITH_LEAVE', source };
}

export function retractionOf({ mark }: AbsenceAlert, { news }: Telling): MarkRetracted {
  const { studentName, className, date, session, kind, reportedAt } = mark;
  return { kind: 'MARK_RETRACTED', studentName, className, date, session, said: news, stands: kind, reportedAt };
}

const kindOrder = [
  ...['ABSENT_WITHOUT_LEAVE', 'ABSENT_WITH_LEAVE', 'LATE', 'EXPECTED', 'PRESENT', 'NO_SCHOOL'],
] as const satisfies readonly Mark['kind'][];
const byName = new Intl.Collator('vi');

/** The order in which a class teacher verifies alerts: the absent first, then by name. */
export function asVerified({ mark: a }: AbsenceAlert, { mark: b }: AbsenceAlert): number {
  const order = kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || byName.compare(a.studentName, b.studentName);
  return order || (a.studentId < b.studentId ? -1 : 1);
}

/** One alert per pupil and half-day. */
export function absenceAlertId(studentId: string, { date, session }: HalfDay): string {
  return `${studentId}:${date}:${session}`;
}
