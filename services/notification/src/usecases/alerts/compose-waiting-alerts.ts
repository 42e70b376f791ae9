import { type Ok, ok } from '@schoolbell/kernel';
import {
  nextLateLook,
  nextLook,
  type OpenAlert,
  settled,
  type ToldAlert,
  told,
  type WaitingAlert,
  waitIsOver,
} from '../../domain/alerts/alert.ts';
import { type Audience, audienceOf, latecomers, lettersFor } from '../../domain/alerts/audience.ts';
import type { NotificationTx } from '../../tx.ts';

/** Of these, or of any whose turn has come. */
export type WaitingSome = { readonly limit: number; readonly ids?: readonly string[] };
export type LookedAgain = { readonly looked: number; readonly composed: number };

/**
 * Timer: alerts that came before the roster, or before a part of it. The roster is asked rather than telling: its events are written
 * without reading, and an alert that was kept in the same instant as its guardian arrived would otherwise be missed by both.
 */
export async function composeWaitingAlerts(tx: NotificationTx, { limit, ids }: WaitingSome): Promise<Ok<LookedAgain>> {
  const alerts = await tx.alerts.toLookAgain(limit, ids);
  const studentIds = [...new Set(alerts.map(({ origin }) => origin.studentId))];
  if (studentIds.length === 0) return ok({ looked: 0, composed: 0 });
  const school = await tx.schools.own();
  const students = new Map((await tx.students.find(studentIds)).map((student) => [student.id, student]));
  const guardians = await tx.guardians.ofStudents(studentIds);
  const toldOf = await whoWasTold(tx, alerts);

  let composed = 0;
  for (const alert of alerts) {
    const { studentId, eventId } = alert.origin;
    const audience = audienceOf(studentId, { school, student: students.get(studentId), guardians });
    const letters = alert.status === 'TOLD' ? tellLate(tx, alert, audience, toldOf.get(eventId)) : tellFirst(tx, alert, audience);
    if (letters > 0 || (audience && alert.status === 'WAITING')) composed++;
  }
  return ok({ looked: alerts.length, composed });
}

async function whoWasTold(tx: NotificationTx, alerts: readonly OpenAlert[]): Promise<Map<string, Set<string>>> {
  const told = new Map<string, Set<string>>();
  for (const { status, origin } of alerts) if (status === 'TOLD') told.set(origin.eventId, new Set());
  if (told.size > 0) for (const { eventId, guardianId } of await tx.deliveries.toldOf([...told.keys()])) told.get(eventId)?.add(guardianId);
  return told;
}

function tellFirst(tx: NotificationTx, alert: WaitingAlert, audience: Audience | undefined): number {
  const { origin, fact, heardAt } = alert;
  if (audience) {
    const letters = write(tx, alert, audience);
    tx.alerts.tell(alert, told(alert, letters, tx.now));
    return letters;
  }
  if (waitIsOver(alert, tx.now)) tx.alerts.settle(alert, settled('EXPIRED', { origin, fact, deliveries: 0, now: tx.now }));
  else tx.alerts.postpone(alert, nextLook(heardAt, tx.now));
  return 0;
}

function tellLate(tx: NotificationTx, alert: ToldAlert, audience: Audience | undefined, heard: ReadonlySet<string> = new Set()): number {
  const { origin, toldAt } = alert;
  const letters = audience ? write(tx, alert, latecomers(audience, origin, heard)) : 0;
  const deliveries = alert.deliveries + letters;
  const lookAgainAt = nextLateLook(toldAt, tx.now);
  if (!lookAgainAt) tx.alerts.settle(alert, settled('COMPOSED', { ...alert, deliveries, now: tx.now }));
  else if (letters > 0) tx.alerts.tell(alert, { ...alert, deliveries, lookAgainAt });
  else tx.alerts.postpone(alert, lookAgainAt);
  return letters;
}

function write(tx: NotificationTx, { fact, origin }: OpenAlert, audience: Audience): number {
  const letters = lettersFor(fact, origin, audience, tx);
  for (const { delivery, message } of letters) tx.deliveries.insert(delivery, message);
  return letters.length;
}
