import { ok, type Result, type SchoolDate } from '@schoolbell/kernel';
import { type NoSchool, schoolOn } from '../domain/calendar.ts';
import { halvesOf, type Session } from '../domain/half-day.ts';
import { placesAfter, type RollSummary, summaryOf } from '../domain/overview.ts';
import { type Actor, mayActForClass } from '../domain/rights.ts';
import type { AttendanceTx, Page } from '../tx.ts';

export interface RollCallListQuestion {
  readonly date: SchoolDate;
  /** Every half of the day with school where it is left out. */
  readonly session: Session | undefined;
  readonly actor: Actor;
  readonly page: { readonly after: string; readonly size: number };
}

/** rpc ListRollCalls: the morning view of the office. */
export async function listRollCalls(
  tx: AttendanceTx,
  { date, session, actor, page }: RollCallListQuestion,
): Promise<Result<Page<RollSummary>, NoSchool>> {
  const year = await tx.years.holding(date);
  const asked = halvesOf(date).filter((half) => session === undefined || half.session === session);
  const halves = asked.filter((half) => schoolOn(year, half).ok);
  const closed = asked.map((half) => schoolOn(year, half)).find(({ ok: open }) => !open);
  if (halves.length === 0 && closed && !closed.ok) return closed;

  const authority = await tx.authority.of(actor);
  const classes = (await tx.students.classesOn(date)).filter(({ classId }) => mayActForClass(authority, { classId, date }).ok);
  const { places, next } = placesAfter(classes, halves, page);
  return ok({ rows: (await tx.rolls.openAll(places, date)).map(summaryOf), next });
}
