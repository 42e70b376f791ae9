import { LunchSupport, MealPortionStatus, Refund, RefundStatus, SupportSource } from '@schoolbell/contracts/school/billing/v1/billing';
import { GetStudentAccountResponse } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { toJson } from '../contract.ts';
import { withHint, wrongUsage } from '../failure.ts';
import { billMeals, present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import {
  asAmount,
  asDate,
  asUuid,
  collected,
  idOption,
  idOr,
  type ListOptions,
  listed,
  listOptions,
  type OrderOptions,
  orderId,
  orderOptions,
  verb,
  vnd,
} from '../verbs.ts';
import { clockText, enumChoices, enumText, moneyText } from '../wording.ts';
import { isKnownRun, watched } from './invoice-runs.ts';
import { classIdOf, pupilIdOf } from './registry.ts';

/** Monthly bills and what a pupil has with the school join the noun of the meals. */
export function addMealMoneyNouns(program: Command, meals: Command, act: Act): void {
  const bill = verb(meals, 'bill', 'Bills the meals of a month: one invoice for each pupil, less the credit the pupil has.', [
    'meals bill --month 2026-12 --due 2026-12-15 --yes',
    'meals bill --month 2026-12 --due 2026-12-15 --class 1A --title "Tiền ăn tháng 12/2026"',
  ])
    .requiredOption('--month <month>', 'the month: 2026-12', asMonth)
    .requiredOption('--due <day>', 'day by which they are to be paid', asDate)
    .option('--title <title>', 'what each is called; "Tiền ăn tháng 12/2026" when left out')
    .option('--class <name>', 'only this class, by name or id; may be repeated', collected)
    .option('--yes', 'do not ask');
  orderOptions(bill, 'run', 'the school, the month, the day, the title and the classes').action(act('accountant', billMonth));
  verb(meals, 'account', 'What a pupil has with the school, and the meals of a month with their money.', [
    'meals account 79000701000001 --month 2026-12',
  ])
    .argument('<pupil>', 'pupil code or id')
    .requiredOption('--month <month>', 'the month: 2026-12', asMonth)
    .action(act('accountant', showAccount));
  addSupportNoun(program, act);
  addRefundNoun(program, act);
}

function addSupportNoun(program: Command, act: Act): void {
  const support = program.command('support').description('public lunch support, credited for each lunch that was eaten');
  verb(support, 'grant', "Writes down a pupil's right to public lunch support.", [
    'support grant --pupil 79000701000001 --amount 40.000 --from 2026-09-07 --source hcmc --citation "QĐ 812/QĐ-UBND, 03-9-2026"',
  ])
    .requiredOption('--pupil <pupil>', 'pupil code or id')
    .requiredOption('--amount <đồng>', 'most that is paid for one day', asAmount)
    .requiredOption('--from <day>', 'first day', asDate)
    .option('--until <day>', 'first day without it; open when left out', asDate)
    .addOption(new Option('--source <source>', 'whose money').choices(enumChoices(SupportSource)).makeOptionMandatory())
    .requiredOption('--citation <text>', 'where the right comes from')
    .addOption(idOption('right'))
    .action(act('accountant', grantSupport));
  verb(support, 'end', 'Ends a right; what was credited for days behind its end is taken back.', [
    'support end 0198c1de-… --until 2027-01-01',
  ])
    .argument('<right>', 'id of the right', asUuid)
    .requiredOption('--until <day>', 'first day without it', asDate)
    .action(act('accountant', endSupport));
  listOptions(verb(support, 'list', 'Rights to lunch support.', ['support list', 'support list --pupil 79000701000001']))
    .option('--pupil <pupil>', 'only of this pupil, by code or id')
    .action(act('accountant', listSupports));
}

function addRefundNoun(program: Command, act: Act): void {
  const refund = program.command('refund').description('money of pupils who left, to be paid out');
  listOptions(verb(refund, 'list', 'What is to be paid out, the earliest due first.', ['refund list', 'refund list --closed']))
    .option('--closed', 'also what was paid or closed')
    .action(act('accountant', listRefunds));
  verb(refund, 'pay', 'Books that a refund was paid by bank transfer.', ['refund pay 0198c1de-… --amount 70.000 --reference FT26342000001'])
    .argument('<refund>', 'refund id', asUuid)
    .requiredOption('--amount <đồng>', 'what was transferred; refused, with the right amount, where it is another', asAmount)
    .requiredOption('--reference <text>', "the bank's reference of the transfer")
    .action(act('accountant', payRefund));
}

interface BillOptions extends OrderOptions {
  readonly month: string;
  readonly due: string;
  readonly title?: string;
  readonly class?: readonly string[];
  readonly yes?: boolean;
}

async function billMonth(session: Session, options: BillOptions): Promise<void> {
  const { out, clients, schoolId } = session;
  const { month, due: dueOn, class: classes = [] } = options;
  const title = options.title ?? `Tiền ăn tháng ${month.slice(5)}/${month.slice(0, 4)}`;
  const classIds = [...new Set(await Promise.all(classes.map((name) => classIdOf(clients, name))))].sort();
  const runId = orderId(options, ['meals', schoolId, month, dueOn, title, classIds]);
  const whom = classes.length === 0 ? 'every pupil of the school' : `every pupil of ${classes.join(', ')}`;
  if (await isKnownRun(clients, runId)) out.note('This run was started before, so nothing is billed twice. --again would look once more.');
  else if (!options.yes && !(await session.confirm(`Bill the meals of ${month} to ${whom}?`, '--yes to go on')))
    return out.say('Nothing was billed.');
  const request = { runId, month, dueOn, title, classIds };
  await watched(session, runId, { patience: 60 }, (onProgress, patience) => billMeals(clients.billing, request, onProgress, patience));
}

async function showAccount({ out, clients }: Session, pupil: string, { month }: { month: string }): Promise<void> {
  const studentId = await pupilIdOf(clients, pupil);
  const account = await clients.billing.getStudentAccount({ studentId, month });
  out.result(toJson(GetStudentAccountResponse, account));
  out.facts([['With the school', moneyText(account.balance)]]);
  if (account.portions.length === 0) return out.say(`No meals in ${month}.`);
  out.say('');
  out.table(account.portions, [
    { title: 'day', text: (row) => row.date },
    { title: 'meal', text: (row) => row.meal.toLowerCase() },
    { title: 'stands', text: (row) => enumText(MealPortionStatus, row.status) },
    { title: 'price', text: (row) => moneyText(row.price), align: 'right' },
    { title: 'charged', text: (row) => moneyText(row.charged), align: 'right' },
    { title: 'credited', text: (row) => moneyText(row.credited), align: 'right' },
    { title: 'supported', text: (row) => moneyText(row.supported), align: 'right' },
  ]);
}

interface GrantOptions {
  readonly pupil: string;
  readonly amount: bigint;
  readonly from: string;
  readonly until?: string;
  readonly source: string;
  readonly citation: string;
  readonly id?: string;
}

async function grantSupport({ out, clients, commandLine }: Session, options: GrantOptions): Promise<void> {
  const { amount, from: effectiveFrom, until: effectiveUntil = '', citation } = options;
  const studentId = await pupilIdOf(clients, options.pupil);
  const source = Object.values(SupportSource).find((value) => enumText(SupportSource, value) === options.source);
  if (source === undefined) throw wrongUsage(`There is no source "${options.source}".`);
  const grantId = idOr(options.id);
  const wanted = { grantId, studentId, amountPerDay: vnd(amount), effectiveFrom, effectiveUntil, source, citation };
  const look = commandLine(`support list --pupil ${studentId}`);
  const { support } = await clients.billing.grantLunchSupport({ support: wanted }).catch((error: unknown) => {
    throw withHint(error, `What the pupil has: ${look}`, { look });
  });
  const granted = present(support);
  out.result(toJson(LunchSupport, granted));
  out.say(`${granted.grantId}: up to ${moneyText(granted.amountPerDay)} a day from ${granted.effectiveFrom}.`);
}

async function endSupport({ out, clients }: Session, grantId: string, { until }: { until: string }): Promise<void> {
  const support = present((await clients.billing.endLunchSupport({ grantId, effectiveUntil: until })).support);
  out.result(toJson(LunchSupport, support));
  out.say(`${support.grantId} ends: ${support.effectiveUntil} is the first day without it.`);
}

async function listSupports(session: Session, options: ListOptions & { pupil?: string }): Promise<void> {
  const { out, clients } = session;
  const studentId = options.pupil === undefined ? '' : await pupilIdOf(clients, options.pupil);
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.billing.listLunchSupport({ studentId, page });
    return { rows: answer.supports, page: answer.page };
  });
  out.result(rows.map((row) => toJson(LunchSupport, row)));
  if (rows.length === 0) return out.say('Nobody has lunch support.');
  out.table(rows, [
    { title: 'right', text: (row) => row.grantId },
    { title: 'pupil', text: (row) => row.studentId },
    { title: 'a day', text: (row) => moneyText(row.amountPerDay), align: 'right' },
    { title: 'from', text: (row) => row.effectiveFrom },
    { title: 'until', text: (row) => row.effectiveUntil },
    { title: 'source', text: (row) => enumText(SupportSource, row.source) },
    { title: 'citation', text: (row) => row.citation },
  ]);
}

