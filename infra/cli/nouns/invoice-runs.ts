import { InvoiceRun } from '@schoolbell/contracts/school/billing/v1/billing';
import { type Command, InvalidArgumentError } from 'commander';
import type { Clients } from '../../start/clients.ts';
import { toJson } from '../contract.ts';
import { failureOf, isOutcomeUnknown, withHint, wrongUsage } from '../failure.ts';
import { followRun, type OnProgress, type Patience, present, runInvoices } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asDate, collected, type OrderOptions, orderId, orderOptions, verb } from '../verbs.ts';
import { moneyText } from '../wording.ts';
import { chargesOf } from './fees.ts';
import { classIdOf } from './registry.ts';

export function addRunVerb(invoice: Command, act: Act): void {
  const run = verb(invoice, 'run', 'Issues the same invoice for every pupil of the school, or of some classes.', [
    'invoice run --title "Thu tháng 12/2026" --due 2026-12-15 --charge BAN_TRU --charge NUOC_UONG=2 --yes',
    'invoice run --title "Áo đồng phục" --due 2026-12-15 --charge DONG_PHUC --class 1A --class 1B',
    'invoice run --id 0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10        (looks at a run, and waits for its end)',
  ])
    .option('--title <title>', 'what it is called: "Thu tháng 12/2026"')
    .option('--due <day>', 'day by which it is to be paid', asDate)
    .option('--charge <code[=n]>', 'fee item and units: NUOC_UONG=2; may be repeated', collected)
    .option('--class <name>', 'only this class, by name or id; may be repeated', collected)
    .option('--yes', 'do not ask')
    .option('--patience <seconds>', 'how long to wait for billing should it be away meanwhile', asSeconds, 60);
  orderOptions(run, 'run', 'the school, the title, the day, the charges and the classes').action(act('accountant', runOrLook));
}

interface RunOptions extends OrderOptions {
  readonly title?: string;
  readonly due?: string;
  readonly charge?: readonly string[];
  readonly class?: readonly string[];
  readonly yes?: boolean;
  readonly patience: number;
}
type NewRun = RunOptions & Required<Pick<RunOptions, 'title' | 'due' | 'charge'>>;

async function runOrLook(session: Session, options: RunOptions): Promise<void> {
  const { id, title, due, charge } = options;
  if (title !== undefined && due !== undefined && charge !== undefined) return runForSchool(session, { ...options, title, due, charge });
  if (id === undefined) throw wrongUsage('A run needs --title, --due and --charge; --id alone looks at one that was started before.');
  if (title !== undefined || due !== undefined || charge !== undefined || options.class !== undefined)
    throw wrongUsage('To look at a run, say --id alone; to start one, say --title, --due and --charge.');
  const known = present((await session.clients.billing.getInvoiceRun({ runId: id })).run);
  await watched(session, id, options, (onProgress, patience) => followRun(session.clients.billing, known, onProgress, patience));
}

async function runForSchool(session: Session, options: NewRun): Promise<void> {
  const { out, clients, schoolId } = session;
  const { title, due: dueOn, class: classes = [] } = options;
  const classIds = [...new Set(await Promise.all(classes.map((name) => classIdOf(clients, name))))].sort();
  const charges = await chargesOf(clients, options.charge);
  const runId = orderId(options, [
    'run',
    schoolId,
    title,
    dueOn,
    charges.map(({ item, quantity }) => `${item.code}=${quantity}`).sort(),
    classIds,
  ]);
  const whom = classes.length === 0 ? 'every pupil of the school' : `every pupil of ${classes.join(', ')}`;
  if (await isKnownRun(clients, runId))
    out.note('This run was started before, so nothing is issued twice. --again would issue it once more.');
  else if (!options.yes && !(await session.confirm(`Issue "${title}" for ${whom}?`, '--yes to go on')))
    return out.say('Nothing was issued.');
  const request = {
    runId,
    title,
    charges: charges.map(({ item, quantity }) => ({ feeItemId: item.feeItemId, quantity })),
    dueOn,
    classIds,
  };
  await watched(session, runId, options, (onProgress, patience) => runInvoices(clients.billing, request, onProgress, patience));
}

export async function isKnownRun({ billing }: Clients, runId: string): Promise<boolean> {
  try {
    return (await billing.getInvoiceRun({ runId })).run !== undefined;
  } catch (error) {
    if (failureOf(error).code === 'INVOICE_RUN_NOT_FOUND') return false;
    throw error;
  }
}

/** Says which run it is before anything can go wrong: billing finishes what it began, whether somebody watches or not. */
export async function watched(
  { out, commandLine }: Session,
  runId: string,
  options: Pick<RunOptions, 'patience'>,
  work: (onProgress: OnProgress, patience: Patience) => Promise<InvoiceRun>,
): Promise<void> {
  const look = commandLine(`invoice run --id ${runId}`);
  out.note(`Run ${runId}`);
  const onAway = () => out.note(`Billing does not answer; waiting ${options.patience} s for it. The run goes on when it is back.`);
  const bar = out.progress('Issuing');
  let begun = false;
  const onProgress: OnProgress = (done, total) => {
    begun = true;
    bar.on(done, total);
  };
  try {
    const run = await work(onProgress, { ms: options.patience * 1_000, onAway }).finally(bar.end);
    out.result(toJson(InvoiceRun, run));
    out.say(`${run.issued} invoices, ${moneyText(run.total)} in all. Run ${run.runId}`);
  } catch (error) {
    if (!begun && !isOutcomeUnknown(error)) throw error;
    throw withHint(error, `Once begun, run ${runId} goes on without this command. How far it is: ${look}`, { runId, look });
  }
}

function asSeconds(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of seconds.');
  return Number(text);
}
