import { Invoice, InvoicePurpose, InvoiceStatus } from '@schoolbell/contracts/school/billing/v1/billing';
import { type Command, Option } from 'commander';
import type { Clients } from '../../start/clients.ts';
import { toJson } from '../contract.ts';
import { failureOf, isOutcomeUnknown, refused, withHint } from '../failure.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import {
  asDate,
  asUuid,
  collected,
  type ListOptions,
  listed,
  listOptions,
  type OrderOptions,
  orderId,
  orderOptions,
  verb,
} from '../verbs.ts';
import { clockText, enumChoices, enumText, moneyText } from '../wording.ts';
import { chargesOf } from './fees.ts';
import { addRunVerb } from './invoice-runs.ts';
import { pupilIdOf } from './registry.ts';

export function addInvoiceNoun(program: Command, act: Act): void {
  const invoice = program.command('invoice').description('invoices of one pupil or of the whole school');
  const issue = verb(invoice, 'issue', 'Issues one invoice for one pupil.', [
    'invoice issue --pupil 79000701000001 --title "Thu tháng 12/2026" --due 2026-12-15 --charge BAN_TRU --charge NUOC_UONG=2',
  ])
    .requiredOption('--pupil <pupil>', 'the pupil, by code or id')
    .requiredOption('--title <title>', 'what it is called: "Thu tháng 12/2026"')
    .requiredOption('--due <day>', 'day by which it is to be paid', asDate)
    .requiredOption('--charge <code[=n]>', 'fee item and units: NUOC_UONG=2; may be repeated', collected);
  orderOptions(issue, 'invoice', 'the school, the pupil, the title, the day and the charges').action(act('accountant', issueInvoice));
  addRunVerb(invoice, act);
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

interface IssueOptions extends OrderOptions {
  readonly pupil: string;
  readonly title: string;
  readonly due: string;
  readonly charge: readonly string[];
}

async function issueInvoice({ out, clients, schoolId, commandLine }: Session, options: IssueOptions): Promise<void> {
  const { title, due: dueOn } = options;
  const studentId = await pupilIdOf(clients, options.pupil);
  const charges = await chargesOf(clients, options.charge);
  const sorted = charges.map(({ item, quantity }) => `${item.code}=${quantity}`).sort();
  const invoiceId = orderId(options, ['invoice', schoolId, studentId, title, dueOn, sorted]);
  const known = await knownInvoice(clients, invoiceId);
  if (known?.status === InvoiceStatus.VOID)
    throw refused('INVOICE_VOID', `The same invoice was issued before and is void: ${invoiceId}. --again issues another one.`);
  if (known) out.note('This invoice was issued before, so nothing is issued twice. --again would issue another one.');
  const request = {
    invoiceId,
    studentId,
    title,
    purpose: InvoicePurpose.FEES,
    charges: charges.map(({ item, quantity }) => ({ feeItemId: item.feeItemId, quantity })),
    dueOn,
  };
  const look = commandLine(`invoice show ${invoiceId}`);
  const { invoice } = await clients.billing.issueInvoice(request, { idempotencyKey: invoiceId }).catch((error: unknown) => {
    if (!isOutcomeUnknown(error)) throw error;
    throw withHint(error, `Whether invoice ${invoiceId} was issued all the same: ${look}`, { invoiceId, look });
  });
  const issued = present(invoice);
  out.result(toJson(Invoice, issued));
  out.say(`${issued.invoiceId}: ${moneyText(issued.total)} by ${issued.dueOn}`);
}

async function knownInvoice({ billing }: Clients, invoiceId: string): Promise<Invoice | undefined> {
  try {
    return (await billing.getInvoice({ invoiceId })).invoice;
  } catch (error) {
    if (failureOf(error).code === 'INVOICE_NOT_FOUND') return undefined;
    throw error;
  }
}

async function showInvoice({ out, clients }: Session, invoiceId: string): Promise<void> {
  const invoice = present((await clients.billing.getInvoice({ invoiceId })).invoice);
  out.result(toJson(Invoice, invoice));
  out.facts([
    ['Invoice', invoice.invoiceId],
    ['Title', invoice.title],
    ['Pupil', `${invoice.studentName}, ${invoice.className}`],
    ['Status', enumText(InvoiceStatus, invoice.status)],
    ['Total', moneyText(invoice.total)],
    ['Paid', moneyText(invoice.paid)],
    ['By credit', moneyText(invoice.creditApplied)],
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
  out.result(rows.map((row) => toJson(Invoice, row)));
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
  out.result(toJson(Invoice, invoice));
  out.say(`${invoice.invoiceId} is void.`);
}
