import { readOptions, usage } from './arguments.ts';
import { findPayable } from './demo-school.ts';
import { type Schoolbell, startSchoolbell } from './schoolbell.ts';

const startedAt = performance.now();
const seconds = () => ((performance.now() - startedAt) / 1_000).toFixed(1);
const log = (line: string) => console.log(`${seconds().padStart(5)} s  ${line}`);

let running: Schoolbell | undefined;
let stoppingSince = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
// A terminal that is closed takes the output away before its signal comes.
process.stdout.on('error', () => {});

const options = readOptions(process.argv.slice(2));
if ('wrong' in options) {
  console.error(options.wrong === '' ? usage : `${options.wrong}\n\n${usage}`);
  process.exit(options.wrong === '' ? 0 : 2);
}
try {
  running = await startSchoolbell({ ...options, log });
  await tellWhatToTry(running);
} catch (error) {
  console.error(`\nSchoolbell could not start. ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

async function stop(): Promise<void> {
  // One Ctrl-C comes several times: from the terminal, and again from npm and from the program that started this one.
  if (stoppingSince > 0 && performance.now() - stoppingSince < 1_000) return;
  if (stoppingSince > 0) {
    console.log('Ending everything at once.');
    process.exit(1);
  }
  stoppingSince = performance.now();
  // What already runs is ended on the way out, and what is missed by the next start.
  if (!running) process.exit(1);
  console.log('\nStopping; press Ctrl-C again to end everything at once …');
  await finish(running);
}

async function finish(schoolbell: Schoolbell): Promise<void> {
  await schoolbell.stop();
  console.log('Stopped.');
  process.exit(0);
}

async function tellWhatToTry(schoolbell: Schoolbell): Promise<void> {
  const { run, clients, runFile } = schoolbell;
  log('Schoolbell is ready.');
  console.log(`
Open
  ${'the mailbox of the guardians'.padEnd(34)}${new URL('/', run.mailbox).href}`);
  for (const [name, { metrics }] of Object.entries(run.services)) console.log(`  ${`metrics of ${name}`.padEnd(34)}${metrics}`);
  const payable = await findPayable(clients);
  if (payable) {
    console.log(`  ${`VNPAY's page for an invoice of ${payable.className}`.padEnd(34)}${payable.payUrl}`);
    console.log(`
Try in another terminal, in this folder
  ./schoolbell demo pay ${payable.invoiceId}
  ./schoolbell demo day --speed 240
  ./schoolbell rollcall list
  ./schoolbell meals count
  ./schoolbell pupil find --as parent
  ./schoolbell invoice list --status open
  ./schoolbell --help`);
  }
  console.log(`\nAddresses and tokens are in ${runFile}. Ctrl-C stops everything.`);
}
