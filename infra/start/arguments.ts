import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { portNames } from './ports.ts';
import { projectRoot } from './run-file.ts';
import type { StartOptions } from './schoolbell.ts';

const engineNames = ['mongodb', 'kafka'] as const;

export const usage = `npm start -- [options]

  --fresh          begin with nothing: removes what .schoolbell/ holds
  --empty          without the demo school's pupils, guardians and invoices;
                   the parent's token in run.json is then nobody's
  --port-NAME N    a fixed port instead of a free one, where NAME is one of
                   ${portNames.join(', ')},
                   ${engineNames.join(', ')}
  --state-dir DIR  where data, keys and logs are kept (.schoolbell)
  --help

MONGODB_URI and KAFKA_BROKERS name engines of yours; otherwise Schoolbell brings its own.`;

type Read = Pick<StartOptions, 'stateDir' | 'fresh' | 'demo' | 'ports' | 'enginePorts'>;

/** `wrong` is a sentence for who typed it; empty where help was asked for. */
export function readOptions(args: readonly string[]): Read | { readonly wrong: string } {
  try {
    const values = parse(args);
    if (values.help) return { wrong: '' };
    if (values.fresh && (process.env.MONGODB_URI || process.env.KAFKA_BROKERS)) {
      return {
        wrong: '--fresh empties only engines that Schoolbell brought itself. Empty those of MONGODB_URI and KAFKA_BROKERS yourself.',
      };
    }
    return {
      stateDir: typeof values['state-dir'] === 'string' ? values['state-dir'] : join(projectRoot, '.schoolbell'),
      fresh: values.fresh === true,
      demo: values.empty !== true,
      ports: portsOf(portNames, values),
      enginePorts: portsOf(engineNames, values),
    };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function parse(args: readonly string[]): Values {
  const ports = Object.fromEntries([...portNames, ...engineNames].map((name) => [`port-${name}`, { type: 'string' }] as const));
  const rest = {
    'state-dir': { type: 'string' },
    fresh: { type: 'boolean' },
    empty: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  return parseArgs({ args: [...args], options: { ...ports, ...rest } }).values;
}

function portsOf<N extends string>(names: readonly N[], values: Values): Partial<Record<N, number>> {
  const given = names.filter((name) => values[`port-${name}`] !== undefined);
  return Object.fromEntries(given.map((name) => [name, portOf(name, values[`port-${name}`])])) as Partial<Record<N, number>>;
}

function portOf(name: string, text: unknown): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`--port-${name} needs a number from 1 to 65535.`);
}
