import { CutoffRule, HalfDayRule, Meal, MealPlan, MealPrice, PlanWaits } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { toJson } from '../contract.ts';
import { wrongUsage } from '../failure.ts';
import { present } from '../long-work.ts';
import { asHour, asWeekdays } from '../said-time.ts';
import type { Act, Session } from '../session.ts';
import { asAmount, asDate, asUuid, collected, idOption, idOr, verb, vnd } from '../verbs.ts';
import { enumChoices, enumText, moneyText } from '../wording.ts';
import { enumFrom, mealFrom, mealOption } from './meal-options.ts';
import { classIdOf, pupilIdOf, pupilIdsOf } from './registry.ts';

/** Prices, cut-offs and plans: what bookings follow from. */
export function addMealRuleVerbs(meals: Command, act: Act): void {
  datedOptions(
    verb(meals, 'price', 'Lays down the price of a meal from a day on, also of days gone by; without --price, shows what is laid down.', [
      'meals price --meal lunch --price 35.000 --from 2026-09-05 --citation "Thỏa thuận với cha mẹ học sinh"',
      'meals price --meal lunch',
    ]),
  )
    .option('--price <đồng>', 'price of one meal', asAmount)
    .addOption(idOption('price'))
    .action(act('accountant', priceMeals));
  datedOptions(
    verb(meals, 'cutoff', 'Lays down until when a meal can be cut; without --at, shows what is laid down.', [
      'meals cutoff --meal lunch --at 08:00 --half-days morning --from 2026-09-05 --citation "Nội quy bán trú"',
      'meals cutoff --meal lunch --at 16:00 --days-before 1 --half-days whole-day --from 2026-09-05 --citation "Nội quy bán trú"',
    ]),
  )
    .option('--at <hour>', "hour of Vietnam's clock: 08:00", asHour)
    .option('--days-before <n>', 'how many days before the meal', asDays, 0)
    .addOption(new Option('--half-days <which>', 'whose absence cuts it').choices(enumChoices(HalfDayRule)).default('morning'))
    .addOption(idOption('rule'))
    .action(act('principal', layDownCutoff));
  verb(meals, 'plan', 'Lets pupils eat week by week; their meals are booked soon after.', [
    'meals plan --class 1A --from 2026-11-24',
    'meals plan --pupil 79000701000001 --weekdays 1,3,5 --from 2026-11-24 --until 2027-01-15',
  ])
    .option('--pupil <pupil>', 'pupil code or id; may be repeated', collected, [])
    .option('--class <name>', 'everybody of this class, by name or id')
    .option('--weekdays <days>', '1 is Monday', asWeekdays, [1, 2, 3, 4, 5])
    .addOption(mealOption())
    .requiredOption('--from <day>', 'first day', asDate)
    .option('--until <day>', 'last day; open when left out', asDate)
    .addOption(idOption('order'))
    .action(act('principal', planMeals));
  verb(meals, 'plans', 'Meal plans of a pupil.', ['meals plans 79000701000001'])
    .argument('<pupil>', 'pupil code or id')
    .action(act('principal', listPlans));
  verb(meals, 'unplan', 'Sets the last day of a meal plan.', ['meals unplan 0198c1de-… --last-day 2026-12-18'])
    .argument('<plan>', 'plan id', asUuid)
    .requiredOption('--last-day <day>', 'last day', asDate)
    .action(act('principal', endPlan));
}

interface DatedOptions {
  readonly meal: string;
  readonly from?: string;
  readonly until?: string;
  readonly citation?: string;
  readonly id?: string;
}

function datedOptions(command: Command): Command {
  return command
    .addOption(mealOption())
    .option('--from <day>', 'first day for which it holds', asDate)
    .option('--until <day>', 'last day; open when left out', asDate)
    .option('--citation <text>', 'where it is laid down');
}

function datedFrom({ meal, from, until = '', citation }: DatedOptions) {
  if (from === undefined || citation === undefined) throw wrongUsage('What is laid down needs --from and --citation.');
  return { meal: mealFrom(meal), effectiveFrom: from, effectiveUntil: until, citation };
}

