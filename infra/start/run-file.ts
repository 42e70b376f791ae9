import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Roles for which a start writes bearer tokens. */
export const tokenRoles = ['principal', 'accountant', 'teacher', 'nurse', 'kitchen', 'parent', 'system'] as const;
export type TokenRole = (typeof tokenRoles)[number];

const via = z.enum(['given', 'docker', 'local']);
/** A service without a door of one kind lacks its address. `pid` is 0 in the moments between an end and the next start. */
const serviceShape = z.object({ grpc: z.string().optional(), http: z.string().optional(), metrics: z.string(), pid: z.number() });

/**
 * `.schoolbell/run.json`: where everything of a running Schoolbell is, and tokens to talk to it. Scripts and tests of others start
 * here, so fields may be added but neither renamed nor dropped. A service that does not exist is absent. The parent's token is that of a
 * guardian of the demo school who has children with meals; started with --empty there is no guardian, and the token answers for no child.
 */
const runShape = z.object({
  engines: z.object({
    mongodb: z.object({ uri: z.string(), via }),
    kafka: z.object({ brokers: z.array(z.string()), via }),
  }),
  services: z.record(z.string(), serviceShape),
  portal: z.string().optional(),
  mailbox: z.string(),
  school: z.object({ id: z.string(), code: z.string() }),
  tokens: z.record(z.enum(tokenRoles), z.string()),
  gateways: z.object({ vnpay: z.object({ tmnCode: z.string(), hashSecret: z.string(), ipn: z.string() }).optional() }),
});

export type RunFile = z.output<typeof runShape>;

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export function runFileIn(stateDir: string): string {
  return join(stateDir, 'run.json');
}

export function writeRunFile(file: string, run: RunFile): void {
  writePrivate(file, `${JSON.stringify(run, undefined, 2)}\n`);
}

export function removeRunFile(file: string): void {
  rmSync(file, { force: true });
}

export function readRunFile(file: string): RunFile {
  const read = runShape.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new Error(`${file} is not what "npm start" writes: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** The run.json that counts in this folder: of the nearest folder upward that has one, else of this checkout. */
export function findRunFile(from: string): string | undefined {
  const file = runFileIn(join(from, '.schoolbell'));
  if (existsSync(file)) return file;
  const parent = dirname(from);
  if (parent !== from) return findRunFile(parent);
  const own = runFileIn(join(projectRoot, '.schoolbell'));
  return existsSync(own) ? own : undefined;
}

/** Complete or not there at all, and readable by nobody else from its first byte on. */
export function writePrivate(file: string, text: string): void {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
