import type { ServiceName } from '@schoolbell/contracts';
import { AttendanceServiceClient, type AttendanceServiceService } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { BillingServiceClient, type BillingServiceService } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { CanteenServiceClient, type CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import {
  NotificationServiceClient,
  type NotificationServiceService,
} from '@schoolbell/contracts/school/notification/v1/notification_service';
import { RegistryServiceClient, type RegistryServiceService } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { parseAddress } from '@schoolbell/service-kit/address';
import { type Remote, type RpcClient, type RpcClientOptions, rpcClient } from '@schoolbell/service-kit/rpc-client';

/** Typed clients of the services; each connects when it is first used. */
export interface Clients {
  readonly registry: RpcClient<typeof RegistryServiceService>;
  readonly attendance: RpcClient<typeof AttendanceServiceService>;
  readonly canteen: RpcClient<typeof CanteenServiceService>;
  readonly billing: RpcClient<typeof BillingServiceService>;
  readonly notification: RpcClient<typeof NotificationServiceService>;
  close(): void;
}

export interface Door {
  /** "127.0.0.1:4001" */
  readonly address: string;
  readonly token: string;
  readonly tls?: RpcClientOptions['tls'];
  /** In which refusals are worded; the service's own choice without it. */
  readonly language?: RpcClientOptions['language'];
}

/** `doorOf` is asked once per service, at its first use, and throws where it knows no door. */
export function openClients(doorOf: (service: ServiceName) => Door): Clients {
  const opened: { close(): void }[] = [];
  const keep = <C extends { readonly close: () => void }>(client: C): C => {
    opened.push(client);
    return client;
  };
  const registry = once(() => keep(openClient(RegistryServiceClient, doorOf('registry'))));
  const attendance = once(() => keep(openClient(AttendanceServiceClient, doorOf('attendance'))));
  const canteen = once(() => keep(openClient(CanteenServiceClient, doorOf('canteen'))));
  const billing = once(() => keep(openClient(BillingServiceClient, doorOf('billing'))));
  const notification = once(() => keep(openClient(NotificationServiceClient, doorOf('notification'))));
  return {
    get registry() {
      return registry();
    },
    get attendance() {
      return attendance();
    },
    get canteen() {
      return canteen();
    },
    get billing() {
      return billing();
    },
    get notification() {
      return notification();
    },
    close() {
      for (const client of opened) client.close();
    },
  };
}

export function openClient<S extends Remote['service']>(remote: Remote<S>, { address, token, tls, language }: Door): RpcClient<S> {
  const parsed = parseAddress(address);
  if (!parsed) throw new Error(`"${address}" is no address of ${remote.serviceName}: it looks like 127.0.0.1:4001.`);
  // A plan of a large workbook takes its time.
  const limits = { deadlineMs: 120_000, maxMessageBytes: 16 * 1024 * 1024 };
  return rpcClient(remote, { address: parsed, token: () => token, tls, language, ...limits });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
