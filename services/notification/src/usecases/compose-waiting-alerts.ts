import { type Ok, ok } from '@schoolbell/kernel';
import { nextLook, settled, waitIsOver } from '../domain/alert.ts';
import { audienceOf, lettersFor } from '../domain/audience.ts';
import type { NotificationTx } from '../tx.ts';

export type LookedAgain = { readonly looked: number; readonly composed: number };

/**
 * Timer: alerts that came before the roster. The roster is asked rather than telling: its events are written without reading,
 * and an alert that was kept in the same instant as its guardian arrived would otherwise be missed by both.
 */
export async function composeWaitingAlerts(tx: NotificationTx, { limit }: { limit: number }): Promise<Ok<LookedAgain>> {
  const alerts = await tx.alerts.toLookAgain(limit);
  const studentIds = [...new Set(alerts.map(({ origin }) => origin.studentId))];
  if (studentIds.length === 0) return ok({ looked: 0, composed: 0 });
  const school = await tx.schools.own();
  const students = new Map((await tx.students.find(studentIds)).map((student) => [student.id, student]));
  const guardians = await tx.guardians.ofStudents(studentIds);

  let composed = 0;
  for (const alert of alerts) {
    const { origin, fact } = alert;
    const audience = audienceOf(origin.studentId, { school, student: students.get(origin.studentId), guardians });
    if (audience) {
      const letters = lettersFor(fact, origin, audience, tx);
      for (const { delivery, message } of letters) tx.deliveries.insert(delivery, message);
      tx.alerts.settle(settled('COMPOSED', { origin, fact, deliveries: letters.length, now: tx.now }));
      composed++;
    } else if (waitIsOver(alert, tx.now)) {
      tx.alerts.settle(settled('EXPIRED', { origin, fact, deliveries: 0, now: tx.now }));
    } else {
      tx.alerts.postpone(alert, nextLook(alert.heardAt, tx.now));
    }
  }
  return ok({ looked: alerts.length, composed });
}
