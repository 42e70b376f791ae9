import { status } from '@grpc/grpc-js';
import { access } from '@schoolbell/contracts';
import { Channel, DeliveryStatus, type Delivery as WireDelivery } from '@schoolbell/contracts/school/notification/v1/notification';
import { NotificationServiceService } from '@schoolbell/contracts/school/notification/v1/notification_service';
import { err, ok } from '@schoolbell/kernel';
import { type Deps, type RefusalRow, type RpcService, rpcService, wireRefusal } from '@schoolbell/service-kit';
import type { NotificationConfig } from '../config.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { NotificationTx } from '../tx.ts';
import { countDeliveries } from '../usecases/delivery/count-deliveries.ts';
import { type GetRefused, getDelivery } from '../usecases/delivery/get-delivery.ts';
import { type ListRefused, listDeliveries } from '../usecases/delivery/list-deliveries.ts';

type Refused = ListRefused | GetRefused | { readonly code: 'STATUS_WRONG' };

const rows: { readonly [C in Refused['code']]: RefusalRow } = {
  DELIVERY_NOT_FOUND: {
    status: status.NOT_FOUND,
    vi: 'Trường không có thư nào mang mã này. Hãy xem lại mã trong danh sách thư.',
    en: 'The school has no delivery with this id. Look it up in the list of deliveries.',
  },
  PAGE_SIZE_WRONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Mỗi trang có từ 1 đến {largest} dòng; bỏ trống nghĩa là 100.',
    en: 'A page holds 1 to {largest} rows; leave it out for 100.',
  },
  PAGE_TOKEN_WRONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Dấu trang không đúng. Hãy gửi lại nguyên văn next_token của trang trước, hoặc bỏ trống để xem từ đầu.',
    en: 'The page token is not one of ours. Send the next_token of the page before unchanged, or leave it out to start again.',
  },
  STATUS_WRONG: {
    status: status.INVALID_ARGUMENT,
    vi: 'Không có trạng thái này. Hãy chọn PENDING, SENDING, SENT hoặc FAILED, hoặc bỏ trống để xem tất cả.',
    en: 'There is no such status. Choose PENDING, SENDING, SENT or FAILED, or leave it out to see all.',
  },
};

/** school.notification.v1.NotificationService */
export function notificationService({ read }: Pick<Deps<NotificationConfig, NotificationTx>, 'read'>): RpcService {
  return rpcService(NotificationServiceService, access, {
    async listDeliveries({ invoiceId, studentId, status: wanted, page }, { schoolId }) {
      const state = wanted === DeliveryStatus.UNSPECIFIED ? undefined : stateOf.get(wanted);
      if (wanted !== DeliveryStatus.UNSPECIFIED && !state) return err(wireRefusal(rows, { code: 'STATUS_WRONG' }));
      const query = {
        ...(invoiceId === '' ? {} : { invoiceId }),
        ...(studentId === '' ? {} : { studentId }),
        ...(state ? { status: state } : {}),
        size: page?.size ?? 0,
        after: fromToken(page?.token ?? ''),
      };
      const listed = await read({ schoolId }, (tx) => listDeliveries(tx, query));
      if (!listed.ok) return err(wireRefusal(rows, listed.refusal));
      return ok({ deliveries: listed.value.deliveries.map(toWire), page: { nextToken: toToken(listed.value.next) } });
    },
    async getDelivery({ deliveryId }, { schoolId }) {
      const found = await read({ schoolId }, (tx) => getDelivery(tx, { deliveryId }));
      return found.ok ? ok({ delivery: toWire(found.value) }) : err(wireRefusal(rows, found.refusal));
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
  });
}

const wireStatus = {
  PENDING: DeliveryStatus.PENDING,
  SENDING: DeliveryStatus.SENDING,
  SENT: DeliveryStatus.SENT,
  FAILED: DeliveryStatus.FAILED,
} satisfies Record<Delivery['status'], DeliveryStatus>;
const stateOf = new Map<DeliveryStatus, Delivery['status']>(
  (['PENDING', 'SENDING', 'SENT', 'FAILED'] as const).map((state) => [wireStatus[state], state]),
);
const wireChannel = { EMAIL: Channel.EMAIL } satisfies Record<Delivery['channel'], Channel>;

function toWire(delivery: Delivery): WireDelivery {
  const { id, eventId, guardianId, studentId, channel, language, attempts, kind, invoiceId, occurredAt, announcedAt, queuedAt } = delivery;
  return {
    deliveryId: id,
    eventId,
    guardianId,
    studentId,
    channel: wireChannel[channel],
    language,
    status: wireStatus[delivery.status],
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

// Why it was given up, and what the provider said, where it was asked.
function errorOf(delivery: Delivery): string {
  if (delivery.status !== 'FAILED') return delivery.lastError;
  return [delivery.reason, delivery.lastError].filter((part) => part !== '').join(': ');
}

function toToken(id: string): string {
  return Buffer.from(id).toString('base64url');
}

function fromToken(token: string): string {
  return Buffer.from(token, 'base64url').toString() || token;
}
