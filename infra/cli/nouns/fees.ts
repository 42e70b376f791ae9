import { FeeItem } from '@schoolbell/contracts/school/billing/v1/billing';
import { schoolDateOf } from '@schoolbell/kernel';
import type { Command } from 'commander';
import type { Clients } from '../../start/clients.ts';
import { toJson } from '../contract.ts';
import { refused, wrongUsage } from '../failure.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asAmount, asDate, idOption, idOr, type ListOptions, listed, listOptions, verb, vnd } from '../verbs.ts';
import { moneyText } from '../wording.ts';

export function addFeeNoun(program: Command, act: Act): void {
  const fee = program.command('fee').description('what the school may charge for, under dated prices');
  verb(fee, 'define', 'Makes a fee item; with its own id and --until, ends it.', [
    'fee define --code NUOC_UONG --name "Nước uống" --price 20.000 --unit tháng --from 2026-09-01 --citation "NQ 18/2025/NQ-HĐND"',
  ])
    .requiredOption('--code <code>', 'short code, also the revenue account: BAN_TRU')
    .requiredOption('--name <name>', 'name exactly as the resolution has it')
    .requiredOption('--price <đồng>', 'price of one unit', asAmount)
    .requiredOption('--unit <unit>', 'unit as printed: tháng')
    .requiredOption('--from <day>', 'first day on which it may be charged', asDate)
    .option('--until <day>', 'first day on which it may be charged no more', asDate)
    .requiredOption('--citation <text>', 'where the right to charge it comes from: NQ 18/2025/NQ-HĐND')
    .addOption(idOption('fee item'))
    .action(act('accountant', defineFee));
  listOptions(verb(fee, 'list', 'Fee items by code and first day.', ['fee list'])).action(act('accountant', listFees));
}

interface DefineOptions {
  readonly code: string;
  readonly name: string;
  readonly price: bigint;
  readonly unit: string;
  readonly from: string;
  readonly until?: string;
  readonly citation: string;
  readonly id?: string;
}

async function defineFee({ out, clients }: Session, options: DefineOptions): Promise<void> {
  const { code, name, price, unit, from, until = '', citation, id } = options;
  const feeItem = {
    feeItemId: idOr(id),
    code,
    name,
    unitPrice: vnd(price),
    unit,
    effectiveFrom: from,
    effectiveUntil: until,
    citation,
  };
  const stored = present((await clients.billing.defineFeeItem({ feeItem })).feeItem);
  out.result(toJson(FeeItem, stored));
  out.say(`${stored.code} is defined: ${stored.feeItemId}`);
}

async function listFees(session: Session, options: ListOptions): Promise<void> {
  const { out, clients } = session;
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.billing.listFeeItems({ page });
    return { rows: answer.feeItems, page: answer.page };
  });
  out.result(rows.map((row) => toJson(FeeItem, row)));
  out.table(rows, [
    { title: 'code', text: (row) => row.code },
    { title: 'name', text: (row) => row.name },
    { title: 'price', text: (row) => moneyText(row.unitPrice), align: 'right' },
    { title: 'per', text: (row) => row.unit },
    { title: 'from', text: (row) => row.effectiveFrom },
    { title: 'until', text: (row) => row.effectiveUntil },
    { title: 'citation', text: (row) => row.citation },
    { title: 'id', text: (row) => row.feeItemId },
  ]);
}

/** Reads "NUOC_UONG=2" or "NUOC_UONG" as a fee item in force today and how many units of it. */
export async function chargesOf({ billing }: Clients, texts: readonly string[]): Promise<{ item: FeeItem; quantity: number }[]> {
  const today = schoolDateOf(new Date());
  const inForce = (await everyFeeItem(billing)).filter(
    (item) => item.effectiveFrom <= today && (item.effectiveUntil === '' || today < item.effectiveUntil),
  );
  return texts.map((text) => {
    const [, name = '', quantity = '1'] = /^([^=]+)(?:=(\d{1,4}))?$/.exec(text) ?? [];
    if (name === '' || Number(quantity) === 0) throw wrongUsage(`--charge ${text}: it looks like BAN_TRU or NUOC_UONG=2.`);
    const [item, ...others] = inForce.filter(({ code, feeItemId }) => code === name || feeItemId === name);
    if (!item)
      throw refused('FEE_ITEM_NOT_FOUND', `No fee item "${name}" is in force today; "./schoolbell fee list" shows those there are.`);
    if (others.length > 0) throw ambiguous(name, [item, ...others]);
    return { item, quantity: Number(quantity) };
  });
}

async function everyFeeItem(billing: Clients['billing']): Promise<FeeItem[]> {
  const all: FeeItem[] = [];
  let token = '';
  do {
    const { feeItems, page } = await billing.listFeeItems({ page: { size: 500, token } });
    all.push(...feeItems);
    token = page?.nextToken ?? '';
  } while (token !== '');
  return all;
}

function ambiguous(code: string, items: readonly FeeItem[]): Error {
  const lines = items.map(
    ({ feeItemId, unitPrice, unit, effectiveFrom }) => `  ${feeItemId}  ${moneyText(unitPrice)} per ${unit}, from ${effectiveFrom}`,
  );
  return refused('FEE_ITEM_AMBIGUOUS', `Several fee items "${code}" are in force today: say --charge with an id.\n${lines.join('\n')}`);
}
