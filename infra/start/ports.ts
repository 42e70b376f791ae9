import { areFree, freePorts } from '../engines/ports.ts';
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

/** Wished ports, else those of the last start as far as they are free, else free ones; remembered in `file`. */
export async function choosePorts(file: string, wished: Partial<Ports>): Promise<Ports> {
  const remembered = readState<Partial<Ports>>(file) ?? {};
  const chosen: Partial<Record<PortName, number>> = {};
  for (const name of portNames) {
    const port = wished[name] ?? remembered[name];
    if (port === undefined || Object.values(chosen).includes(port)) continue;
    if (await areFree([port])) chosen[name] = port;
    else if (wished[name] !== undefined) throw new Error(`--port-${name} ${port} cannot be had: something else listens there.`);
  }
  const missing = portNames.filter((name) => chosen[name] === undefined);
  const fresh = await freePorts(missing.length);
  for (const [index, name] of missing.entries()) chosen[name] = fresh[index] ?? 0;
  writeState(file, chosen);
  return chosen as Ports;
}