async function priceMeals({ out, clients }: Session, options: DatedOptions & { price?: bigint }): Promise<void> {
  const { price, id, meal } = options;
  if (price !== undefined) {
    const priced = { priceId: idOr(id), ...datedFrom(options), price: vnd(price) };
    const stored = present((await clients.canteen.defineMealPrice({ price: priced })).price);
    out.result(toJson(MealPrice, stored));
    return out.say(`${enumText(Meal, stored.meal)} costs ${moneyText(stored.price)} from ${stored.effectiveFrom} on.`);
  }
  const { prices } = await clients.canteen.listMealPrices({ meal: mealFrom(meal) });
  out.result(prices.map((row) => toJson(MealPrice, row)));
  out.table(prices, [
    { title: 'price', text: (row) => moneyText(row.price), align: 'right' },
    { title: 'from', text: (row) => row.effectiveFrom },
    { title: 'until', text: (row) => row.effectiveUntil },
    { title: 'citation', text: (row) => row.citation },
  ]);
}

async function layDownCutoff(
  { out, clients }: Session,
  options: DatedOptions & { at?: string; daysBefore: number; halfDays: string },
): Promise<void> {
  const { at, daysBefore, halfDays, id, meal } = options;
  if (at !== undefined) {
    const halfDayRule = enumFrom(HalfDayRule, halfDays) as HalfDayRule;
    const rule = { ruleId: idOr(id), ...datedFrom(options), daysBefore, time: at, halfDayRule };
    const stored = present((await clients.canteen.defineCutoffRule({ rule })).rule);
    out.result(toJson(CutoffRule, stored));
    return out.say(`${enumText(Meal, stored.meal)} can be cut until ${cutoffText(stored)}, from ${stored.effectiveFrom} on.`);
  }
  const { rules } = await clients.canteen.listCutoffRules({ meal: mealFrom(meal) });
  out.result(rules.map((row) => toJson(CutoffRule, row)));
  out.table(rules, [
    { title: 'cut-off', text: cutoffText },
    { title: 'absence', text: (row) => enumText(HalfDayRule, row.halfDayRule) },
    { title: 'from', text: (row) => row.effectiveFrom },
    { title: 'until', text: (row) => row.effectiveUntil },
    { title: 'citation', text: (row) => row.citation },
  ]);
}

function cutoffText({ daysBefore, time }: CutoffRule): string {
  return daysBefore === 0 ? `${time} of the day` : `${time}, ${daysBefore} ${daysBefore === 1 ? 'day' : 'days'} before`;
}

interface PlanOptions {
  readonly pupil: readonly string[];
  readonly class?: string;
  readonly weekdays: readonly number[];
  readonly meal: string;
  readonly from: string;
  readonly until?: string;
  readonly id?: string;
}

async function planMeals(session: Session, options: PlanOptions): Promise<void> {
  const { clients } = session;
  const { pupil, class: className, weekdays, meal, from, until = '', id } = options;
  if ((pupil.length === 0) === (className === undefined)) throw wrongUsage('Say either --pupil or --class.');
  const studentIds = await pupilIdsOf(clients, pupil);
  const classId = className === undefined ? '' : await classIdOf(clients, className);
  const week = weekdays.map((weekday) => ({ weekday, meals: [mealFrom(meal)] }));
  const order = { orderId: idOr(id), studentIds, classId, week, firstDay: from, lastDay: until };
  tellPlans(session, (await clients.canteen.defineMealPlans(order)).plans);
}

async function listPlans(session: Session, pupil: string): Promise<void> {
  const studentId = await pupilIdOf(session.clients, pupil);
  tellPlans(session, (await session.clients.canteen.listMealPlans({ studentId })).plans);
}

async function endPlan(session: Session, planId: string, { lastDay }: { lastDay: string }): Promise<void> {
  tellPlans(session, [present((await session.clients.canteen.endMealPlan({ planId, lastDay })).plan)]);
}

function tellPlans({ out }: Session, plans: readonly MealPlan[]): void {
  out.result(plans.map((row) => toJson(MealPlan, row)));
  out.table(plans, [
    { title: 'plan', text: (row) => row.planId },
    {
      title: 'week',
      text: ({ week }) => week.map(({ weekday, meals }) => `${weekday}:${meals.map((meal) => enumText(Meal, meal)).join('+')}`).join(' '),
    },
    { title: 'from', text: (row) => row.firstDay },
    { title: 'until', text: (row) => row.lastDay },
    { title: 'booked until', text: (row) => row.laidUntil },
    { title: 'waits for', text: (row) => enumText(PlanWaits, row.waitsFor) },
  ]);
}

function asDays(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError('It must be a number of days.');
  return Number(text);
}
