import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import {
  GetServingResponse,
  KitchenBook,
  ListedSample,
  MissingKind,
  Serving,
  ServingStatus,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { schoolDateOf } from '@schoolbell/kernel';
import { type Command, Option } from 'commander';
import { wrongUsage } from '../failure.ts';
import { toJson } from '../json.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asDate, type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumChoices, enumText } from '../wording.ts';

export function addKitchenNoun(program: Command, act: Act): void {
  const kitchen = program.command('kitchen').description('food safety: the three checks of a meal, its samples, and the books to print');
  mealOptions(
    verb(kitchen, 'show', 'How a meal stands: what was recorded, and what keeps it from being served.', [
      'kitchen show',
      'kitchen show --date 2026-11-23 --meal lunch --json',
    ]),
  ).action(act('kitchen', showServing));
  mealOptions(
    verb(kitchen, 'open', 'Opens a meal for serving; refused until its checks and samples are complete.', ['kitchen open --meal lunch']),
  ).action(act('kitchen', openServing));
  listOptions(
    verb(kitchen, 'samples', 'Food samples, the one that may be destroyed first at the head.', [
      'kitchen samples',
      'kitchen samples --due',
    ]),
  )
    .option('--due', 'only those that may be destroyed now')
    .action(act('kitchen', listSamples));
  verb(kitchen, 'book', 'Prints a book as PDF.', [
    'kitchen book --book step1 --date 2026-11-23 --out kiem-thuc.pdf',
    'kitchen book --book samples --date 2026-11-01 --until 2026-11-30',
  ])
    .addOption(new Option('--book <book>', 'which book').choices(enumChoices(KitchenBook)).makeOptionMandatory())
    .option('--date <day>', 'first day; today when left out', asDate)
    .option('--until <day>', 'last day; the first one when left out', asDate)
    .addOption(new Option('--meal <meal>', 'only this meal').choices(enumChoices(Meal)))
    .option('--out <file>', 'where to write it; named by the service when left out')
    .action(act('kitchen', printBook));
}

interface MealOptions {
  readonly date?: string;
  readonly meal: string;
}

function mealOptions(command: Command): Command {
  return command
    .option('--date <day>', 'the day; today when left out', asDate)
    .addOption(new Option('--meal <meal>', 'which meal').choices(enumChoices(Meal)).default('lunch'));
}

function mealOf(text: string | undefined): Meal {
  const found = Object.values(Meal).find((value) => value > 0 && enumText(Meal, value) === text);
  return found ?? Meal.UNSPECIFIED;
}

async function findServing({ clients }: Session, { date, meal }: MealOptions): Promise<GetServingResponse> {
  return clients.canteen.getServing({ servingId: '', date: date ?? schoolDateOf(new Date()), meal: mealOf(meal) });
}

async function showServing(session: Session, options: MealOptions): Promise<void> {
  const { out } = session;
  const found = await findServing(session, options);
  const { serving, missing, ingredients, cookings, portionings, samples } = found;
  out.result(toJson(GetServingResponse, found));
  tellServing(session, present(serving));
  out.facts([
    ['Foods checked', String(ingredients.length)],
    ['Dishes cooked', String(cookings.length)],
    ['Dishes portioned', String(portionings.length)],
    ['Samples', String(samples.length)],
  ]);
  if (missing.length === 0) return;
  out.say('');
  out.table(missing, [
    { title: 'missing', text: (row) => enumText(MissingKind, row.kind) },
    { title: 'dish', text: (row) => row.dish?.name ?? '' },
  ]);
}

async function openServing(session: Session, options: MealOptions): Promise<void> {
  const { servingId } = present((await findServing(session, options)).serving);
  const serving = present((await session.clients.canteen.openServing({ servingId })).serving);
  session.out.result(toJson(Serving, serving));
  tellServing(session, serving);
}

function tellServing({ out }: Session, { date, meal, dishes, portions, status, openedAt, servingId }: Serving): void {
  out.facts([
    ['Meal', `${date} ${enumText(Meal, meal)}`],
    ['Dishes', dishes.map(({ name }) => name).join(', ')],
    ['Portions', String(portions)],
    ['Status', enumText(ServingStatus, status)],
    ['Opened', clockText(openedAt)],
    ['Serving', servingId],
  ]);
}

async function listSamples(session: Session, options: ListOptions & { readonly due?: boolean }): Promise<void> {
  const { out, clients } = session;
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.canteen.listSamples({ due: options.due === true, page });
    return { rows: answer.samples, page: answer.page };
  });
  out.result(rows.map((row) => toJson(ListedSample, row)));
  out.table(rows, [
    { title: 'meal', text: (row) => `${row.date} ${enumText(Meal, row.meal)}` },
    { title: 'dish', text: (row) => row.dishName },
    { title: 'taken', text: (row) => clockText(row.sample?.takenAt) },
    { title: 'may go from', text: (row) => clockText(row.sample?.destroyableFrom) },
    { title: 'is', text: (row) => (row.sample?.destroyed ? 'destroyed' : row.held ? 'held' : 'kept') },
    { title: 'id', text: (row) => row.sample?.entry?.recordId ?? '' },
  ]);
}

interface BookOptions {
  readonly book: string;
  readonly date?: string;
  readonly until?: string;
  readonly meal?: string;
  readonly out?: string;
}

async function printBook({ out, clients }: Session, { book, date, until = '', meal, out: file }: BookOptions): Promise<void> {
  const wanted = Object.values(KitchenBook).find((value) => value > 0 && enumText(KitchenBook, value) === book) ?? KitchenBook.UNSPECIFIED;
  const from = date ?? schoolDateOf(new Date());
  const { pdf, fileName, rows } = await clients.canteen.printBook({ book: wanted, from, until, meal: mealOf(meal) });
  const path = file ?? basename(fileName);
  await writeFile(path, pdf).catch(({ message }: Error) => {
    throw wrongUsage(`The file ${path} cannot be written (${message}).`);
  });
  out.result({ file: path, rows, bytes: pdf.length });
  out.facts([
    ['File', path],
    ['Rows', String(rows)],
  ]);
}
