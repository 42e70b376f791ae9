import type { HalfDay } from './half-day.ts';
import type { MarkKind } from './mark.ts';
import { type Roll, standingsOf } from './roll.ts';

export type SchoolClass = { readonly classId: string; readonly className: string; readonly grade: number };
export type Place = SchoolClass & { readonly half: HalfDay };

/** How a class stands in a half-day, counted. */
export type RollSummary = {
  readonly classId: string;
  readonly className: string;
  readonly half: HalfDay;
  /** Who called the roll last, and when by the clock of the device. */
  readonly called: { readonly at: Date; readonly by: string } | undefined;
  readonly counts: Readonly<Record<MarkKind, number>>;
  readonly unmarked: number;
};

/** Each class in each half-day, by grade, name and half of the day, from behind `after`; `next` is the key of the last one while there is more. */
export function placesAfter(
  classes: readonly SchoolClass[],
  halves: readonly HalfDay[],
  { after, size }: { readonly after: string; readonly size: number },
): { readonly places: readonly Place[]; readonly next: string | undefined } {
  const keyed = classes.flatMap((one) => halves.map((half, nth) => ({ key: keyOf(one, nth), place: { ...one, half } })));
  const left = keyed.filter(({ key }) => key > after).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const shown = left.slice(0, size);
  return { places: shown.map(({ place }) => place), next: left.length > size ? shown.at(-1)?.key : undefined };
}

// Grade 0 is that of a class whose name begins with no number.
function keyOf({ grade, className, classId }: SchoolClass, nthHalf: number): string {
  return `${String(grade).padStart(2, '0')} ${className} ${classId} ${nthHalf}`;
}

export function summaryOf(roll: Roll): RollSummary {
  const { classId, className, date, session, submissions } = roll.rollCall;
  const { marked, unmarked } = standingsOf(roll);
  const counts = { PRESENT: 0, LATE: 0, ABSENT_WITH_LEAVE: 0, ABSENT_WITHOUT_LEAVE: 0 };
  for (const { standing } of marked) counts[standing.kind]++;
  const last = submissions
    .filter(({ source }) => source === 'ROLL_CALL')
    .toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime())
    .at(-1);
  const called = last && { at: last.takenAt, by: last.by };
  return { classId, className, half: { date, session }, called, counts, unmarked: unmarked.length };
}
