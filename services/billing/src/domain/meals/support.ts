import {
  equal,
  err,
  isPositive,
  lessThan,
  type Money,
  minus,
  ok,
  type Result,
  type SchoolDate,
  smaller,
  vnd,
  zero,
} from '@schoolbell/kernel';
import type { CreditChange, Portion, PortionSupport, Settled } from './portion.ts';

/** A pupil's right to public lunch support from `effectiveFrom` until the day before `effectiveUntil`. */
export type LunchSupport = {
  readonly id: string;
  readonly studentId: string;
  readonly amountPerDay: Money;
  readonly effectiveFrom: SchoolDate;
  readonly effectiveUntil: SchoolDate | undefined;
  readonly source: SupportSource;
  readonly citation: string;
  /** Every day before it has been looked at. */
  readonly settledUntil: SchoolDate;
};

/** OTHER: a council whose ceiling is not known here, so that the citation alone stands for the amount. */
export const supportSources = ['HCMC', 'HANOI', 'OTHER'] as const;
export type SupportSource = (typeof supportSources)[number];

interface Ceiling {
  readonly source: SupportSource;
  readonly perDay: Money;
  readonly effectiveFrom: SchoolDate;
  readonly effectiveUntil: SchoolDate | undefined;
  readonly citation: string;
}

// From the first school year that the sources speak of. HCMC's was a draft when it was read: a new text is a new row here, and ends
// the one before.
const ceilings: readonly Ceiling[] = [
  {
    source: 'HCMC',
    perDay: vnd(40_000n),
    effectiveFrom: '2025-09-05' as SchoolDate,
    effectiveUntil: undefined,
    citation: 'Dự thảo nghị quyết HĐND TP.HCM (vietnamnet.vn 2470778)',
  },
  {
    source: 'HANOI',
    perDay: vnd(30_000n),
    effectiveFrom: '2025-09-05' as SchoolDate,
    effectiveUntil: undefined,
    citation: 'NQ 18/2025/NQ-HĐND Hà Nội (tienphong.vn post1775706)',
  },
];

export type SupportRefused =
  | { readonly code: 'ID_REUSED'; readonly id: string }
  | { readonly code: 'SUPPORT_ENDS_TOO_EARLY'; readonly effectiveFrom: SchoolDate }
  | { readonly code: 'SUPPORT_ENDED_BEFORE'; readonly effectiveUntil: SchoolDate }
  | { readonly code: 'SUPPORT_OVER_CEILING'; readonly ceiling: Money; readonly citation: string }
  /** `span` of the other right as ISO 8601 writes it: "2026-09-01/2027-01-01", its last day not included, or "2026-09-01/..". */
  | { readonly code: 'SUPPORT_OVERLAPS'; readonly otherId: string; readonly span: string };

type Wanted = Omit<LunchSupport, 'settledUntil'>;

/** The right as it is after `wanted` was asked for; `others` are all of the pupil's, and on no day may two of them hold. */
export function grant(
  earlier: LunchSupport | undefined,
  wanted: Wanted,
  others: readonly LunchSupport[],
): Result<LunchSupport, SupportRefused> {
  const { id, effectiveFrom, effectiveUntil, source, amountPerDay } = wanted;
  if (earlier) return isSameRight(earlier, wanted) ? ok(earlier) : err({ code: 'ID_REUSED', id });
  if (effectiveUntil !== undefined && effectiveUntil <= effectiveFrom) return err({ code: 'SUPPORT_ENDS_TOO_EARLY', effectiveFrom });
  const over = ceilings.find((each) => each.source === source && overlap(each, wanted) && lessThan(each.perDay, amountPerDay));
  if (over) return err({ code: 'SUPPORT_OVER_CEILING', ceiling: over.perDay, citation: over.citation });
  const other = others.find((each) => each.id !== id && overlap(each, wanted));
  if (other) return err({ code: 'SUPPORT_OVERLAPS', otherId: other.id, span: `${other.effectiveFrom}/${other.effectiveUntil ?? '..'}` });
  return ok({ ...wanted, settledUntil: effectiveFrom });
}

/** A right may end earlier than it would, never later: that would be another right. */
export function end(support: LunchSupport, until: SchoolDate): Result<LunchSupport, SupportRefused> {
  const { effectiveFrom, effectiveUntil } = support;
  if (until === effectiveUntil) return ok(support);
  if (until < effectiveFrom) return err({ code: 'SUPPORT_ENDS_TOO_EARLY', effectiveFrom });
  if (effectiveUntil !== undefined && effectiveUntil < until) return err({ code: 'SUPPORT_ENDED_BEFORE', effectiveUntil });
  return ok({ ...support, effectiveUntil: until });
}

/** A late repeat of the first call, which knew no end or a later one, is still the same right. */
function isSameRight(earlier: LunchSupport, wanted: Wanted): boolean {
  return (
    earlier.studentId === wanted.studentId &&
    equal(earlier.amountPerDay, wanted.amountPerDay) &&
    earlier.effectiveFrom === wanted.effectiveFrom &&
    earlier.source === wanted.source &&
    earlier.citation === wanted.citation &&
    (wanted.effectiveUntil === undefined || (earlier.effectiveUntil !== undefined && earlier.effectiveUntil <= wanted.effectiveUntil))
  );
}

type Span = { readonly effectiveFrom: SchoolDate; readonly effectiveUntil: SchoolDate | undefined };

function overlap(a: Span, b: Span): boolean {
  return beginsBeforeEndOf(a, b) && beginsBeforeEndOf(b, a);
}

function beginsBeforeEndOf({ effectiveFrom }: Span, { effectiveUntil }: Span): boolean {
  return effectiveUntil === undefined || effectiveFrom < effectiveUntil;
}

/** Public money pays for lunches that were eaten: the day is over, and nobody said before or after that the pupil would not eat. */
function supportDue(portion: Portion, rights: readonly LunchSupport[], today: SchoolDate): PortionSupport | undefined {
  const { meal, status, date, price } = portion;
  if (meal !== 'LUNCH' || status !== 'BOOKED' || date >= today) return undefined;
  const right = rights.find((each) => each.effectiveFrom <= date && (each.effectiveUntil === undefined || date < each.effectiveUntil));
  const amount = right ? smaller(right.amountPerDay, price) : zero;
  return right && isPositive(amount) ? { amount, source: right.source } : undefined;
}

/** Brings the support of a portion to what is due, by the difference; what another source had paid goes back to that one. */
export function settleSupport(portion: Portion, rights: readonly LunchSupport[], today: SchoolDate): Settled {
  const { supported: before, entries } = portion;
  const after = supportDue(portion, rights, today);
  const moved: { amount: Money; source: string }[] = [];
  if (before && before.source === after?.source) moved.push({ source: before.source, amount: minus(after.amount, before.amount) });
  else {
    if (before) moved.push({ source: before.source, amount: minus(zero, before.amount) });
    if (after) moved.push(after);
  }
  const { bookingId, date, meal } = portion;
  const changes = moved
    .filter(({ amount }) => !equal(amount, zero))
    .map((each, at): CreditChange => ({ bookingId, date, meal, ...each, reason: 'LUNCH_SUPPORT', entry: entries + at }));
  return { portion: changes.length > 0 ? { ...portion, supported: after, entries: entries + changes.length } : portion, changes };
}
