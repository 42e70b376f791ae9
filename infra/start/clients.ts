import { type RpcsOf, type ServiceName, serviceNames, services } from '@schoolbell/contracts';
import { parseAddress } from '@schoolbell/service-kit/address';
import { type Remote, type RpcClient, type RpcClientOptions, rpcClient } from '@schoolbell/service-kit/rpc-client';

/** Typed clients of the services; each is loaded and connects when it is first used. */
export type Clients = { readonly [S in ServiceName]: Omit<RpcClient<RpcsOf<S>>, 'close'> } & { readonly close: () => void };

export interface Door {
  /** "127.0.0.1:4001" */
  readonly address: string;
  readonly token: string;
  readonly tls?: RpcClientOptions['tls'];
  /** In which refusals are worded; the service's own choice without it. */
  readonly language?: RpcClientOptions['language'];
}

type AnyClient = Readonly<Record<string, (...asked: unknown[]) => Promise<unknown>>> & { readonly close: () => void };

/** `doorOf` is asked once per service, at its first use, and throws where it knows no door. */
export function openClients(doorOf: (service: ServiceName) => Door): Clients {
  const opened = new Map<ServiceName, Promise<AnyClient>>();
  const open = async (service: ServiceName): Promise<AnyClient> => {
    const door = doorOf(service);
    return openClient((await services[service].client()) as Remote, door) as AnyClient;
  };
  const clientOf = (service: ServiceName) => {
    const first = opened.get(service) ?? open(service);
    opened.set(service, first);
    return first;
  };
  const lazily = (service: ServiceName) =>
    new Proxy(
      {},
      // A client that had a `then` would be taken for a promise.
      { get: (_, rpc) => rpc !== 'then' && (async (...asked: unknown[]) => (await clientOf(service))[String(rpc)]?.(...asked)) },
    );
  const close = (): void => {
    for (const client of opened.values()) client.then((each) => each.close()).catch(() => undefined);
  };
  return { ...Object.fromEntries(serviceNames.map((service) => [service, lazily(service)])), close } as Clients;
}

export function openClient<S extends Remote['service']>(remote: Remote<S>, { address, token, tls, language }: Door): RpcClient<S> {
  const parsed = parseAddress(address);
  if (!parsed) throw new Error(`"${address}" is no address of ${remote.serviceName}: it looks like 127.0.0.1:4001.`);
  // A plan of a large workbook takes its time.
  const limits = { deadlineMs: 120_000, maxMessageBytes: 16 * 1024 * 1024 };
  return rpcClient(remote, { address: parsed, token: () => token, tls, language, ...limits });
}
