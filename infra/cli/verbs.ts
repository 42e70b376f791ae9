import { isUuid, parseSchoolDate } from '@schoolbell/kernel';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import type { Session } from './session.ts';

/** A verb under a noun, with examples at the end of its help. */
export function verb(noun: Command, name: string, what: string, examples: readonly string[]): Command {
  return noun
    .command(name)
    .description(what)
    .addHelpText('after', ['', 'Examples:', ...examples.map((example) => `  $ npx schoolbell ${example}`)].join('\n'));
}

/** For verbs that make something: who sends the same id again gets the first answer. */
export function idOption(what: string): Option {
  return new Option('--id <uuid>', `id of the ${what}; the same again does nothing twice (made anew when left out)`).argParser(asUuid);
}

export function idOr(given: string | undefined): string {
  return given ?? uuidv7();
}

export function asUuid(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('It must be a UUID in lower case.');
  return text;
}

export function asDate(text: string): string {
  if (!parseSchoolDate(text)) throw new InvalidArgumentError('It must be a day like 2026-11-30.');
  return text;
}

/** Đồng, with or without dots between thousands. */
export function asAmount(text: string): bigint {
  if (!/^\d{1,13}$/.test(text.replaceAll('.', '')))
    throw new InvalidArgumentError('It must be a whole number of đồng, like 350000 or 350.000.');
  return BigInt(text.replaceAll('.', ''));
}

function asCount(text: string): number {
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
