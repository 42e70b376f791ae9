import { type PortClaims, whoHasIt } from '../engines/ports.ts';
import { readState, writeState } from '../engines/state.ts';

/** Everything that listens, by the name of its option: `--port-billing-http 8080`. */
export const portNames = [
  'registry-grpc',
  'registry-http',
  'registry-metrics',
  'attendance-grpc',
  'attendance-http',
  'attendance-metrics',
  'canteen-grpc',
  'canteen-http',
  'canteen-metrics',
  'billing-grpc',
  'billing-http',
  'billing-metrics',
  'notification-grpc',
  'notification-http',
  'notification-metrics',
  'mailbox',
  'smtp',
  'vnpay',
] as const;
export type PortName = (typeof portNames)[number];
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
