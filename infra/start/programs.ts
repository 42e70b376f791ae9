import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '@schoolbell/contracts';
import { kafkaEnv } from '../engines/kafka/ready.ts';
import type { Gateways } from './gateways.ts';
import { doorsOf, type Ports } from './ports.ts';
import { projectRoot } from './run-file.ts';
import type { Program } from './supervisor.ts';

export interface Setting {
  readonly stateDir: string;
  readonly ports: Ports;
  readonly nodeEnv: 'development' | 'production';
  readonly jwksFile: string;
  readonly gateways: Gateways;
  /** Databases are named `<prefix>_<service>`. */
  readonly databasePrefix: string;
  /** Environment on top, for every service or for one. */
  readonly env: Partial<Record<ServiceName | 'all', Readonly<Record<string, string>>>>;
  readonly ipnRetryEveryMs: number | undefined;
}

export interface EngineAddresses {
  readonly mongodb: string;
  readonly kafka: readonly string[];
}

const addressNames = { grpc: 'SCHOOLBELL_GRPC_ADDRESS', http: 'SCHOOLBELL_HTTP_ADDRESS', metrics: 'SCHOOLBELL_ADMIN_ADDRESS' } as const;

/** A service is a process with an environment, here as anywhere. */
export function serviceProgram(name: ServiceName, setting: Setting, engines: EngineAddresses): Program {
  const { ports, jwksFile, gateways, nodeEnv } = setting;
  const addresses = doorsOf(name).map((door) => [addressNames[door], `127.0.0.1:${ports[`${name}-${door}`]}`]);
  const own: Partial<Record<ServiceName, Record<string, string>>> = {
    billing: { SCHOOLBELL_GATEWAYS_FILE: gateways.file },
    notification: {
      SCHOOLBELL_SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
      SCHOOLBELL_MAIL_FROM: 'thong-bao@hoa-phuong.example',
    },
  };
  return {
    name,
    args: [serviceMain(name)],
    env: {
      ...inherited(),
      NODE_ENV: nodeEnv,
      MONGODB_URI: engines.mongodb,
      // Beside each other on a developer's machine, or in containers of his: plain text is meant.
      MONGODB_PLAINTEXT: 'true',
      ...kafkaEnv(engines.kafka),
      SCHOOLBELL_DATABASE: `${setting.databasePrefix}_${name}`,
      ...Object.fromEntries(addresses),
      SCHOOLBELL_JWKS_FILE: jwksFile,
      // Saves a start-up of each service; production takes the step by itself.
      SCHOOLBELL_MIGRATE_ON_START: String(nodeEnv === 'development'),
      ...own[name],
      ...setting.env.all,
      ...setting.env[name],
    },
    logFile: logFile(setting, name),
    readyUrl: `http://127.0.0.1:${ports[`${name}-metrics`]}/readyz`,
  };
}

export function mailboxProgram(setting: Setting): Program {
  const { ports } = setting;
  return {
    name: 'mailbox',
    args: [join(projectRoot, 'infra/demo/main.ts'), '--smtp-port', String(ports.smtp), '--http-port', String(ports.mailbox)],
    env: inherited(),
    logFile: logFile(setting, 'mailbox'),
    readyUrl: `http://127.0.0.1:${ports.mailbox}/livez`,
  };
}

export function vnpayProgram(setting: Setting): Program {
  const { ports, gateways, ipnRetryEveryMs } = setting;
  const retry = ipnRetryEveryMs === undefined ? [] : ['--retry-every-ms', String(ipnRetryEveryMs)];
  const main = join(projectRoot, 'infra/vnpay-sandbox/main.ts');
  return {
    name: 'vnpay-sandbox',
    args: [main, '--merchants', gateways.merchantsFile, '--port', String(ports.vnpay), ...retry],
    env: inherited(),
    logFile: logFile(setting, 'vnpay-sandbox'),
    readyUrl: `http://127.0.0.1:${ports.vnpay}/livez`,
  };
}

function serviceMain(name: ServiceName): string {
  return join(projectRoot, 'services', name, 'src', 'main.ts');
}

function logFile({ stateDir }: Setting, name: string): string {
  const dir = join(stateDir, 'logs');
  mkdirSync(dir, { recursive: true });
  return join(dir, `${name}.log`);
}

/** The caller's environment less what is meant for Schoolbell: a stray setting must not change one service of many. */
function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(SCHOOLBELL_|MONGODB_(URI|PLAINTEXT)$|KAFKA_(BROKERS|PLAINTEXT|TLS|SASL)|NODE_OPTIONS$)/.test(entry[0]),
  );
  return Object.fromEntries(entries);
}
