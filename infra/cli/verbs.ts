import { isUuid, parseSchoolDate } from '@schoolbell/kernel';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import type { Session } from './session.ts';

/** A verb under a noun, with examples at the end of its help. */
export function verb(noun: Command, name: string, what: string, examples: readonly string[]): Command {
  return noun
    .command(name)
    .description(what)
    .addHelpText('after', ['', 'Examples:', ...examples.map((example) => `  $ ./schoolbell ${example}`)].join('\n'));
}

/** For verbs that make something: who sends the same id again gets the first answer. */
export function idOption(what: string): Option {
  return new Option('--id <uuid>', `id of the ${what}; the same again does nothing twice (made anew when left out)`).argParser(asUuid);
}

export function idOr(given: string | undefined): string {
  return given ?? uuidv7();
}

/** For verbs that charge people: the id comes from what is asked for, so that the same command again charges nobody twice. */
export function orderOptions(command: Command, what: string, madeFrom: string): Command {
  return command
    .addOption(new Option('--id <uuid>', `id of the ${what}, instead of the one made from what is asked for`).argParser(asUuid))
    .addOption(new Option('--again', `another ${what}, although the same was asked for before`).conflicts('id'))
    .addHelpText(
      'after',
      `
The same command again is the same ${what}: it issues nothing twice and shows the first answer, because the id is made from
${madeFrom}. --again asks for another one on purpose.`,
    );
}

export interface OrderOptions {
  readonly id?: string;
  readonly again?: boolean;
}

/** Fixed for ever: a change would make every order of before a new one. */
const orders = '5f0b7a52-3c1e-4d0c-9a57-2f6f1c6f7e11';

export function orderId({ id, again }: OrderOptions, order: readonly (string | readonly string[])[]): string {
  if (id !== undefined) return id;
  return again ? uuidv7() : uuidv5(JSON.stringify(order).normalize('NFC'), orders);
}

export function asUuid(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('It must be a UUID in lower case.');
  return text;
}

export function asDate(text: string): string {
  if (!parseSchoolDate(text)) throw new InvalidArgumentError('It must be a day like 2026-11-30.');
  return text;
}

/** Đồng, with or without dots or commas between thousands, as Vietnamese and English have it. */
export function asAmount(text: string): bigint {
  const digits = text.replace(/[.,]/g, '');
  if (digits.length > 13 || !/^(\d+|\d{1,3}(\.\d{3})+|\d{1,3}(,\d{3})+)$/.test(text))
    throw new InvalidArgumentError('It must be a whole number of đồng, like 350000 or 350.000.');
  return BigInt(digits);
}

export function asCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
}

export function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

export function vnd(amount: bigint): { currencyCode: string; minorUnits: bigint } {
  return { currencyCode: 'VND', minorUnits: amount };
}

export interface ListOptions {
  readonly limit: number;
  readonly all?: boolean;
}

/** Adds how much of a list is wanted. */
export function listOptions(command: Command): Command {
  return command.option('--limit <n>', 'rows at most', asCount, 100).option('--all', 'every row, however many');
}

type Page = { readonly size: number; readonly token: string };
type Answer<T> = { readonly rows: readonly T[]; readonly page: { readonly nextToken: string } | undefined };

const pageSize = 500;

/** Reads page after page until there are enough rows; says so where more are left. */
export async function listed<T>({ out }: Session, { limit, all }: ListOptions, ask: (page: Page) => Promise<Answer<T>>): Promise<T[]> {
  const wanted = all ? Number.POSITIVE_INFINITY : limit;
  const rows: T[] = [];
  let token = '';
  do {
    const answer = await ask({ size: Math.min(pageSize, wanted - rows.length), token });
    rows.push(...answer.rows);
    token = answer.page?.nextToken ?? '';
  } while (token !== '' && rows.length < wanted);
  if (token !== '') out.note(`The first ${rows.length}; --limit or --all shows more.`);
  return rows;
}
