import { Channel } from '@schoolbell/contracts/school/notification/v1/notification';
import { NotificationEvent } from '@schoolbell/contracts/school/notification/v1/notification_events';
import type { OutboxEvent } from '@schoolbell/service-kit';
import type { FailedDelivery, SentDelivery } from './domain/deliveries/delivery.ts';

/** A provider took a message. */
export function alertDelivered(delivery: SentDelivery): OutboxEvent {
  return announce('AlertDelivered', delivery.guardianId, { event: { $case: 'alertDelivered', value: about(delivery) } });
}

/** A message was given up. */
export function alertFailed(delivery: FailedDelivery): OutboxEvent {
  return announce('AlertFailed', delivery.guardianId, {
    event: { $case: 'alertFailed', value: { ...about(delivery), reason: delivery.reason } },
  });
}

function about({ id, eventId, guardianId, studentId }: SentDelivery | FailedDelivery) {
  return { deliveryId: id, eventId, guardianId, studentId, channel: Channel.EMAIL };
}

function announce(fact: 'AlertDelivered' | 'AlertFailed', key: string, event: NotificationEvent): OutboxEvent {
  return { type: `school.notification.v1.${fact}`, key, payload: NotificationEvent.encode(event).finish() };
}
