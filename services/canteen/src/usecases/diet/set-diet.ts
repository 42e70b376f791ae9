import { err, ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import { lookAnew } from '../../domain/change.ts';
import { later } from '../../domain/clock-time.ts';
import { dietOn, type SetDiet, sameDiet } from '../../domain/diet.ts';
import { atSchool, type PupilRefused } from '../../domain/pupil.ts';
import { standingChanged } from '../../events.ts';
import type { CanteenTx } from '../../tx.ts';

export type DietRefused = PupilRefused | { readonly code: 'ID_REUSED'; readonly id: string };

/** rpc SetDiet: one more diet of a pupil. It reaches booked meals at once, also those whose cut-off is past: safety comes first. */
export async function setDiet(
  tx: CanteenTx,
  { wanted, by }: { readonly wanted: Omit<SetDiet, 'order'>; readonly by: string },
): Promise<Result<SetDiet, DietRefused>> {
  const { id, studentId, since } = wanted;
  const earlier = await tx.diets.find(id);
  if (earlier) return isSame(earlier, wanted) ? ok(earlier) : err({ code: 'ID_REUSED', id });
  const today = schoolDateOf(tx.now);
  const pupil = atSchool(await tx.students.find(studentId), studentId, today);
  if (!pupil.ok) return pupil;
  const others = await tx.diets.ofPupils([studentId]);
  const set: SetDiet = { ...wanted, order: Math.max(0, ...others.map(({ order }) => order)) + 1 };

  tx.turns.take(studentId);
  tx.diets.insert(set, { at: tx.now, by });
  const firstDay = later(since, today);
  for (const booking of await tx.bookings.between([studentId], { firstDay, lastDay: undefined })) {
    const attendance = (await tx.attendance.open(studentId, booking.date)).facts;
    const looking = { attendance, cause: { reason: 'OFFICE', reportedAt: tx.now }, now: tx.now } as const;
    const change = lookAnew(booking, { diet: dietOn([...others, set], booking.date) }, looking);
    if (!change) continue;
    tx.bookings.save(change.after);
    for (const event of standingChanged(change)) tx.emit(event);
  }
  return ok(set);
}

function isSame(earlier: SetDiet, wanted: Omit<SetDiet, 'order'>): boolean {
  return earlier.studentId === wanted.studentId && earlier.since === wanted.since && sameDiet(earlier.diet, wanted.diet);
}
