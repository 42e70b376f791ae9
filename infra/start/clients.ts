import type { ServiceName } from '@schoolbell/contracts';
import { AttendanceServiceClient, type AttendanceServiceService } from '@schoolbell/contracts/school/attendance/v1/attendance_service';
import { BillingServiceClient, type BillingServiceService } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { CanteenServiceClient, type CanteenServiceService } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import {
  NotificationServiceClient,
  type NotificationServiceService,
} from '@schoolbell/contracts/school/notification/v1/notification_service';
import { RegistryServiceClient, type RegistryServiceService } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { type CallOptions, parseAddress, type RpcClient, type RpcClientOptions, rpcClient } from '@schoolbell/service-kit';

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
  readonly language?: CallOptions['language'];
}

/** `doorOf` is asked once per service, at its first use, and throws where it knows no door. */
export function openClients(doorOf: (service: ServiceName) => Door): Clients {
  const opened: { close(): void }[] = [];
  const doorTo = (service: ServiceName): { readonly options: RpcClientOptions; readonly calls: CallOptions } => {
    const { address, token, tls, language } = doorOf(service);
    const parsed = parseAddress(address);
    if (!parsed) throw new Error(`"${address}" is no address of ${service}: it looks like 127.0.0.1:4001.`);
    // A plan of a large workbook takes its time.
    const options = { address: parsed, token: () => token, tls, deadlineMs: 120_000, maxMessageBytes: 16 * 1024 * 1024 };
    return { options, calls: language ? { language } : {} };
  };
  const keep = <C extends { readonly close: () => void }>(client: C, calls: CallOptions): C => {
    opened.push(client);
    return withDefaults(client, calls);
  };
  const registry = once(() => {
    const { options, calls } = doorTo('registry');
    return keep(rpcClient(RegistryServiceClient, options), calls);
  });
  const attendance = once(() => {
    const { options, calls } = doorTo('attendance');
    return keep(rpcClient(AttendanceServiceClient, options), calls);
  });
  const canteen = once(() => {
    const { options, calls } = doorTo('canteen');
    return keep(rpcClient(CanteenServiceClient, options), calls);
  });
  const billing = once(() => {
    const { options, calls } = doorTo('billing');
    return keep(rpcClient(BillingServiceClient, options), calls);
  });
  const notification = once(() => {
    const { options, calls } = doorTo('notification');
    return keep(rpcClient(NotificationServiceClient, options), calls);
  });
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

type AnyRpc = (request: never, options?: CallOptions) => Promise<unknown>;

function withDefaults<C extends object>(client: C, defaults: CallOptions): C {
  const wrapped = Object.entries(client as Record<string, AnyRpc>).map(([name, call]) => [
    name,
    (request: never, options?: CallOptions) => call(request, { ...defaults, ...options }),
  ]);
  return Object.fromEntries(wrapped) as C;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
