import { err, ok, type Result } from '@schoolbell/kernel';
import { z } from 'zod';
import { type Address, isLoopback, parseAddress } from './address.ts';
import { logLevels } from './logger.ts';

/** Every wrong name at once, as text for a person; never a value, for it may be a secret. */
export interface ConfigRefused {
  readonly code: 'CONFIG_WRONG';
  readonly text: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** "127.0.0.1:4001", "[::1]:0", "billing:443" */
const address = (example = '127.0.0.1:0') =>
  z
    .string()
    .transform((text, context): Address => {
      const parsed = parseAddress(text);
      if (parsed) return parsed;
      context.addIssue({ code: 'custom', message: 'is not host:port' });
      return z.NEVER;
    })
    .meta({ example });

const addressList = (example = '127.0.0.1:9092') =>
  z
    .string()
    .transform((text, context): string[] => {
      const list = text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
      if (list.length > 0 && list.every((part) => parseAddress(part))) return list;
      context.addIssue({ code: 'custom', message: 'is not a list of host:port with commas between' });
      return z.NEVER;
    })
    .meta({ example });

/** A path of a file; the part that reads it checks it at start. */
export const file = (example: string) => z.string().meta({ example });

const flag = () =>
  z
    .enum(['true', 'false'], { error: 'is neither true nor false' })
    .transform((text) => text === 'true')
    .meta({ example: 'true' });

const url = (scheme: RegExp, example: string) => z.string().regex(scheme, { error: 'is not an address of this kind' }).meta({ example });

/** 1 to `most` days. */
const days = (most: number, usual: number) =>
  z.coerce
    .number({ error: 'is not a number' })
    .int({ error: 'is not a whole number' })
    .min(1, { error: 'is below 1' })
    .max(most, { error: `is above ${most}` })
    .default(usual)
    .meta({ example: String(usual) });

export const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** How to reach Kafka; programs that are no service read it too. */
export function kafkaSchema() {
  return z.object({
    KAFKA_BROKERS: addressList(),
    KAFKA_TLS: flag().prefault('false'),
    /** The authority that signed the brokers' certificates, if Node.js does not know it. */
    KAFKA_TLS_CA_FILE: file('/etc/schoolbell/kafka-ca.crt').optional(),
    /**
     * Brokers that are not on this machine are spoken to through TLS: events hold names and amounts, and without it whoever is on the
     * way reads them, or answers as the broker. Where the network itself is private (a service mesh, a private link), an operator
     * says so here; it is never assumed, because a forgotten KAFKA_TLS would look the same.
     */
    KAFKA_PLAINTEXT: flag().prefault('false'),
    KAFKA_SASL_MECHANISM: z
      .enum(saslMechanisms, { error: `is none of ${saslMechanisms.join(', ')}` })
      .optional()
      .meta({ example: 'scram-sha-512' }),
    KAFKA_SASL_USERNAME: z.string().optional().meta({ example: 'schoolbell-billing' }),
    /** A file, for an environment is inherited by children and shown by process lists and crash reports. */
    KAFKA_SASL_PASSWORD_FILE: file('/etc/schoolbell/kafka-password').optional(),
  });
}

export type KafkaSettings = z.output<ReturnType<typeof kafkaSchema>>;

/** What every service reads. A service adds its own names with `.extend({ … })`. */
export function serviceSchema(service: string) {
  return z.object({
    /** With `tls=true` (or mongodb+srv) where a server is not on this machine; `tlsCAFile` names an authority of one's own. */
    MONGODB_URI: url(/^mongodb(\+srv)?:\/\/\S+$/, 'mongodb://127.0.0.1:27017/?replicaSet=rs0'),
    /** As KAFKA_PLAINTEXT. */
    MONGODB_PLAINTEXT: flag().prefault('false'),
    ...kafkaSchema().shape,
    SCHOOLBELL_DATABASE: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,37}$/, { error: 'is not a database name' })
      .default(`schoolbell_${service}`)
      .meta({ example: `schoolbell_${service}` }),
    SCHOOLBELL_GRPC_ADDRESS: address().prefault('127.0.0.1:0'),
    SCHOOLBELL_HTTP_ADDRESS: address().prefault('127.0.0.1:0'),
    SCHOOLBELL_ADMIN_ADDRESS: address().prefault('127.0.0.1:0'),
    SCHOOLBELL_JWKS_FILE: file('/etc/schoolbell/jwks.json'),
    SCHOOLBELL_TLS_CERT_FILE: file('/etc/schoolbell/tls.crt').optional(),
    SCHOOLBELL_TLS_KEY_FILE: file('/etc/schoolbell/tls.key').optional(),
    SCHOOLBELL_TLS_CA_FILE: file('/etc/schoolbell/ca.crt').optional(),
    /** Proxies whose X-Forwarded-For is believed; nobody by default. */
    SCHOOLBELL_TRUST_PROXY: z.string().optional().meta({ example: '10.0.0.0/8' }),
    SCHOOLBELL_MIGRATE_ON_START: flag().prefault('false'),
    /** How long published events and the marks of applied ones are kept at least. What Kafka could still deliver again is kept longer. */
    SCHOOLBELL_EVENT_DAYS: days(3_650, 90),
    SCHOOLBELL_LOG_LEVEL: z
      .enum(logLevels, { error: `is none of ${logLevels.join(', ')}` })
      .default('info')
      .meta({ example: 'info' }),
    OTEL_EXPORTER_OTLP_ENDPOINT: url(/^https?:\/\/\S+$/, 'http://127.0.0.1:4318').optional(),
    NODE_ENV: z
      .enum(['development', 'production', 'test'], { error: 'is none of development, production, test' })
      .default('production')
      .meta({ example: 'production' }),
  });
}

