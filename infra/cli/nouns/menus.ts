import { Allergen, type Dish, Meal, Menu } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { schoolDateOf } from '@schoolbell/kernel';
import type { Command } from 'commander';
import { toJson } from '../contract.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asDate, idOption, idOr, type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumChoices, enumText } from '../wording.ts';
import { readDish } from './dish-text.ts';
import { type MealOptions, mealFrom, mealOptions } from './meal-options.ts';

export function addMenuNoun(program: Command, act: Act): void {
  const menus = program.command('menu').description('what there is to eat, dish by dish with ingredients and allergens');
  mealOptions(
    verb(menus, 'publish', 'Publishes the menu of a meal; anew, it is the next version.', [
      'menu publish --date 2026-11-24 --dish "Thịt kho trứng: thịt lợn, trứng gà [eggs], nước mắm [fish]" --dish "Cơm: gạo"',
    ]),
  )
    .requiredOption(
      '--dish <dish>',
      `name: ingredient [allergen, …], ingredient; may be repeated. Allergens: ${enumChoices(Allergen).join(', ')}`,
      asDish,
    )
    .addOption(idOption('menu'))
    .action(act('principal', publishMenu));
  mealOptions(verb(menus, 'show', 'The menu of a meal.', ['menu show', 'menu show --date 2026-11-24 --json'])).action(
    act('kitchen', showMenu),
  );
  listOptions(verb(menus, 'list', 'Menus from one day to another.', ['menu list --from 2026-11-23 --until 2026-11-27']))
    .option('--from <day>', 'first day; today when left out', asDate)
    .option('--until <day>', 'last day; a week later when left out', asDate)
    .action(act('kitchen', listMenus));
}

function asDish(text: string, before: readonly Dish[] = []): Dish[] {
  return [...before, readDish(text)];
}

async function publishMenu(session: Session, options: MealOptions & { dish: readonly Dish[]; id?: string }): Promise<void> {
  const { date = schoolDateOf(new Date()), meal, dish, id } = options;
  const menu = { menuId: idOr(id), date, meal: mealFrom(meal), dishes: [...dish], version: 0, publishedAt: undefined };
  tellMenu(session, present((await session.clients.canteen.publishMenu({ menu })).menu));
}

async function showMenu(session: Session, { date = schoolDateOf(new Date()), meal }: MealOptions): Promise<void> {
  tellMenu(session, present((await session.clients.canteen.getMenu({ date, meal: mealFrom(meal) })).menu));
}

function tellMenu({ out }: Session, menu: Menu): void {
  out.result(toJson(Menu, menu));
  out.facts([
    ['Menu', `${menu.date} ${enumText(Meal, menu.meal)}`],
    ['Version', String(menu.version)],
    ['Published', clockText(menu.publishedAt)],
  ]);
  out.say('');
  const rows = menu.dishes.flatMap(({ name, ingredients }) =>
    ingredients.map((ingredient, nth) => ({ name: nth === 0 ? name : '', ingredient })),
  );
  out.table(rows, [
    { title: 'dish', text: (row) => row.name },
    { title: 'ingredient', text: ({ ingredient }) => ingredient.name },
    { title: 'holds', text: ({ ingredient }) => ingredient.allergens.map((each) => enumText(Allergen, each)).join(', ') },
  ]);
}

async function listMenus(session: Session, options: ListOptions & { from?: string; until?: string }): Promise<void> {
  const { out, clients } = session;
  const { from: firstDay = '', until: lastDay = '' } = options;
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.canteen.listMenus({ firstDay, lastDay, page });
    return { rows: answer.menus, page: answer.page };
  });
  out.result(rows.map((row) => toJson(Menu, row)));
  out.table(rows, [
    { title: 'day', text: (row) => row.date },
    { title: 'meal', text: (row) => enumText(Meal, row.meal) },
    { title: 'version', text: (row) => String(row.version), align: 'right' },
    { title: 'dishes', text: (row) => row.dishes.map(({ name }) => name).join(', ') },
  ]);
}
