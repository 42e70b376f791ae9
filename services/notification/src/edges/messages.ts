import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import {
  AbsenceAlertStatus,
  Channel,
  Confirmation,
  DeliveryStatus,
  SuppressionReason,
  type AbsenceAlert as WireAlert,
  type Delivery as WireDelivery,
  type AbsenceAlertPolicy as WirePolicy,
} from '@schoolbell/contracts/school/notification/v1/notification';
import type { CountDeliveriesResponse as WireCounts } from '@schoolbell/contracts/school/notification/v1/notification_service';
import type { AbsenceAlert } from '../domain/absences/absence-alert.ts';
import type { AbsencePolicy } from '../domain/absences/absence-policy.ts';
import type { Delivery } from '../domain/deliveries/delivery.ts';
import type { DeliveryCounts } from '../usecases/deliveries/count-deliveries.ts';

export function deliveryMessage(delivery: Delivery): WireDelivery {
  const { id, eventId, guardianId, studentId, channel, language, attempts, kind, invoiceId, occurredAt, announcedAt, queuedAt } = delivery;
  return {
    deliveryId: id,
    eventId,
    guardianId,
    studentId,
    channel: Channel[channel],
    language,
    status: DeliveryStatus[delivery.status],
    attempts,
    lastError: errorOf(delivery),
    kind,
    invoiceId,
    occurredAt,
    announcedAt,
    queuedAt,
    sentAt: delivery.status === 'SENT' ? delivery.sentAt : undefined,
  };
}

export function countsMessage({ byStatus, waitingForRoster }: DeliveryCounts): WireCounts {
  return {
    pending: BigInt(byStatus.PENDING),
    sending: BigInt(byStatus.SENDING),
    sent: BigInt(byStatus.SENT),
    failed: BigInt(byStatus.FAILED),
    waitingForRoster: BigInt(waitingForRoster),
  };
}

// Why it was given up, and what the provider said, where it was asked.
function errorOf(delivery: Delivery): string {
  if (delivery.status !== 'FAILED') return delivery.lastError;
  return [delivery.reason, delivery.lastError].filter((part) => part !== '').join(': ');
}

export function alertMessage(alert: AbsenceAlert): WireAlert {
  const { studentId, studentName, classId, className, date, session, kind, reportedAt } = alert.mark;
  return {
    studentId,
    studentName,
    classId,
    className,
    date,
    session: DaySession[session],
    kind: kind === 'EXPECTED' || kind === 'NO_SCHOOL' ? MarkKind.UNSPECIFIED : MarkKind[kind],
    reportedAt,
    status: AbsenceAlertStatus[alert.status],
    releaseAt: alert.status === 'HELD' ? alert.releaseAt : undefined,
    suppressedBecause: alert.status === 'SUPPRESSED' ? SuppressionReason[alert.because] : SuppressionReason.UNSPECIFIED,
    decidedBy: deciderOf(alert),
    reason: alert.status === 'SUPPRESSED' && alert.because === 'HELD_BACK' ? alert.reason : '',
    changedAt: changeOf(alert),
  };
}

function deciderOf(alert: AbsenceAlert): string {
  if (alert.status === 'HELD' || alert.status === 'RELEASED') return alert.confirmed?.by ?? '';
  return alert.status === 'SUPPRESSED' && alert.because === 'HELD_BACK' ? alert.decision.by : '';
}

function changeOf(alert: AbsenceAlert): Date | undefined {
  if (alert.status === 'RELEASED') return alert.told.at;
  return alert.status === 'RETRACTED' ? alert.retractedAt : undefined;
}

export function policyMessage({ id, confirmation, ...same }: AbsencePolicy): WirePolicy {
  const { effectiveFrom, tellWithoutLeave, tellWithLeave, tellLate, graceMinutes, longestWaitMinutes, citation } = same;
  const flags = { tellWithoutLeave, tellWithLeave, tellLate };
  return {
    policyId: id,
    effectiveFrom,
    ...flags,
    graceMinutes,
    confirmation: Confirmation[confirmation],
    longestWaitMinutes,
    citation,
  };
}
