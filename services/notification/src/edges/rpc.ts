import { NotificationServiceService } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { ok } from '@schoolbell/kernel';
import { type EdgeCall, type EdgeDeps, edge, found, type RpcService } from '@schoolbell/service-kit';
import type { Actor } from '../domain/rights.ts';
import type { NotificationTx } from '../tx.ts';
import { confirmAbsences } from '../usecases/absences/confirm-absences.ts';
import { getAbsencePolicy } from '../usecases/absences/get-absence-policy.ts';
import { holdAbsence } from '../usecases/absences/hold-absence.ts';
import { listAbsences } from '../usecases/absences/list-absences.ts';
import { setAbsencePolicy } from '../usecases/absences/set-absence-policy.ts';
import { countDeliveries } from '../usecases/deliveries/count-deliveries.ts';
import * as input from './input.ts';
import { alertMessage, countsMessage, deliveryMessage, policyMessage } from './messages.ts';
import { refused } from './refusals.ts';

const { command, query, list, rpc } = edge<NotificationTx>();

/** school.notification.v1.NotificationService */
export function notificationRpc(deps: EdgeDeps<NotificationTx>): RpcService {
  return rpc(NotificationServiceService, refused, {
    listDeliveries: list(
      input.deliveriesInput,
      (tx, { page, ...filter }) => tx.deliveries.page(filter, page),
      (rows) => ({ deliveries: rows.map(deliveryMessage) }),
    ),
    getDelivery: query(
      input.deliveryInput,
      (tx, { deliveryId }) => found(tx.deliveries.find(deliveryId), { code: 'DELIVERY_NOT_FOUND' }),
      (delivery) => ({ delivery: deliveryMessage(delivery) }),
    ),
    countDeliveries: query(input.countInput, async (tx) => ok(await countDeliveries(tx)), countsMessage),
    listAbsenceAlerts: list(input.absencesInput, asActor(listAbsences), (rows) => ({ alerts: rows.map(alertMessage) })),
    confirmAbsenceAlerts: command(input.confirmInput, asActor(confirmAbsences), (alerts) => ({ alerts: alerts.map(alertMessage) }), {
      wakes: 'due absences',
    }),
    holdAbsenceAlert: command(input.holdInput, asActor(holdAbsence), (alert) => ({ alert: alertMessage(alert) })),
    setAbsenceAlertPolicy: command(
      input.policyInput,
      (tx, { policy }, { caller }) => setAbsencePolicy(tx, { policy, by: caller.subject }),
      (policy) => ({ policy: policyMessage(policy) }),
    ),
    getAbsenceAlertPolicy: query(
      input.dateInput,
      async (tx, { date }, { today }) => ok(await getAbsencePolicy(tx, date ?? today)),
      (policy) => ({ policy: policyMessage(policy) }),
    ),
  })(deps);
}

/** A use case that asks who acts, and for whom. */
function asActor<I extends { readonly actor: Actor }, R>(useCase: (tx: NotificationTx, input: I) => Promise<R>) {
  return (tx: NotificationTx, input: Omit<I, 'actor'>, call: EdgeCall) => useCase(tx, { ...input, actor: actorOf(call) } as I);
}

/** The office is whoever may make this call by another role than teacher: a principal who teaches acts for the school. */
function actorOf({ caller: { subject }, acting }: EdgeCall): Actor {
  return { subject, scope: acting.some((role) => role !== 'teacher') ? 'SCHOOL' : 'CLASSES' };
}
