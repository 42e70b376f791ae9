import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Dish, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { GetServingResponse, KitchenBook, MissingKind, type ServedDish, Serving } from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { schoolDateOf } from '@schoolbell/kernel';
import { type Command, Option } from 'commander';
import { toJson } from '../contract.ts';
import { wrongUsage } from '../failure.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asCount, asDate, collected, idOption, idOr, orderId, verb } from '../verbs.ts';
import { enumChoices, enumText } from '../wording.ts';
import { readCookedDish } from './dish-text.ts';
import { addCheckVerbs } from './kitchen-checks.ts';
import { addSampleVerbs } from './kitchen-samples.ts';
import { enumFrom, type MealOptions, mealFrom, mealOptions } from './meal-options.ts';
import { dishOf, servedAt, tellMenuDifference, tellRecords, tellServing } from './serving.ts';

export function addKitchenNoun(program: Command, act: Act): void {
  const kitchen = program.command('kitchen').description('food safety: the three checks of a meal, its samples, and the books to print');
  mealOptions(
    verb(kitchen, 'show', 'How a meal stands: what was recorded, and what keeps it from being served.', [
      'kitchen show',
      'kitchen show --date 2026-11-23 --meal lunch --json',
    ]),
  ).action(act('kitchen', showServing));
  mealOptions(
    verb(kitchen, 'plan', 'Plans what is served: the dishes of the menu and the portions of the count, where nothing else is said.', [
      'kitchen plan',
      'kitchen plan --meal snack --dish "Bánh mì thịt: bánh mì [gluten], thịt lợn" --portions 120',
    ]),
  )
    .option('--dish <dish>', `where no menu is published: ${dishForm}`, asCookedDish, [])
    .option('--portions <n>', 'portions, where nobody booked the meal', asCount)
    .addOption(idOption('serving'))
    .action(act('kitchen', planServing));
  mealOptions(
    verb(kitchen, 'dishes', 'Puts dishes on a planned meal or takes them off, until it opens.', [
      'kitchen dishes --off "Cá thu sốt cà chua" --add "Trứng chiên: trứng gà [eggs]" --reason "Cá không đạt, thay bằng trứng"',
    ]),
  )
    .option('--add <dish>', `a dish that comes: ${dishForm}`, asCookedDish, [])
    .option('--off <dish>', 'a dish that goes, by name or id; may be repeated', collected, [])
    .requiredOption('--reason <text>', 'why')
    .addOption(idOption('change'))
    .action(act('kitchen', changeDishes));
  mealOptions(
    verb(kitchen, 'open', 'Opens a meal for serving; refused until its checks and samples are complete.', ['kitchen open --meal lunch']),
  ).action(act('kitchen', openServing));
  addCheckVerbs(kitchen, act);
  addSampleVerbs(kitchen, act);
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

const dishForm = 'name: ingredient [allergen, …], ingredient; "name: ?" where nobody knows what it holds; may be repeated';

function asCookedDish(text: string, before: readonly Dish[]): Dish[] {
  return [...before, readCookedDish(text)];
}

interface PlanOptions extends MealOptions {
  readonly dish: readonly Dish[];
  readonly portions?: number;
  readonly id?: string;
}

async function planServing(
  session: Session,
  { date = schoolDateOf(new Date()), meal, dish, portions = 0, id }: PlanOptions,
): Promise<void> {
  const servingId = idOr(id);
  const plan = { servingId, date, meal: mealFrom(meal), dishes: dish.map((each) => newDish(servingId, each)), portions };
  tellChanged(session, present((await session.clients.canteen.planServing(plan)).serving));
}

interface DishesOptions extends MealOptions {
  readonly add: readonly Dish[];
  readonly off: readonly string[];
  readonly reason: string;
  readonly id?: string;
}

async function changeDishes(session: Session, options: DishesOptions): Promise<void> {
  const { add, off, reason, id } = options;
  if (add.length + off.length === 0) throw wrongUsage('Nothing changes: say --add or --off with a dish.');
  const { serving } = await servedAt(session, options);
  const takenOff = off.map((nameOrId) => dishOf(serving, nameOrId).dishId);
  const changeId = idOr(id);
  const change = { servingId: serving.servingId, changeId, added: add.map((each) => newDish(changeId, each)), takenOff, reason };
  tellChanged(session, present((await session.clients.canteen.changeDishes(change)).serving));
}

/** Of one order the same dish has the same id, so that the order can be sent again. */
function newDish(order: string, { name, ingredients }: Dish): ServedDish {
  return { dishId: orderId({}, ['dish', order, name]), name, ingredients };
}

async function openServing(session: Session, options: MealOptions): Promise<void> {
  const { servingId } = (await servedAt(session, options)).serving;
  tellChanged(session, present((await session.clients.canteen.openServing({ servingId })).serving));
}

function tellChanged(session: Session, serving: Serving): void {
  session.out.result(toJson(Serving, serving));
  tellServing(session, serving);
}

async function showServing(session: Session, options: MealOptions): Promise<void> {
  const { out } = session;
  const served = await servedAt(session, options);
  const { serving, missing } = served;
  out.result(toJson(GetServingResponse, served));
  tellServing(session, serving);
  tellMenuDifference(session, served.menuDifference);
  if (missing.length > 0) {
    out.say('\nMissing:');
    out.table(missing, [
      { title: 'missing', text: (row) => enumText(MissingKind, row.kind) },
      { title: 'dish', text: (row) => row.dish?.name ?? '' },
    ]);
  }
  tellRecords(session, served);
}

interface BookOptions {
  readonly book: string;
  readonly date?: string;
  readonly until?: string;
  readonly meal?: string;
  readonly out?: string;
}

async function printBook({ out, clients }: Session, { book, date, until = '', meal, out: file }: BookOptions): Promise<void> {
  const wanted = enumFrom(KitchenBook, book) as KitchenBook;
  const from = date ?? schoolDateOf(new Date());
  const { pdf, fileName, rows } = await clients.canteen.printBook({
    book: wanted,
    from,
    until,
    meal: meal === undefined ? Meal.UNSPECIFIED : mealFrom(meal),
  });
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
