import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ServiceName, serviceNames } from '@schoolbell/contracts';
import type { Language } from '@schoolbell/service-kit';
import { parseAddress } from '@schoolbell/service-kit/address';
import type { Tls } from '@schoolbell/service-kit/tls';
import { type Clients, type Door, openClients } from '../start/clients.ts';
import { findRunFile, type RunFile, readRunFile, type TokenRole, tokenRoles } from '../start/run-file.ts';
import { unreachable, wrongUsage } from './failure.ts';

/** What every command can be told; the rest comes from run.json. */
export interface ConnectOptions {
  readonly address: readonly string[];
  readonly tokenFile: string | undefined;
  readonly as: TokenRole | undefined;
  readonly language: Language;
  readonly tls: Tls | undefined;
  /** Where the search for run.json begins. */
  readonly cwd: string;
}

export interface Connection {
  readonly clients: Clients;
  /** Where a service is and who calls it; throws where nobody said where it is. */
  readonly doorOf: (service: ServiceName) => Door;
  /** undefined where addresses were given and no Schoolbell runs here. */
  readonly run: RunFile | undefined;
  /** The folder of run.json, which is the state directory of the start that wrote it. */
  readonly runDir: string | undefined;
  /** True where an address or a token was given, so that what answers may be another Schoolbell than that of run.json. */
  readonly elsewhere: boolean;
  /** The school in which the token may act; empty where neither the token nor run.json tells. */
  readonly schoolId: string;
}

/** `role` is the one that may do what the command does; --as and --token-file override it. */
export function connect(options: ConnectOptions, role: TokenRole): Connection {
  const file = findRunFile(options.cwd);
  const run = file === undefined ? undefined : readRunFile(file);
  const addresses = addressesOf(options.address);
  const token = tokenOf(options, run, options.as ?? role);
  const doorOf = (service: ServiceName): Door => {
    const address = addresses.get(service) ?? addresses.get('any') ?? run?.services[service]?.grpc;
    if (address === undefined) throw unreachable(noAddress(service, run));
    return { address, token, tls: options.tls, language: options.language };
  };
  return {
    ...{ clients: openClients(doorOf), doorOf },
    run,
    runDir: file === undefined ? undefined : dirname(file),
    elsewhere: options.address.length > 0 || options.tokenFile !== undefined,
    schoolId: schoolOf(token) ?? run?.school.id ?? '',
  };
}

/** The run.json of a Schoolbell that runs here, for commands that need more than a service. */
export function needRun({ run }: Pick<Connection, 'run'>): RunFile {
  if (!run) throw unreachable(notRunning);
  return run;
}

const notRunning = 'No Schoolbell runs here: no .schoolbell/run.json in this folder or above it. "npm start" starts one.';

function noAddress(service: ServiceName, run: RunFile | undefined): string {
  return run ? `This Schoolbell has no ${service}.` : `${notRunning} Or say where ${service} is: --address ${service}=HOST:PORT.`;
}

function tokenOf({ tokenFile, address }: ConnectOptions, run: RunFile | undefined, role: TokenRole): string {
  if (tokenFile !== undefined) return readToken(tokenFile);
  if (run) return run.tokens[role];
  throw address.length > 0 ? wrongUsage('With --address, a token is needed too: --token-file FILE.') : unreachable(notRunning);
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw wrongUsage(`The token file ${file} cannot be read.`);
  }
}

/** Only services verify a token; here it is read, so that ids made for one school never meet those of another. */
function schoolOf(token: string): string | undefined {
  try {
    const { school } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { school?: unknown };
    return typeof school === 'string' ? school : undefined;
  } catch {
    return undefined;
  }
}

function addressesOf(given: readonly string[]): Map<ServiceName | 'any', string> {
  return new Map(
    given.map((text) => {
      const [name, address] = text.includes('=') ? text.split('=', 2) : ['any', text];
      if (name !== 'any' && !serviceNames.some((known) => known === name)) {
        throw wrongUsage(`--address ${text}: there is no service "${name}"; there are ${serviceNames.join(', ')}.`);
      }
      if (!parseAddress(address ?? ''))
        throw wrongUsage(`--address ${text}: an address looks like 127.0.0.1:4001 or billing=127.0.0.1:4001.`);
      return [name as ServiceName | 'any', address ?? ''];
    }),
  );
}

export function readRole(text: string): TokenRole {
  const role = tokenRoles.find((known) => known === text);
  if (!role) throw wrongUsage(`There is no role "${text}"; there are ${tokenRoles.join(', ')}.`);
  return role;
}

/** --lang, else the terminal's language; Vietnamese where it says so, English for everybody else. */
export function readLanguage(given: string | undefined, env: NodeJS.ProcessEnv): Language {
  const text = given ?? (env.LC_ALL || env.LC_MESSAGES || env.LANG || '');
  if (given !== undefined && given !== 'vi' && given !== 'en') throw wrongUsage(`--lang ${given}: there are vi and en.`);
  return text.toLowerCase().startsWith('vi') ? 'vi' : 'en';
}
