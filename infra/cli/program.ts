import { Command, CommanderError } from 'commander';
import { tokenRoles } from '../start/run-file.ts';
import { type ExitStatus, failureOf, wrongUsage } from './failure.ts';
import { addNouns } from './nouns.ts';
import { actIn, type Shell } from './session.ts';
import { collected } from './verbs.ts';

/** Runs one command line to its end and says how it ended; never throws. */
export async function runCommandLine(args: readonly string[], shell: Shell): Promise<ExitStatus> {
  const json = args.includes('--json');
  const written = watchWriting(shell);
  try {
    const program = createProgram(shell, json);
    await addNouns(program, args, actIn(shell), shell);
    await program.parseAsync(args, { from: 'user' });
    return written();
  } catch (error) {
    const { exitStatus, text, code, facts } = failureOf(error);
    // To people the library has said by itself what is wrong, or shown its help.
    if (exitStatus !== 0 && json) shell.stderr.write(`${JSON.stringify({ error: { code, message: text, facts } })}\n`);
    else if (!(error instanceof CommanderError)) shell.stderr.write(`${text}\n`);
    return exitStatus;
  }
}

/**
 * Whoever reads may go before everything is written, as `head` does: that is no failure, and what a command does besides writing goes on.
 * A full disk is one.
 */
function watchWriting({ stdout, stderr }: Shell): () => ExitStatus {
  let failed = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    if (!failed) stderr.write(`The result cannot be written (${error.message}).\n`);
    failed = true;
  });
  stderr.on('error', () => {});
  return () => (failed ? 1 : 0);
}

/** Without its nouns, which inherit what is configured here. */
function createProgram(shell: Shell, json: boolean): Command {
  return new Command('schoolbell')
    .description(
      "The operator's command line of Schoolbell: talks to the services of a running one over gRPC; `events` and `parked` talk to Kafka itself.",
    )
    .option('--json', 'the result as JSON, for scripts')
    .option('--address <[service=]host:port>', 'where a service is, instead of .schoolbell/run.json; may be repeated', collected)
    .option('--token-file <file>', 'file with the bearer token to show')
    .option('--as <role>', `role to act in, with the tokens of run.json: ${tokenRoles.join(', ')}`)
    .option('--lang <language>', 'vi or en, for what services answer; else as the terminal says')
    .addHelpText('after', about)
    .showHelpAfterError('Add --help to see how it is used.')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => shell.stdout.write(text), writeErr: (text) => void (json || shell.stderr.write(text)) })
    .addHelpText('beforeAll', ({ command }) => refuseUnknown(command))
    .exitOverride();
}

/** Asked for the help of a command that does not exist, the library would show that of the one above it, as if all were well. */
function refuseUnknown(command: Command): string {
  const [first, second] = command.args;
  const word = first === 'help' ? second : first;
  const known = command.commands.map((each) => each.name());
  if (known.length === 0 || word === undefined || word.startsWith('-') || [...known, 'help'].includes(word)) return '';
  const path = [command.parent ? `${command.name()} ` : '', word].join('');
  throw wrongUsage(`There is no command "${path}"; there are ${known.join(', ')}.`);
}

const about = `
Without --address, the Schoolbell of .schoolbell/run.json is meant: of this folder, of one above it, or of the checkout.
A service on another machine is called with TLS: SCHOOLBELL_TLS_CERT_FILE, _KEY_FILE and _CA_FILE name the files.
Exit status: 0 done, 1 refused, 2 wrong usage, 3 nobody answers.

Examples:
  $ ./schoolbell status
  $ ./schoolbell call registry/ListClasses
  $ ./schoolbell roster import C1-HocSinh.xlsx --dry-run
  $ ./schoolbell rollcall submit --class 1A --absent 79000701000001
  $ ./schoolbell invoice list --status open --json
  $ ./schoolbell demo pay 0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10`;
