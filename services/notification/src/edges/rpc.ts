import { access } from '@schoolbell/contracts';
import { DeliveryStatus } from '@schoolbell/contracts/school/notification/v1/notification';
import { NotificationServiceService } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import { type Call, type Deps, type Handlers, type RpcService, rpcService, type WireRefusal } from '@schoolbell/service-kit';
import type { NotificationConfig } from '../config.ts';
import type { Actor } from '../domain/rights.ts';
import type { NotificationTx } from '../tx.ts';
import { confirmAbsences } from '../usecases/absences/confirm-absences.ts';
import { getAbsencePolicy } from '../usecases/absences/get-absence-policy.ts';
import { holdAbsence } from '../usecases/absences/hold-absence.ts';
import { listAbsences } from '../usecases/absences/list-absences.ts';
import { setAbsencePolicy } from '../usecases/absences/set-absence-policy.ts';
import { countDeliveries } from '../usecases/deliveries/count-deliveries.ts';
import { getDelivery } from '../usecases/deliveries/get-delivery.ts';
import { listDeliveries } from '../usecases/deliveries/list-deliveries.ts';
import { absencesInput, confirmInput, dateInput, holdInput, policyInput, readInput } from './input.ts';
import { alertMessage, deliveryMessage, policyMessage, stateOf } from './messages.ts';
import { type NotificationRefused, refused } from './refusals.ts';

type RpcDeps = Pick<Deps<NotificationConfig, NotificationTx>, 'read' | 'transact' | 'now' | 'wake'>;
type NotificationHandlers = Handlers<typeof NotificationServiceService>;

/** school.notification.v1.NotificationService */
export function notificationService(deps: RpcDeps): RpcService {
  return rpcService(NotificationServiceService, access, { ...deliveryHandlers(deps), ...absenceHandlers(deps), ...policyHandlers(deps) });
}

function deliveryHandlers({ read }: RpcDeps): Pick<NotificationHandlers, 'listDeliveries' | 'getDelivery' | 'countDeliveries'> {
  return {
    async listDeliveries({ invoiceId, studentId, status: wanted, page }, { schoolId }) {
      const state = wanted === DeliveryStatus.UNSPECIFIED ? undefined : stateOf.get(wanted);
      if (wanted !== DeliveryStatus.UNSPECIFIED && !state) return refused({ code: 'STATUS_WRONG' });
      const query = {
        ...(invoiceId === '' ? {} : { invoiceId }),
        ...(studentId === '' ? {} : { studentId }),
        ...(state ? { status: state } : {}),
        size: page?.size ?? 0,
        after: fromToken(page?.token ?? ''),
      };
      const listed = await read({ schoolId }, (tx) => listDeliveries(tx, query));
      return answer(listed, ({ deliveries, next }) => ({
        deliveries: deliveries.map(deliveryMessage),
        page: { nextToken: toToken(next) },
      }));
    },
    async getDelivery({ deliveryId }, { schoolId }) {
      const found = await read({ schoolId }, (tx) => getDelivery(tx, { deliveryId }));
      return answer(found, (delivery) => ({ delivery: deliveryMessage(delivery) }));
    },
    async countDeliveries(_, { schoolId }) {
      const { byStatus, waitingForRoster } = (await read({ schoolId }, countDeliveries)).value;
      return ok({
        pending: BigInt(byStatus.PENDING),
        sending: BigInt(byStatus.SENDING),
        sent: BigInt(byStatus.SENT),
        failed: BigInt(byStatus.FAILED),
        waitingForRoster: BigInt(waitingForRoster),
      });
    },
  };
}

function absenceHandlers({
  read,
  transact,
  wake,
}: RpcDeps): Pick<NotificationHandlers, 'listAbsenceAlerts' | 'confirmAbsenceAlerts' | 'holdAbsenceAlert'> {
  return {
    listAbsenceAlerts: (request, call) =>
      withInput(readInput(absencesInput, request), async ({ classId, date, session, page: { size, after } }) => {
        const query = { classId, half: { date, session }, actor: actorOf('ListAbsenceAlerts', call), size, after: fromToken(after) };
        const listed = await read({ schoolId: call.schoolId }, (tx) => listAbsences(tx, query));
        return answer(listed, ({ alerts, next }) => ({ alerts: alerts.map(alertMessage), page: { nextToken: toToken(next) } }));
      }),
    confirmAbsenceAlerts: (request, call) =>
      withInput(readInput(confirmInput, request), async ({ classId, date, session, studentIds }) => {
        const order = { classId, half: { date, session }, studentIds, actor: actorOf('ConfirmAbsenceAlerts', call) };
        const confirmed = await transact(scopeOf(call), (tx) => confirmAbsences(tx, order));
        if (confirmed.ok) wake('due absences');
        return answer(confirmed, (alerts) => ({ alerts: alerts.map(alertMessage) }));
      }),
    holdAbsenceAlert: (request, call) =>
      withInput(readInput(holdInput, request), async ({ studentId, date, session, reason }) => {
        const order = { studentId, half: { date, session }, reason, actor: actorOf('HoldAbsenceAlert', call) };
        const held = await transact(scopeOf(call), (tx) => holdAbsence(tx, order));
        return answer(held, (alert) => ({ alert: alertMessage(alert) }));
      }),
  };
}

function policyHandlers({ read, transact, now }: RpcDeps): Pick<NotificationHandlers, 'setAbsenceAlertPolicy' | 'getAbsenceAlertPolicy'> {
  return {
    setAbsenceAlertPolicy: (request, call) =>
      withInput(readInput(policyInput, request), async ({ policy }) => {
        const set = await transact(scopeOf(call), (tx) => setAbsencePolicy(tx, { policy, by: call.caller.subject }));
        return answer(set, (laidDown) => ({ policy: policyMessage(laidDown) }));
      }),
    getAbsenceAlertPolicy: (request, { schoolId }) =>
      withInput(readInput(dateInput, request), async ({ date = schoolDateOf(now()) }) => {
        const { value } = await read({ schoolId }, (tx) => getAbsencePolicy(tx, date));
        return ok({ policy: policyMessage(value) });
      }),
  };
}

type Rpc = keyof typeof access extends infer Name
  ? Name extends `school.notification.v1.NotificationService/${infer R}`
    ? R
    : never
  : never;

/** The office is whoever may make this call by another role than teacher: a principal who teaches acts for the school. */
function actorOf(rpc: Rpc, { caller: { subject, roles } }: Call): Actor {
  const allowed: readonly string[] = access[`school.notification.v1.NotificationService/${rpc}`];
  const isOffice = roles.some((role) => role !== 'teacher' && allowed.includes(role));
  return { subject, scope: isOffice ? 'SCHOOL' : 'CLASSES' };
}

function scopeOf({ schoolId, deadline }: Call): { schoolId: string; deadline: Date } {
  return { schoolId, deadline };
}

async function withInput<I, M>(
  input: Result<I, NotificationRefused>,
  work: (input: I) => Promise<Result<M, WireRefusal>>,
): Promise<Result<M, WireRefusal>> {
  return input.ok ? work(input.value) : refused(input.refusal);
}

function answer<T, M>(result: Result<T, NotificationRefused>, message: (value: T) => M): Result<M, WireRefusal> {
  return result.ok ? ok(message(result.value)) : refused(result.refusal);
}

function toToken(id: string): string {
  return Buffer.from(id).toString('base64url');
}

function fromToken(token: string): string {
  return Buffer.from(token, 'base64url').toString() || token;
}