async function listRefunds(session: Session, options: ListOptions & { closed?: boolean }): Promise<void> {
  const { out, clients } = session;
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.billing.listRefunds({ includeClosed: options.closed === true, page });
    return { rows: answer.refunds, page: answer.page };
  });
  out.result(rows.map((row) => toJson(Refund, row)));
  if (rows.length === 0) return out.say('Nothing is to be paid out.');
  out.table(rows, [
    { title: 'refund', text: (row) => row.refundId },
    { title: 'pupil', text: (row) => row.studentName },
    { title: 'left', text: (row) => row.leftOn },
    { title: 'due', text: (row) => row.dueOn },
    { title: 'amount', text: (row) => moneyText(row.amount), align: 'right' },
    { title: 'status', text: (row) => enumText(RefundStatus, row.status) },
    { title: 'paid', text: (row) => clockText(row.paidAt) },
    { title: 'reference', text: (row) => row.bankReference },
  ]);
}

async function payRefund({ out, clients }: Session, refundId: string, options: { amount: bigint; reference: string }): Promise<void> {
  const request = { refundId, amount: vnd(options.amount), bankReference: options.reference };
  const refund = present((await clients.billing.payRefund(request, { idempotencyKey: refundId })).refund);
  out.result(toJson(Refund, refund));
  out.say(`${moneyText(refund.amount)} to ${refund.studentName} is booked under ${refund.bankReference}.`);
}

function asMonth(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('It must be a month like 2026-12.');
  return text;
}
