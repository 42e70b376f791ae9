import { createInterface } from 'node:readline/promises';
import type { Language } from '@schoolbell/service-kit';
import { readTls } from '@schoolbell/service-kit/tls';
import type { Command } from 'commander';
import type { TokenRole } from '../start/run-file.ts';
import { type Connection, connect, readLanguage, readRole } from './connection.ts';
import { wrongUsage } from './failure.ts';
import { withPupilNames } from './named-pupils.ts';
import { createOutput, type Output, type Streams } from './output.ts';

/** What surrounds the command line: a terminal and an environment, or what a test puts in their place. */
export interface Shell extends Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** For work without an end of its own: `stop` is called on Ctrl-C, which otherwise ends the process there and then. */
  readonly onInterrupt?: (stop: () => void) => void;
}

/** What the work of a command may use. */
export interface Session extends Connection {
  readonly out: Output;
  readonly language: Language;
  /** Asks for a yes; ends the command where nobody can be asked, with the flags of it that do without. */
  confirm(question: string, flags: string): Promise<boolean>;
  /** Another command to type, for the same Schoolbell in the same role. */
  commandLine(words: string): string;
}

/** Makes the action of a command: opens a session for it with the token of `role`, and closes it whatever happens. */
export type Act = <A extends unknown[]>(
  role: TokenRole,
  work: (session: Session, ...args: A) => Promise<void>,
) => (...given: unknown[]) => Promise<void>;

interface GlobalOptions {
  readonly json?: boolean;
  readonly address?: string[];
  readonly tokenFile?: string;
  readonly as?: string;
  readonly lang?: string;
}

export function actIn(shell: Shell): Act {
  return <A extends unknown[]>(role: TokenRole, work: (session: Session, ...args: A) => Promise<void>) =>
    // The library hands over the arguments, then the options, then the command itself.
    async (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const session = await openSession(shell, command.optsWithGlobals<GlobalOptions>(), role);
      try {
        await work(session, ...(given.slice(0, -1) as A));
      } catch (error) {
        throw await withPupilNames(error, session.clients);
      } finally {
        session.clients.close();
      }
    };
}

async function openSession(shell: Shell, options: GlobalOptions, role: TokenRole): Promise<Session> {
  const language = readLanguage(options.lang, shell.env);
  const connection = connect(
    {
      address: options.address ?? [],
      tokenFile: options.tokenFile,
      as: options.as === undefined ? undefined : readRole(options.as),
      language,
      cwd: shell.cwd,
      tls: await readTls(tlsFiles(shell.env)),
    },
    role,
  );
  const out = createOutput(shell, options.json === true);
  return {
    ...connection,
    out,
    language,
    confirm: (question, flags) => confirm(shell, question, flags),
    commandLine: (words) => commandLine(words, options),
  };
}

async function confirm({ stdin, stderr }: Shell, question: string, flags: string): Promise<boolean> {
  if (!stdin.isTTY) throw wrongUsage(`Nobody can be asked here: say ${flags}.`);
  const asking = createInterface({ input: stdin, output: stderr });
  try {
    return /^(y|yes|c|có)$/i.test((await asking.question(`${question} [y/N] `)).trim().normalize('NFC'));
  } finally {
    asking.close();
  }
}

function commandLine(words: string, { address = [], tokenFile, as }: GlobalOptions): string {
  const flags = [
    ...address.map((each) => `--address ${each}`),
    ...(tokenFile === undefined ? [] : [`--token-file '${tokenFile}'`]),
    ...(as === undefined ? [] : [`--as ${as}`]),
  ];
  return ['./schoolbell', words, ...flags].join(' ');
}

/** The names that services read too; needed only where a service is on another machine. */
function tlsFiles(env: NodeJS.ProcessEnv): Parameters<typeof readTls>[0] {
  const { SCHOOLBELL_TLS_CERT_FILE, SCHOOLBELL_TLS_KEY_FILE, SCHOOLBELL_TLS_CA_FILE } = env;
  return { SCHOOLBELL_TLS_CERT_FILE, SCHOOLBELL_TLS_KEY_FILE, SCHOOLBELL_TLS_CA_FILE };
}
