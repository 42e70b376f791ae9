import { type Ok, ok } from '@schoolbell/kernel';
import { type AbsenceAlert, factOf, type HeldAlert, type OtherHalf, release } from '../../domain/absences/absence-alert.ts';
import type { HalfDay } from '../../domain/absences/mark.ts';
import { type Known, tell } from '../../domain/alerts/audience.ts';
import type { NotificationTx } from '../../tx.ts';

/** Of these, or of any that are due. */
export type DueSome = { readonly limit: number; readonly ids?: readonly string[] };
export type ReleasedSome = { readonly looked: number; readonly released: number };

/** Timer: held alerts whose time has come. Their letters are queued in the same transaction, so a worker that dies has released nothing or all. */
export async function releaseDueAbsences(tx: NotificationTx, { limit, ids }: DueSome): Promise<Ok<ReleasedSome>> {
  const due = (await tx.absences.due(limit, ids)).filter((alert) => alert.status === 'HELD').toSorted(byHalfDay);
  if (due.length === 0) return ok({ looked: 0, released: 0 });
  const day = await openDay(tx, due);
  const rosterOf = await openRoster(tx, due);
  let released = 0;
  for (const alert of due) {
    const after = release(alert, day.otherHalf(alert), tx.now);
    tx.absences.save(alert, after);
    day.set(after);
    if (after.status !== 'RELEASED') continue;
    released++;
    const told = tell(factOf(after), alert.origin, rosterOf(alert.mark.studentId), tx);
    tx.alerts.insert(told.alert);
    for (const { delivery, message } of told.letters) tx.deliveries.insert(delivery, message);
  }
  // What became of their meals may be told now.
  tx.alerts.lookNow([...new Set(due.map(({ mark }) => mark.studentId))]);
  return ok({ looked: due.length, released });
}

// A morning that is due together with its afternoon is told first: then the afternoon need not be.
function byHalfDay(a: HeldAlert, b: HeldAlert): number {
  return orderOf(a.mark) < orderOf(b.mark) ? -1 : 1;
}

function orderOf({ date, session }: HalfDay): string {
  return `${date} ${session === 'MORNING' ? 1 : 2}`;
}

interface Day {
  otherHalf(alert: HeldAlert): OtherHalf;
  set(alert: AbsenceAlert): void;
}

/** What guardians know of the mornings before these afternoons. */
async function openDay(tx: NotificationTx, due: readonly HeldAlert[]): Promise<Day> {
  const key = ({ mark: { studentId, date } }: AbsenceAlert) => `${studentId} ${date}`;
  const afternoons = due.filter(({ mark }) => mark.session === 'AFTERNOON');
  const halves = afternoons.length === 0 ? [] : await tx.absences.ofDays(afternoons.map(({ mark }) => mark));
  const mornings = new Map(halves.filter(({ mark }) => mark.session === 'MORNING').map((alert) => [key(alert), alert]));
  const events = [...mornings.values()].flatMap((alert) => (alert.status === 'RELEASED' ? [alert.told.eventId] : []));
  const deliveries = Map.groupBy(events.length === 0 ? [] : await tx.deliveries.ofEvents(events), ({ eventId }) => eventId);
  return {
    otherHalf: (alert) => {
      const morning = mornings.get(key(alert));
      const letters = morning?.status === 'RELEASED' ? (deliveries.get(morning.told.eventId) ?? []) : [];
      return { alert: morning, reached: letters.length === 0 || letters.some(({ status }) => status !== 'FAILED') };
    },
    set: (alert) => {
      if (alert.mark.session === 'MORNING') mornings.set(key(alert), alert);
    },
  };
}

async function openRoster(tx: NotificationTx, due: readonly HeldAlert[]): Promise<(studentId: string) => Known> {
  const studentIds = [...new Set(due.map(({ mark }) => mark.studentId))];
  const school = await tx.schools.own();
  const students = new Map((await tx.students.find(studentIds)).map((student) => [student.id, student]));
  const guardians = await tx.guardians.ofStudents(studentIds);
  return (studentId) => ({ school, student: students.get(studentId), guardians });
}
