import {
  AccountBalance,
  PaymentAttempt,
  PaymentAttemptStatus,
  SuspenseItem,
  SuspenseReason,
} from '@schoolbell/contracts/school/billing/v1/billing';
import { CreatePaymentUrlResponse, type ListBalancesResponse } from '@schoolbell/contracts/school/billing/v1/billing_service';
import { Money } from '@schoolbell/contracts/school/common/v1/money';
import { type Command, Option } from 'commander';
import { toJson } from '../contract.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asAmount, asUuid, idOption, idOr, type ListOptions, listed, listOptions, verb, vnd } from '../verbs.ts';
import { clockText, enumText, moneyText } from '../wording.ts';

export function addPaymentNouns(program: Command, act: Act): void {
  const payment = program.command('payment').description('paying through a gateway');
  verb(payment, 'url', "Makes the gateway's page for an invoice; open it in a browser.", [
    'payment url 0198c1de-…',
    'payment url 0198c1de-… --amount 100.000',
  ])
    .argument('<invoice>', 'invoice id', asUuid)
    .option('--amount <đồng>', 'a part of what is still owed', asAmount)
    .option('--gateway <name>', 'the gateway', 'vnpay')
    .option('--payer-ip <address>', 'address of the payer, for the gateway', '127.0.0.1')
    .addOption(new Option('--language <language>', "language of the gateway's pages").choices(['vi', 'en']).default('vi'))
    .addOption(idOption('attempt'))
    .action(act('accountant', makeUrl));
  verb(payment, 'show', 'One attempt to pay.', ['payment show 0198c1de-…'])
    .argument('<attempt>', 'attempt id', asUuid)
    .action(act('accountant', showAttempt));

  const ledger = program.command('ledger').description('the double-entry books');
  listOptions(verb(ledger, 'balances', 'Balances by account, and whether the books balance.', ['ledger balances --prefix clearing:']))
    .option('--prefix <text>', 'only accounts that begin so', '')
    .action(act('accountant', listBalances));

  const suspense = program.command('suspense').description('verified money and notices that wait for a person');
  listOptions(verb(suspense, 'list', 'The work list, oldest first.', ['suspense list']))
    .option('--resolved', 'also what is resolved')
    .action(act('accountant', listSuspense));
  verb(suspense, 'resolve', 'Puts the money of an item on an invoice, or closes an item without money.', [
    'suspense resolve 0198c1de-… --invoice 0198c1de-… --reason "Phụ huynh chuyển thiếu"',
    'suspense resolve 0198c1de-… --invoice 0198c1de-… --money-received --reason "Sao kê VNPAY 21/11"',
    'suspense resolve 0198c1de-… --reason "Ngân hàng đã hoàn tiền"',
  ])
    .argument('<item>', 'item id', asUuid)
    .option('--invoice <invoice>', 'invoice to put the money on', asUuid)
    .option(
      '--money-received',
      "the gateway's own statement shows the money of an item for which none is booked: books what its notice named",
    )
    .requiredOption('--reason <text>', 'why, for the books')
    .action(act('accountant', resolveSuspense));
}

interface UrlOptions {
  readonly amount?: bigint;
  readonly gateway: string;
  readonly payerIp: string;
  readonly language: string;
  readonly id?: string;
}

async function makeUrl(
  { out, clients }: Session,
  invoiceId: string,
  { amount, gateway, payerIp, language, id }: UrlOptions,
): Promise<void> {
  const attemptId = idOr(id);
  const request = { attemptId, invoiceId, gateway, amount: amount === undefined ? undefined : vnd(amount), payerIp, language };
  const made = await clients.billing.createPaymentUrl(request, { idempotencyKey: attemptId });
  out.result(toJson(CreatePaymentUrlResponse, made));
  out.facts([
    ['Attempt', present(made.attempt).attemptId],
    ['Amount', moneyText(present(made.attempt).amount)],
    ['Pay at', made.url],
  ]);
}

