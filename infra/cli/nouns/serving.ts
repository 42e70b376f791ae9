import { Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import {
  CheckOutcome,
  type GetServingResponse,
  type KitchenEntry,
  type MenuDifference,
  type ServedDish,
  type Serving,
  ServingStatus,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { schoolDateOf } from '@schoolbell/kernel';
import { type Command, InvalidArgumentError } from 'commander';
import { refused } from '../failure.ts';
import { present } from '../long-work.ts';
import type { Session } from '../session.ts';
import { asUuid, collected, idOption, idOr } from '../verbs.ts';
import { clockText, enumText } from '../wording.ts';
import { type MealOptions, mealFrom } from './meal-options.ts';

/** What was planned for a meal, with its records. */
export interface Served extends Omit<GetServingResponse, 'serving'> {
  readonly serving: Serving;
}

export async function servedAt({ clients }: Session, { date, meal }: MealOptions): Promise<Served> {
  const asked = { servingId: '', date: date ?? schoolDateOf(new Date()), meal: mealFrom(meal) };
  const found = await clients.canteen.getServing(asked);
  return { ...found, serving: present(found.serving) };
}

/** A dish of the meal by its name, as people call it, or by its id. */
export function dishOf({ dishes }: Pick<Serving, 'dishes'>, nameOrId: string): ServedDish {
  const [dish, ...others] = dishes.filter(({ dishId, name }) => dishId === nameOrId || isSame(name, nameOrId));
  if (others.length > 0)
    throw refused('DISH_UNCLEAR', `Several dishes are called "${nameOrId}": say the id of one; "kitchen show --json" has them.`);
  if (dish) return dish;
  throw refused('DISH_NOT_FOUND', `The meal has no dish "${nameOrId}"; it has ${dishes.map(({ name }) => `"${name}"`).join(', ')}.`);
}

export function isSame(name: string, typed: string): boolean {
  return name.normalize('NFC').toLowerCase() === typed.normalize('NFC').trim().toLowerCase();
}

/** Of records of which one may put another right: those that stand. */
export function standing<R extends { readonly entry: KitchenEntry | undefined }>(records: readonly R[]): R[] {
  const replaced = new Set(records.map(({ entry }) => entry?.replaces));
  return records.filter(({ entry }) => !replaced.has(entry?.recordId));
}

export function tellServing({ out }: Session, serving: Serving): void {
  const { date, meal, dishes, portions, status, openedAt, servingId, holds } = serving;
  const held = holds.filter(({ releasedAt }) => releasedAt === undefined);
  out.facts([
    ['Meal', `${date} ${enumText(Meal, meal)}`],
    ['Dishes', dishes.map(({ name, ingredients }) => (ingredients.length === 0 ? `${name} (content unknown)` : name)).join(', ')],
    ['Portions', String(portions)],
    ['Status', enumText(ServingStatus, status)],
    ['Opened', clockText(openedAt)],
    ['Samples are held', held.map(({ reason, heldAt }) => `since ${clockText(heldAt)}: ${reason}`).join('; ')],
    ['Serving', servingId],
  ]);
}

/** Parents see the menu, so whoever cooks something else must know it. */
export function tellMenuDifference({ out }: Session, differs: MenuDifference | undefined): void {
  if (!differs) return;
  const { version, notServed, notOnMenu, otherIngredients } = differs;
  out.say(`\nParents see another menu (version ${version}); "kitchen dishes" carries it over:`);
  out.facts([
    ['Not served', notServed.join(', ')],
    ['Not on the menu', notOnMenu.join(', ')],
    ['Made of something else', otherIngredients.join(', ')],
  ]);
}

/** Everything that was written down of a meal, with the ids that --replaces wants. */
export function tellRecords({ out }: Session, served: Served): void {
  const rows = recordsOf(served);
  if (rows.length === 0) return;
  const valid = new Set(standing(rows));
  out.say('\nRecords:');
  out.table(rows, [
    { title: 'step', text: (row) => row.step },
    { title: 'of', text: (row) => row.of },
    { title: 'at', text: (row) => clockText(row.at) },
    { title: 'by', text: (row) => row.entry?.checkedBy ?? '' },
    { title: 'is', text: (row) => (valid.has(row) ? row.is : 'put right') },
    { title: 'record', text: (row) => row.entry?.recordId ?? '' },
  ]);
}

interface Recorded {
  readonly step: string;
  readonly of: string;
  readonly entry: KitchenEntry | undefined;
  readonly at: Date | undefined;
  readonly is: string;
}

function recordsOf({ serving, ingredients, cookings, portionings, samples }: Served): Recorded[] {
  const names = new Map(serving.dishes.map(({ dishId, name }) => [dishId, name]));
  const dish = (dishId: string) => names.get(dishId) ?? '(taken off)';
  return [
    ...ingredients.map(({ entry, food, receivedAt: at, sensory, quickTest }) => {
      return { step: 'step 1', of: food, entry, at, is: outcomeText([sensory, quickTest]) };
    }),
    ...cookings.map(({ entry, dishId, cookedAt: at, people, equipment, premises, sensory }) => {
      return { step: 'step 2', of: dish(dishId), entry, at, is: outcomeText([people, equipment, premises, sensory]) };
    }),
    ...portionings.map(({ entry, dishId, portionedAt: at, hygiene, sensory }) => {
      return { step: 'step 3', of: dish(dishId), entry, at, is: outcomeText([hygiene, sensory]) };
    }),
    ...samples.map(({ entry, dishId, takenAt: at, destroyed }) => {
      return { step: 'sample', of: dish(dishId), entry, at, is: destroyed ? 'destroyed' : 'kept' };
    }),
  ];
}

function outcomeText(looks: readonly CheckOutcome[]): string {
  return looks.includes(CheckOutcome.FAILED) ? 'failed' : 'passed';
}

export interface EntryOptions {
  readonly by: string;
  readonly replaces?: string;
  readonly reason?: string;
  readonly id?: string;
}

/** Who looked, and which record it puts right. */
export function entryOptions(command: Command): Command {
  return command
    .requiredOption('--by <name>', 'who looked, by the name that is signed with')
    .option('--replaces <record>', 'id of the record that this one puts right; "kitchen show" has it', asUuid)
    .option('--reason <text>', 'with --replaces: why it is put right')
    .addOption(idOption('record'));
}

export function entryFrom({ by, replaces = '', reason = '', id }: EntryOptions): KitchenEntry {
  return { recordId: idOr(id), checkedBy: by, replaces, reason, recordedAt: undefined, recordedBy: '' };
}

export interface OutcomeOptions {
  readonly failed: readonly string[];
  readonly action: string;
}

/** What was looked at passed unless it is named here: whoever writes the record has looked at all of it. */
export function outcomeOptions(command: Command, looks: readonly string[]): Command {
  return command
    .option('--failed <look>', `what did not pass, the rest did; may be repeated: ${looks.join(', ')}`, choiceOf(looks), [])
    .option('--action <text>', 'what was done with what failed', '');
}

function choiceOf(looks: readonly string[]): (text: string, before?: readonly string[]) => string[] {
  return (text, before) => {
    if (!looks.includes(text)) throw new InvalidArgumentError(`There are ${looks.join(', ')}.`);
    return collected(text, before);
  };
}

export function outcomeOf(look: string, { failed }: OutcomeOptions): CheckOutcome {
  return failed.includes(look) ? CheckOutcome.FAILED : CheckOutcome.PASSED;
}