export type ServiceConfig = z.output<ReturnType<typeof serviceSchema>>;

/** Reads what `schema` names from `env`. An empty value counts as missing, for that is how compose files pass it. */
export function readConfig<S extends z.ZodObject>(schema: S, env: Env): Result<z.output<S>, ConfigRefused> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const read = schema.safeParse(given);
  const problems = new Map<string, string>();
  for (const { path, message } of read.error?.issues ?? []) {
    const name = String(path[0]);
    if (!problems.has(name)) problems.set(name, given[name] === undefined ? 'is missing' : message);
  }
  for (const [name, problem] of combinationProblems(schema, given)) if (!problems.has(name)) problems.set(name, problem);
  if (read.success && problems.size === 0) return ok(read.data);
  return err({ code: 'CONFIG_WRONG', text: report(schema, problems) });
}

/** As readConfig, for `main.ts`: what is wrong goes to standard error and the process ends with status 2. */
export function loadConfig<S extends z.ZodObject>(schema: S, env: Env = process.env): z.output<S> {
  const read = readConfig(schema, env);
  if (read.ok) return read.value;
  process.stderr.write(`${read.refusal.text}\n`);
  process.exit(2);
}

function report(schema: z.ZodObject, problems: ReadonlyMap<string, string>): string {
  const width = Math.max(...[...problems.keys()].map((name) => name.length));
  const lines = [...problems].map(([name, problem]) => {
    const example = exampleOf(schema.shape[name]);
    return `  ${name.padEnd(width)}  ${problem}${example === undefined ? '' : `, example: ${example}`}`;
  });
  const count = problems.size === 1 ? 'One setting is wrong' : `${problems.size} settings are wrong`;
  return [`${count}. Set these environment variables and start again:`, ...lines].join('\n');
}

// `.optional()`, `.default()` and `.prefault()` wrap the type that carries the example.
function exampleOf(type: z.core.$ZodType | undefined): string | undefined {
  if (!type) return undefined;
  const { example } = (z.globalRegistry.get(type) ?? {}) as { example?: string };
  if (example !== undefined) return example;
  return 'innerType' in type._zod.def ? exampleOf(type._zod.def.innerType as z.core.$ZodType) : undefined;
}

type Problem = [name: string, problem: string];

/** What each name cannot know of itself. */
function combinationProblems({ shape }: z.ZodObject, given: Env): Problem[] {
  return [
    ...('SCHOOLBELL_TLS_CERT_FILE' in shape ? tlsProblems(given) : []),
    ...('MONGODB_URI' in shape ? mongoProblems(given) : []),
    ...('KAFKA_BROKERS' in shape ? kafkaProblems(given) : []),
  ];
}

function tlsProblems({ SCHOOLBELL_TLS_CERT_FILE: cert, SCHOOLBELL_TLS_KEY_FILE: key, SCHOOLBELL_TLS_CA_FILE: ca }: Env): Problem[] {
  if ((key || ca) && !cert) return [['SCHOOLBELL_TLS_CERT_FILE', 'is missing, though another TLS file is given']];
  if (cert && !key) return [['SCHOOLBELL_TLS_KEY_FILE', 'is missing, though a certificate is given']];
  return [];
}

function mongoProblems({ MONGODB_URI: uri = '', MONGODB_PLAINTEXT: plaintext }: Env): Problem[] {
  const [, srv, hosts = ''] = /^mongodb(\+srv)?:\/\/(?:[^@]*@)?([^/?@]*)/.exec(uri) ?? [];
  const tls = srv ? !/[?&](tls|ssl)=false(&|$)/i.test(uri) : /[?&](tls|ssl)=true(&|$)/i.test(uri);
  const local = hosts
    .split(',')
    .every((host) => /\.sock$/i.test(host) || isLoopback(parseAddress(host)?.host ?? host.replace(/^\[|\]$/g, '')));
  if (local || tls || plaintext === 'true') return [];
  return [['MONGODB_URI', 'is not on loopback, so it needs tls=true, or MONGODB_PLAINTEXT=true where the network is private']];
}

function kafkaProblems(given: Env): Problem[] {
  const { KAFKA_BROKERS: brokers = '', KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: user } = given;
  const { KAFKA_TLS_CA_FILE: ca, KAFKA_SASL_PASSWORD_FILE: password } = given;
  const tls = given.KAFKA_TLS === 'true';
  const plaintext = given.KAFKA_PLAINTEXT === 'true';
  const away = brokers.split(',').some((broker) => !isLoopback(parseAddress(broker.trim())?.host ?? 'localhost'));
  const rules: [wrong: unknown, ...Problem][] = [
    [ca && !tls, 'KAFKA_TLS', 'is not true, though KAFKA_TLS_CA_FILE is given'],
    [away && !tls && !plaintext, 'KAFKA_TLS', 'must be true for a broker off loopback, or KAFKA_PLAINTEXT where the network is private'],
    [tls && plaintext, 'KAFKA_PLAINTEXT', 'contradicts KAFKA_TLS'],
    [!mechanism && (user || password), 'KAFKA_SASL_MECHANISM', 'is missing, though a user or its password file is given'],
    [mechanism === 'plain' && away && !tls, 'KAFKA_SASL_MECHANISM', 'is plain, which shows the password to the network without KAFKA_TLS'],
    [!user && (mechanism || password), 'KAFKA_SASL_USERNAME', 'is missing, though its mechanism or password file is given'],
    [!password && (mechanism || user), 'KAFKA_SASL_PASSWORD_FILE', 'is missing, though a mechanism or a user is given'],
  ];
  return rules.flatMap(([wrong, name, problem]): Problem[] => (wrong ? [[name, problem]] : []));
}