async function showAttempt({ out, clients }: Session, attemptId: string): Promise<void> {
  const attempt = present((await clients.billing.getPaymentAttempt({ attemptId })).attempt);
  out.result(toJson(PaymentAttempt, attempt));
  out.facts([
    ['Attempt', attempt.attemptId],
    ['Invoice', attempt.invoiceId],
    ['Gateway', attempt.gateway],
    ['Order reference', attempt.orderRef],
    ['Amount', moneyText(attempt.amount)],
    ['Status', enumText(PaymentAttemptStatus, attempt.status)],
    ['Made', clockText(attempt.createdAt)],
    ['Notice kept', clockText(attempt.noticeAt)],
    ['Settled', clockText(attempt.settledAt)],
    ["Gateway's number", attempt.gatewayTransaction],
  ]);
}

async function listBalances(session: Session, options: ListOptions & { prefix: string }): Promise<void> {
  const { out, clients } = session;
  let totals: Pick<ListBalancesResponse, 'totalDebits' | 'totalCredits'> = { totalDebits: undefined, totalCredits: undefined };
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.billing.listBalances({ prefix: options.prefix, page });
    totals = answer;
    return { rows: answer.balances, page: answer.page };
  });
  const debits = totals.totalDebits ?? vnd(0n);
  const credits = totals.totalCredits ?? vnd(0n);
  const balanced = debits.minorUnits === credits.minorUnits;
  const balances = rows.map((row) => toJson(AccountBalance, row));
  out.result({ balances, totalDebits: toJson(Money, debits), totalCredits: toJson(Money, credits), balanced });
  const net = (row: AccountBalance) => vnd((row.debits?.minorUnits ?? 0n) - (row.credits?.minorUnits ?? 0n));
  out.table(rows, [
    { title: 'account', text: (row) => row.account },
    { title: 'debits', text: (row) => moneyText(row.debits), align: 'right' },
    { title: 'credits', text: (row) => moneyText(row.credits), align: 'right' },
    { title: 'debits less credits', text: (row) => moneyText(net(row)), align: 'right' },
  ]);
  out.say('');
  out.facts([
    ['All debits of the school', moneyText(debits)],
    ['All credits of the school', moneyText(credits)],
  ]);
  out.say(balanced ? 'The books balance.' : 'THE BOOKS DO NOT BALANCE: tell whoever runs Schoolbell at once.');
}

async function listSuspense(session: Session, options: ListOptions & { resolved?: boolean }): Promise<void> {
  const { out, clients } = session;
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.billing.listSuspense({ includeResolved: options.resolved === true, page });
    return { rows: answer.items, page: answer.page };
  });
  out.result(rows.map((row) => toJson(SuspenseItem, row)));
  if (rows.length === 0) return out.say('Nothing waits for a person.');
  out.table(rows, [
    { title: 'item', text: (row) => row.suspenseId },
    { title: 'reason', text: (row) => enumText(SuspenseReason, row.reason) },
    { title: 'booked', text: (row) => moneyText(row.amount), align: 'right' },
    { title: 'named', text: (row) => moneyText(row.namedAmount), align: 'right' },
    { title: 'gateway', text: (row) => row.gateway },
    { title: "gateway's number", text: (row) => row.gatewayTransaction },
    { title: 'order reference', text: (row) => row.orderRef },
    { title: 'since', text: (row) => clockText(row.since) },
    { title: 'resolved', text: (row) => clockText(row.resolvedAt) },
    { title: 'by', text: (row) => row.resolvedBy },
    { title: 'invoice', text: (row) => row.invoiceId },
  ]);
}

async function resolveSuspense(
  { out, clients }: Session,
  suspenseId: string,
  { invoice: invoiceId = '', moneyReceived = false, reason }: { invoice?: string; moneyReceived?: boolean; reason: string },
): Promise<void> {
  const request = { suspenseId, invoiceId, moneyReceived, reason };
  const item = present((await clients.billing.resolveSuspense(request, { idempotencyKey: suspenseId })).item);
  out.result(toJson(SuspenseItem, item));
  out.say(
    item.invoiceId === ''
      ? `${item.suspenseId} is closed; no money was booked.`
      : `${item.suspenseId} is resolved: ${moneyText(item.namedAmount)} went on invoice ${item.invoiceId}.`,
  );
}
