import {
  CheckOutcome,
  CookingCheck,
  FoodCategory,
  IngredientCheck,
  PortioningCheck,
  type Serving,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { toJson } from '../contract.ts';
import { refused } from '../failure.ts';
import { present } from '../long-work.ts';
import { asTime, type SaidTime, timeForms } from '../said-time.ts';
import type { Act, Session } from '../session.ts';
import { asCount, asDate, collected, verb } from '../verbs.ts';
import { enumChoices } from '../wording.ts';
import { enumFrom, type MealOptions, mealOptions } from './meal-options.ts';
import {
  dishOf,
  type EntryOptions,
  entryFrom,
  entryOptions,
  isSame,
  type OutcomeOptions,
  outcomeOf,
  outcomeOptions,
  type Served,
  servedAt,
  standing,
} from './serving.ts';

/** Kiểm thực ba bước, one record a command. */
export function addCheckVerbs(kitchen: Command, act: Act): void {
  addCheck(kitchen, act);
  addCook(kitchen, act);
  addPortion(kitchen, act);
}

function addCheck(kitchen: Command, act: Act): void {
  const check = verb(kitchen, 'check', 'Step 1: one food as it came in.', [
    'kitchen check "Cá thu tươi" --category fresh --quantity 12.5 --unit kg --supplier "Minh Tâm" --received-at 05:40 --by "Nguyễn Thị Vỹ"',
    'kitchen check "Cá thu tươi" --category fresh --quantity 12.5 --unit kg --supplier "Minh Tâm" --by "Vỹ" --failed sensory --action "Trả lại"',
  ]);
  mealOptions(check)
    .argument('<food>', 'the food: "Cá thu tươi"')
    .addOption(new Option('--category <kind>', 'which part of the book').choices(enumChoices(FoodCategory)).makeOptionMandatory())
    .requiredOption('--quantity <number>', 'how much: 12.5', asQuantity)
    .requiredOption('--unit <unit>', 'of what: kg, lít, hộp')
    .requiredOption('--supplier <name>', 'who sold it')
    .option('--supplier-contact <text>', 'address and telephone', '')
    .option('--deliverer <name>', 'who brought it', '')
    .option('--received-at <time>', `when it came in: ${timeForms}; now when left out`, asTime)
    .option('--invoice-no <text>', 'number of the invoice', '')
    .option('--veterinary-paper <text>', 'giấy đăng ký với thú y', '')
    .option('--quarantine-paper <text>', 'giấy kiểm dịch', '')
    .option('--producer <text>', 'who made packaged food, with the address', '')
    .option('--expires-on <day>', 'last day it may be eaten', asDate)
    .option('--storage <text>', 'how it is kept', '')
    .option('--quick-test', 'a quick test was made too');
  entryOptions(outcomeOptions(check, ['sensory', 'quick-test'])).action(act('kitchen', checkFood));
}

function addCook(kitchen: Command, act: Act): void {
  const cook = verb(kitchen, 'cook', 'Step 2: one dish as it was cooked.', [
    'kitchen cook "Cá thu sốt cà chua" --ingredient "Cá thu tươi" --ingredient "Cà chua" --prepared-at 08:10 --cooked-at 09:50 --by "Vỹ"',
  ]);
  mealOptions(cook)
    .argument('<dish>', 'dish of the meal, by name or id')
    .requiredOption('--ingredient <food>', 'food of step 1 that it is made of, by name or record id; may be repeated', collected)
    .requiredOption('--prepared-at <time>', `sơ chế xong: ${timeForms}`, asTime)
    .option('--cooked-at <time>', 'chế biến xong; now when left out', asTime)
    .option('--portions <n>', 'portions cooked; as planned when left out', asCount);
  entryOptions(outcomeOptions(cook, ['people', 'equipment', 'premises', 'sensory'])).action(act('kitchen', checkCooking));
}

function addPortion(kitchen: Command, act: Act): void {
  const portion = verb(kitchen, 'portion', 'Step 3: one dish as it was portioned.', [
    'kitchen portion "Cá thu sốt cà chua" --portioned-at 10:15 --eating-at 10:40 --containers "Khay inox có nắp" --by "Vỹ"',
  ]);
  mealOptions(portion)
    .argument('<dish>', 'dish of the meal, by name or id')
    .option('--portioned-at <time>', `chia xong: ${timeForms}; now when left out`, asTime)
    .requiredOption('--eating-at <time>', 'when eating begins', asTime)
    .requiredOption('--containers <text>', 'what it is portioned with, held and covered in')
    .option('--portions <n>', 'portions served out; as planned when left out', asCount);
  entryOptions(outcomeOptions(portion, ['hygiene', 'sensory'])).action(act('kitchen', checkPortioning));
}

interface FoodOptions extends MealOptions, EntryOptions, OutcomeOptions {
  readonly category: string;
  readonly quantity: number;
  readonly unit: string;
  readonly supplier: string;
  readonly supplierContact: string;
  readonly deliverer: string;
  readonly receivedAt?: SaidTime;
  readonly invoiceNo: string;
  readonly veterinaryPaper: string;
  readonly quarantinePaper: string;
  readonly producer: string;
  readonly expiresOn?: string;
  readonly storage: string;
  readonly quickTest?: boolean;
}

async function checkFood(session: Session, food: string, options: FoodOptions): Promise<void> {
  const { serving } = await servedAt(session, options);
  const { unit, supplier, supplierContact, deliverer, invoiceNo, veterinaryPaper, quarantinePaper, producer, storage, action } = options;
  const tested = options.quickTest === true || options.failed.includes('quick-test');
  const check = {
    ...{ entry: entryFrom(options), food, category: enumFrom(FoodCategory, options.category) as FoodCategory },
    receivedAt: options.receivedAt?.(serving.date) ?? new Date(),
    ...{ quantityThousandths: options.quantity, unit, supplierName: supplier, supplierContact, deliverer },
    ...{ invoiceNo, veterinaryPaper, quarantinePaper, producer, expiresOn: options.expiresOn ?? '', storage },
    sensory: outcomeOf('sensory', options),
    quickTest: tested ? outcomeOf('quick-test', options) : CheckOutcome.UNSPECIFIED,
    action,
  };
  const { checks } = await session.clients.canteen.checkIngredients({ servingId: serving.servingId, checks: [check] });
  session.out.result(toJson(IngredientCheck, present(checks[0])));
  tellRecorded(session, `Step 1 of ${food}`, check);
}

interface CookOptions extends MealOptions, EntryOptions, OutcomeOptions {
  readonly ingredient: readonly string[];
  readonly preparedAt: SaidTime;
  readonly cookedAt?: SaidTime;
  readonly portions?: number;
}

async function checkCooking(session: Session, nameOrId: string, options: CookOptions): Promise<void> {
  const served = await servedAt(session, options);
  const { servingId, date, portions } = served.serving;
  const dish = dishOf(served.serving, nameOrId);
  const check = {
    ...{ entry: entryFrom(options), dishId: dish.dishId, ingredientIds: foodsOf(served, options.ingredient) },
    ...cookedPortions(options, portions),
    ...{ preparedAt: options.preparedAt(date), cookedAt: options.cookedAt?.(date) ?? new Date() },
    ...{ people: outcomeOf('people', options), equipment: outcomeOf('equipment', options) },
    ...{ premises: outcomeOf('premises', options), sensory: outcomeOf('sensory', options), action: options.action },
  };
  const recorded = present((await session.clients.canteen.checkCooking({ servingId, check })).check);
  session.out.result(toJson(CookingCheck, recorded));
  tellRecorded(session, `Step 2 of ${dish.name}`, recorded);
}

interface PortionOptions extends MealOptions, EntryOptions, OutcomeOptions {
  readonly portionedAt?: SaidTime;
  readonly eatingAt: SaidTime;
  readonly containers: string;
  readonly portions?: number;
}

async function checkPortioning(session: Session, nameOrId: string, options: PortionOptions): Promise<void> {
  const { serving } = await servedAt(session, options);
  const { servingId, date, portions } = serving;
  const dish = dishOf(serving, nameOrId);
  const check = {
    ...{ entry: entryFrom(options), dishId: dish.dishId, ...cookedPortions(options, portions) },
    ...{ portionedAt: options.portionedAt?.(date) ?? new Date(), eatingAt: options.eatingAt(date), containers: options.containers },
    ...{ hygiene: outcomeOf('hygiene', options), sensory: outcomeOf('sensory', options), action: options.action },
  };
  const recorded = present((await session.clients.canteen.checkPortioning({ servingId, check })).check);
  session.out.result(toJson(PortioningCheck, recorded));
  tellRecorded(session, `Step 3 of ${dish.name}`, recorded);
}

function cookedPortions({ portions }: { readonly portions?: number }, planned: Serving['portions']): { portions: number } {
  return { portions: portions ?? planned };
}

/** Every standing record of a food's name, without those that failed where another one passed. */
function foodsOf({ ingredients }: Served, wanted: readonly string[]): string[] {
  const records = standing(ingredients);
  const ids = wanted.flatMap((text) => {
    const named = records.filter(({ entry, food }) => entry?.recordId === text || isSame(food, text));
    const passed = named.filter(({ sensory, quickTest }) => sensory === CheckOutcome.PASSED && quickTest !== CheckOutcome.FAILED);
    if (named.length === 0) {
      const known = [...new Set(records.map(({ food }) => `"${food}"`))].join(', ') || 'none yet';
      throw refused('FOOD_NOT_FOUND', `Step 1 of this meal has no food "${text}"; it has ${known}. "kitchen check" records one.`);
    }
    return (passed.length > 0 ? passed : named).map(({ entry }) => entry?.recordId ?? '');
  });
  return [...new Set(ids)];
}

function tellRecorded({ out }: Session, what: string, { entry }: Pick<IngredientCheck, 'entry'>): void {
  out.say(`${what} is recorded: ${entry?.recordId}`);
}

/** Thousandths of "12.5" or "12,5". "12.500" is 12.5 to one reader and 12500 to another, so it is asked back. */
function asQuantity(text: string): number {
  const [, whole = '', part = ''] = /^(\d{1,6})(?:[.,](\d{1,3}))?$/.exec(text) ?? [];
  if (whole === '') throw new InvalidArgumentError('It must be a number like 12.5, with three decimals at most.');
  if (part.length === 3 && Number(whole) > 0)
    throw new InvalidArgumentError(`Write ${whole}${part}, or ${whole}.${part.replace(/0+$/, '') || '0'}: "${text}" can mean both.`);
  return Number(whole) * 1_000 + Number(part.padEnd(3, '0'));
}
