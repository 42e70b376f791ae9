import { Command } from 'commander';
import { tokenRoles } from '../start/run-file.ts';
import { type ExitStatus, failureOf } from './failure.ts';
import { addAttendanceNouns } from './nouns/attendance.ts';
import { addDeliveryNoun } from './nouns/deliveries.ts';
import { addDemoNoun } from './nouns/demo.ts';
import { addFeeNoun } from './nouns/fees.ts';
import { addInvoiceNoun } from './nouns/invoices.ts';
import { addParkedNoun } from './nouns/parked.ts';
import { addPaymentNouns } from './nouns/payments.ts';
import { addRegistryNouns } from './nouns/registry.ts';
import { addRosterNoun } from './nouns/roster.ts';
import { addStatus } from './nouns/status.ts';
import { actIn, type Shell } from './session.ts';
import { collected } from './verbs.ts';

/** Runs one command line to its end and says how it ended; never throws. */
export async function runCommandLine(args: readonly string[], shell: Shell): Promise<ExitStatus> {
  try {
    await createProgram(shell).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const { exitStatus, text, code, facts } = failureOf(error);
    if (text !== '')
      shell.stderr.write(args.includes('--json') ? `${JSON.stringify({ error: { code, message: text, facts } })}\n` : `${text}\n`);
    return exitStatus;
  }
}

function createProgram(shell: Shell): Command {
  const program = new Command('schoolbell')
    .description(
      "The operator's command line of Schoolbell: talks to the services of a running one over gRPC; `parked` talks to Kafka itself.",
    )
    .option('--json', 'the result as JSON, for scripts')
    .option('--address <[service=]host:port>', 'where a service is, instead of .schoolbell/run.json; may be repeated', collected)
    .option('--token-file <file>', 'file with the bearer token to show')
    .option('--as <role>', `role to act in, with the tokens of run.json: ${tokenRoles.join(', ')}`)
    .option('--lang <language>', 'vi or en, for what services answer; else as the terminal says')
    .addHelpText('after', about)
    .showHelpAfterError('Add --help to see how it is used.')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => shell.stdout.write(text), writeErr: (text) => shell.stderr.write(text) })
    .exitOverride();
  const act = actIn(shell);
  addStatus(program, act);
  addRosterNoun(program, act);
  addRegistryNouns(program, act);
  addAttendanceNouns(program, act);
  addFeeNoun(program, act);
  addInvoiceNoun(program, act);
  addPaymentNouns(program, act);
  addDeliveryNoun(program, act);
  addDemoNoun(program, act);
  addParkedNoun(program, shell);
  return program;
}

const about = `
Without --address, the Schoolbell of .schoolbell/run.json is meant: of this folder, of one above it, or of the checkout.
A service on another machine is called with TLS: SCHOOLBELL_TLS_CERT_FILE, _KEY_FILE and _CA_FILE name the files.
Exit status: 0 done, 1 refused, 2 wrong usage, 3 nobody answers.

Examples:
  $ npx schoolbell status
  $ npx schoolbell roster import C1-HocSinh.xlsx --dry-run
  $ npx schoolbell rollcall submit --class 1A --absent 79000701000001
  $ npx schoolbell invoice list --status open --json
  $ npx schoolbell demo pay 0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10`;
