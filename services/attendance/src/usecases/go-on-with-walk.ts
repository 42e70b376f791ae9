import { changedHalves } from '../domain/calendar.ts';
import { changesByCalendar, moveOn } from '../domain/calendar-walk.ts';
import type { Change } from '../domain/change.ts';
import type { HalfDay } from '../domain/half-day.ts';
import { rollCallIdsOf } from '../domain/leave-marks.ts';
import { standingChanged } from '../events.ts';
import type { AttendanceTx } from '../tx.ts';

/** Looks at the next class of a walk, and moves on in the same transaction. */
export async function goOnWithWalk(tx: AttendanceTx, walkId: string): Promise<void> {
  const walk = await tx.walks.find(walkId);
  if (!walk || walk.done || walk.dueAt > tx.now) return;
  const [before, after] = [await tx.years.find(walk.before), await tx.years.find(walk.id)];
  const classId = await tx.students.classAfter(walk.classId);
  const halves = before && after ? changedHalves(before, after) : [];
  const changes = classId === undefined ? [] : await changesOf(tx, classId, halves);
  for (const change of changes) {
    tx.absences.keep(change);
    for (const event of standingChanged(change, walk.startedAt)) tx.emit(event);
  }
  tx.walks.save(walk, moveOn(walk, classId));
}

/** Of who is in the class, or was: a pupil who changes class in the midst of a walk is not missed. */
async function changesOf(tx: AttendanceTx, classId: string, halves: readonly HalfDay[]): Promise<Change[]> {
  const [firstDay, lastDay] = [halves.at(0)?.date, halves.at(-1)?.date];
  if (firstDay === undefined || lastDay === undefined) return [];
  const pupils = await tx.students.ofClass(classId);
  const studentIds = pupils.map(({ id }) => id);
  const rollCalls = await tx.rollCalls.findAll([...new Set(pupils.flatMap((pupil) => rollCallIdsOf(pupil, halves)))]);
  const leaves = await tx.leaves.touching(studentIds, firstDay, lastDay);
  const told = await tx.absences.told(studentIds, firstDay, lastDay);
  const years = await tx.years.current();
  return pupils.flatMap((pupil) => changesByCalendar({ pupil, halves, rollCalls, leaves }, told.get(pupil.id) ?? [], years));
}
