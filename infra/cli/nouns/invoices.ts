import { Invoice, InvoicePurpose, InvoiceRun, InvoiceStatus } from '@schoolbell/contracts/school/billing/v1/billing';
import { type Command, Option } from 'commander';
import { present, runInvoices } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asDate, asUuid, collected, idOption, idOr, type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumChoices, enumText, moneyText } from '../wording.ts';
import { chargesOf } from './fees.ts';
import { classIdOf, pupilIdOf } from './registry.ts';

export function addInvoiceNoun(program: Command, act: Act): void {
  const invoice = program.command('invoice').description('invoices of one pupil or of the whole school');
  charging(
    verb(invoice, 'issue', 'Issues one invoice for one pupil.', [
      'invoice issue --pupil 79000701000001 --title "Thu tháng 12/2026" --due 2026-12-15 --charge BAN_TRU --charge TIEN_AN=20 --as system',
    ]).requiredOption('--pupil <pupil>', 'the pupil, by id or, with a role that may see pupils, by code'),
  )
    .addOption(idOption('invoice'))
    .action(act('accountant', issueInvoice));
  charging(
    verb(invoice, 'run', 'Issues the same invoice for every pupil of the school, or of some classes.', [
      'invoice run --title "Thu tháng 12/2026" --due 2026-12-15 --charge BAN_TRU --charge TIEN_AN=20 --yes',
      'invoice run --title "Áo đồng phục" --due 2026-12-15 --charge DONG_PHUC --class 1A --class 1B',
    ]),
  )
    .option('--class <name>', 'only this class, by name or id; may be repeated', collected)
    .option('--yes', 'do not ask')
    .addOption(idOption('run'))
    .action(act('accountant', runForSchool));
  verb(invoice, 'show', 'One invoice with its lines.', ['invoice show 0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10'])
    .argument('<invoice>', 'invoice id', asUuid)
    .action(act('accountant', showInvoice));
  listOptions(
    verb(invoice, 'list', 'Invoices in the order of their ids.', ['invoice list --status open', 'invoice list --pupil 79000701000001']),
  )
    .option('--pupil <pupil>', 'only of this pupil, by code or id')
    .addOption(new Option('--status <status>', 'only in this state').choices(enumChoices(InvoiceStatus)))
    .action(act('principal', listInvoices));
  verb(invoice, 'void', 'Voids an invoice on which nothing was paid.', ['invoice void 0198c1de-… --reason "Thu nhầm khoản"'])
    .argument('<invoice>', 'invoice id', asUuid)
    .requiredOption('--reason <text>', 'why, for the books')
    .action(act('accountant', voidInvoice));
}

function charging(command: Command): Command {
  return command
    .requiredOption('--title <title>', 'what it is called: "Thu tháng 12/2026"')
    .requiredOption('--due <day>', 'day by which it is to be paid', asDate)
    .requiredOption('--charge <code[=n]>', 'fee item and units: TIEN_AN=20; may be repeated', collected);
}

interface ChargeOptions {
  readonly title: string;
  readonly due: string;
  readonly charge: readonly string[];
  readonly id?: string;
}

async function issueInvoice({ out, clients }: Session, options: ChargeOptions & { pupil: string }): Promise<void> {
  const invoiceId = idOr(options.id);
  const request = {
    invoiceId,
    studentId: await pupilIdOf(clients, options.pupil),
    title: options.title,
    purpose: InvoicePurpose.FEES,
    charges: await chargesOf(clients, options.charge),
    dueOn: options.due,
  };
  const issued = present((await clients.billing.issueInvoice(request, { idempotencyKey: invoiceId })).invoice);
  out.result(Invoice.toJSON(issued));
  out.say(`${issued.invoiceId}: ${moneyText(issued.total)} by ${issued.dueOn}`);
}

async function runForSchool(session: Session, options: ChargeOptions & { class?: string[]; yes?: boolean }): Promise<void> {
  const { out, clients } = session;
  const classes = options.class ?? [];
  const classIds = await Promise.all(classes.map((name) => classIdOf(clients, name)));
  const charges = await chargesOf(clients, options.charge);
  const whom = classes.length === 0 ? 'every pupil of the school' : `every pupil of ${classes.join(', ')}`;
  if (!options.yes && !(await session.confirm(`Issue "${options.title}" for ${whom}?`))) return out.say('Nothing was issued.');
  const bar = out.progress('Issuing');
  const request = { runId: idOr(options.id), title: options.title, charges, dueOn: options.due, classIds };
  const run = await runInvoices(clients.billing, request, bar.on).finally(bar.end);
  out.result(InvoiceRun.toJSON(run));
  out.say(`${run.issued} invoices, ${moneyText(run.total)} in all. Run ${run.runId}`);
}

async function showInvoice({ out, clients }: Session, invoiceId: string): Promise<void> {
  const invoice = present((await clients.billing.getInvoice({ invoiceId })).invoice);
  out.result(Invoice.toJSON(invoice));
  out.facts([
    ['Invoice', invoice.invoiceId],
    ['Title', invoice.title],
    ['Pupil', `${invoice.studentName}, ${invoice.className}`],
    ['Status', enumText(InvoiceStatus, invoice.status)],
    ['Total', moneyText(invoice.total)],
    ['Paid', moneyText(invoice.paid)],
    ['Due', invoice.dueOn],
    ['Issued', clockText(invoice.issuedAt)],
    ['Settled', clockText(invoice.paidAt)],
    ['Run', invoice.runId],
  ]);
  out.say('');
  out.table(invoice.lines, [
    { title: 'code', text: (line) => line.code },
    { title: 'name', text: (line) => line.name },
    { title: 'units', text: (line) => String(line.quantity), align: 'right' },
    { title: 'price', text: (line) => moneyText(line.unitPrice), align: 'right' },
    { title: 'amount', text: (line) => moneyText(line.amount), align: 'right' },
  ]);
}

async function listInvoices(session: Session, options: ListOptions & { pupil?: string; status?: string }): Promise<void> {
  const { out, clients } = session;
  const studentId = options.pupil === undefined ? '' : await pupilIdOf(clients, options.pupil);
  const status =
    Object.values(InvoiceStatus).find((value) => enumText(InvoiceStatus, value) === options.status) ?? InvoiceStatus.UNSPECIFIED;
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.billing.listInvoices({
      studentId,
      status: options.status === undefined ? InvoiceStatus.UNSPECIFIED : status,
      page,
    });
    return { rows: answer.invoices, page: answer.page };
  });
  out.result(rows.map((row) => Invoice.toJSON(row)));
  out.table(rows, [
    { title: 'invoice', text: (row) => row.invoiceId },
    { title: 'pupil', text: (row) => row.studentName },
    { title: 'class', text: (row) => row.className },
    { title: 'title', text: (row) => row.title },
    { title: 'status', text: (row) => enumText(InvoiceStatus, row.status) },
    { title: 'total', text: (row) => moneyText(row.total), align: 'right' },
    { title: 'paid', text: (row) => moneyText(row.paid), align: 'right' },
    { title: 'due', text: (row) => row.dueOn },
  ]);
}

async function voidInvoice({ out, clients }: Session, invoiceId: string, { reason }: { reason: string }): Promise<void> {
  const invoice = present((await clients.billing.voidInvoice({ invoiceId, reason })).invoice);
  out.result(Invoice.toJSON(invoice));
  out.say(`${invoice.invoiceId} is void.`);
}
