import { type ServiceName, serviceNames, services } from '@schoolbell/contracts';
import { type PortClaims, whoHasIt } from '../engines/ports.ts';
import { readState, writeState } from '../engines/state.ts';

type Door = 'grpc' | 'metrics' | 'http';
export type PortName = `${ServiceName}-${Door}` | 'mailbox' | 'smtp' | 'vnpay';

/** What a service listens on. */
export function doorsOf(service: ServiceName): Door[] {
  return ['grpc', ...('http' in services[service] ? ['http' as const] : []), 'metrics'];
}

/** Everything that listens, by the name of its option: `--port-billing-http 8080`. */
export const portNames: readonly PortName[] = [
  ...serviceNames.flatMap((service) => doorsOf(service).map((door) => `${service}-${door}` as const)),
  ...(['mailbox', 'smtp', 'vnpay'] as const),
];
export type Ports = Readonly<Record<PortName, number>>;

/** Wished ports, else those of the last start as far as they can be had, else any; remembered in `file`. */
export async function choosePorts(file: string, wished: Partial<Ports>, claims: PortClaims): Promise<Ports> {
  const remembered = readState<Partial<Ports>>(file) ?? {};
  const chosen: Partial<Record<PortName, number>> = {};
  // Before what is remembered, which may be what is wished for something else now.
  for (const name of portNames) {
    const port = wished[name];
    if (port === undefined) continue;
    if (!(await claims.take(port))) throw new Error(`--port-${name} ${port} cannot be had: ${whoHasIt}.`);
    chosen[name] = port;
  }
  for (const name of portNames) {
    const port = remembered[name];
    if (chosen[name] === undefined && port !== undefined && (await claims.take(port))) chosen[name] = port;
  }
  const missing = portNames.filter((name) => chosen[name] === undefined);
  const fresh = await claims.takeAny(missing.length);
  for (const [index, name] of missing.entries()) chosen[name] = fresh[index] ?? 0;
  writeState(file, chosen);
  return chosen as Ports;
}
