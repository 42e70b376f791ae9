import { err, ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import { later } from '../../domain/clock-time.ts';
import { reassess } from '../../domain/meals/change.ts';
import { type DietDrops, type DietWish, dietOn, type SetDiet, sameDiet, setDiet as set } from '../../domain/meals/diet.ts';
import { atSchool, type PupilRefused } from '../../domain/roster/pupil.ts';
import { statusChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export type DietRefused = PupilRefused | DietDrops | { readonly code: 'ID_REUSED'; readonly id: string };

/** rpc SetDiet: adds a diet of a pupil. It reaches booked meals at once, also those whose cut-off is past: safety comes first. */
export async function setDiet(
  tx: CanteenTx,
  { wanted, by }: { readonly wanted: DietWish; readonly by: string },
): Promise<Result<SetDiet, DietRefused>> {
  const { id, studentId, since } = wanted;
  const earlier = await tx.diets.find(id);
  if (earlier) return isSame(earlier, wanted) ? ok(earlier) : err({ code: 'ID_REUSED', id });
  const today = schoolDateOf(tx.now);
  const pupil = atSchool(await tx.students.find(studentId), studentId, today);
  if (!pupil.ok) return pupil;
  const others = await tx.diets.ofPupils([studentId]);
  const { className } = pupil.value;
  const added = set(wanted, { others, pupil: { studentId, className }, newId: tx.newId });
  if (!added.ok) return added;

  tx.lockRows.lock(studentId);
  for (const diet of added.value) tx.diets.insert(diet, { at: tx.now, by });
  const firstDay = later(since, today);
  for (const booking of await tx.bookings.between([studentId], { firstDay, lastDay: undefined })) {
    const attendance = (await tx.attendance.open(studentId, booking.date)).facts;
    const looking = { attendance, cause: { reason: 'OFFICE', reportedAt: tx.now }, now: tx.now } as const;
    const change = reassess(booking, { diet: dietOn([...others, ...added.value], booking.date) }, looking);
    if (!change) continue;
    tx.bookings.save(change.after);
    for (const event of statusChanged(change)) tx.emit(event);
  }
  return ok(added.value[0]);
}

function isSame(earlier: SetDiet, wanted: DietWish): boolean {
  return earlier.studentId === wanted.studentId && earlier.since === wanted.since && sameDiet(earlier.diet, wanted.diet);
}
