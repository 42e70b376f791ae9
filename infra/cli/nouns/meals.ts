import {
  Allergen,
  Booking,
  BookingStatus,
  CancelReason,
  Diet,
  LateChangeKind,
  Meal,
} from '@schoolbell/contracts/school/canteen/v1/canteen';
import { GetKitchenCountResponse } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import { schoolDateOf } from '@schoolbell/kernel';
import type { Command } from 'commander';
import type { Clients } from '../../start/clients.ts';
import { toJson } from '../contract.ts';
import { wrongUsage } from '../failure.ts';
import { asTime, type SaidTime, timeForms } from '../said-time.ts';
import type { Act, Session } from '../session.ts';
import { asDate, collected, idOption, idOr, type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumText, moneyText } from '../wording.ts';
import { type MealOptions, mealFrom, mealOptions } from './meal-options.ts';
import { addMealRuleVerbs } from './meal-rules.ts';
import { classIdOf, pupilIdOf, pupilIdsOf } from './registry.ts';
import { tellMenuDifference } from './serving.ts';

export function addMealsNoun(program: Command, act: Act): Command {
  const meals = program.command('meals').description("booked meals, the kitchen's count, monthly bills");
  mealOptions(
    verb(meals, 'count', 'What the kitchen has to cook: by class and diet, as told by the cut-off, and what changed since.', [
      'meals count',
      'meals count --date 2026-11-23 --meal lunch --json',
    ]),
  ).action(act('kitchen', countMeals));
  whoseOptions(
    verb(meals, 'book', 'Books a meal for pupils; after the cut-off as extra portions.', [
      'meals book --class 1A --date 2026-11-24',
      'meals book --pupil 79000701000001 --meal snack',
    ]),
  ).action(act('principal', bookMeals));
  whoseOptions(
    verb(meals, 'cancel', 'Cuts booked meals. What was told after the cut-off is cooked and paid for all the same.', [
      'meals cancel --pupil 79000701000001 --date 2026-11-24',
      'meals cancel --pupil 79000701000001 --reported-at 06:40 --reason "Mẹ gọi lúc 6:40"',
    ]),
  )
    .option('--reason <text>', 'why', '')
    .option('--reported-at <time>', `when the school was told, where that was before now: ${timeForms}`, asTime)
    .action(act('principal', cancelMeals));
  whoseOptions(
    verb(meals, 'restore', 'Puts cut meals on again; after the cut-off for a child who is here after all.', [
      'meals restore --pupil 79000701000001 --reason "Em đến lớp lúc 8:00"',
    ]),
  )
    .option('--reason <text>', 'why; needed after the cut-off', '')
    .action(act('principal', restoreMeals));
  listOptions(
    verb(meals, 'list', 'Booked meals of a pupil and month, or of a day.', [
      'meals list --pupil 79000701000001 --month 2026-11',
      'meals list',
    ]),
  )
    .option('--pupil <pupil>', 'pupil code or id')
    .option('--month <month>', 'with a pupil: 2026-11; this month when left out')
    .option('--date <day>', 'without a pupil; today when left out', asDate)
    .action(act('principal', listMeals));
  addMealRuleVerbs(meals, act);
  return meals;
}

async function countMeals(session: Session, { date = schoolDateOf(new Date()), meal }: MealOptions): Promise<void> {
  const { out, clients } = session;
  const count = await clients.canteen.getKitchenCount({ date, meal: mealFrom(meal) });
  out.result(toJson(GetKitchenCountResponse, count));
  out.facts([
    ['Meal', `${count.date} ${enumText(Meal, count.meal)}`],
    ['Cut-off', clockText(count.cutoffAt)],
    ['Portions', String(count.portions)],
    ['Told at the cut-off', String(count.toldAtCutoff)],
    ['Told too late', count.cutLate > 0 ? String(count.cutLate) : ''],
  ]);
  out.say('');
  out.table(count.rows, [
    { title: 'class', text: (row) => row.className },
    { title: 'diet', text: (row) => enumText(Diet, row.diet) },
    { title: 'portions', text: (row) => String(row.portions), align: 'right' },
    { title: 'at cut-off', text: (row) => String(row.toldAtCutoff), align: 'right' },
    { title: 'too late', text: (row) => (row.cutLate > 0 ? String(row.cutLate) : ''), align: 'right' },
  ]);
  tellLateChanges(out, count);
  tellCareful(out, count);
  tellMenuDifference(session, count.menuDifference);
}

function tellLateChanges(out: Session['out'], { lateChanges }: GetKitchenCountResponse): void {
  if (lateChanges.length === 0) return;
  out.say('\nAfter the cut-off:');
  out.table(lateChanges, [
    { title: 'pupil', text: (row) => row.studentName },
    { title: 'class', text: (row) => row.className },
    { title: 'change', text: (row) => enumText(LateChangeKind, row.kind) },
    { title: 'told', text: (row) => clockText(row.reportedAt) },
    { title: 'heard', text: (row) => clockText(row.heardAt) },
  ]);
}

function tellCareful(out: Session['out'], { careful, menuKnown }: GetKitchenCountResponse): void {
  if (careful.length === 0) return;
  out.say(menuKnown ? '\nWith care:' : '\nWith care (nobody has said what there is, so everybody who avoids something is here):');
  out.table(careful, [
    { title: 'pupil', text: (row) => row.studentName },
    { title: 'class', text: (row) => row.className },
    { title: 'diet', text: (row) => enumText(Diet, row.diet) },
    { title: 'avoids', text: (row) => row.avoided.map((each) => enumText(Allergen, each)).join(', ') },
    { title: 'not these dishes', text: (row) => row.dishes.join(', ') },
    { title: 'nobody knows of', text: (row) => row.unclearDishes.join(', ') },
    { title: 'note', text: (row) => row.note },
  ]);
}

interface WhoseOptions extends MealOptions {
  readonly pupil: readonly string[];
  readonly class?: string;
  readonly id?: string;
}

function whoseOptions(command: Command): Command {
  return mealOptions(command)
    .option('--pupil <pupil>', 'pupil code or id; may be repeated', collected, [])
    .option('--class <name>', 'everybody of this class, by name or id')
    .addOption(idOption('order'));
}

async function orderOf(clients: Clients, { pupil, class: className, date = schoolDateOf(new Date()), meal, id }: WhoseOptions) {
  const studentIds = await pupilIdsOf(clients, pupil);
  if (className !== undefined) {
    const classId = await classIdOf(clients, className);
    const { pupils } = await clients.registry.listPupils({ classId, includeLeft: false, page: { size: 500, token: '' } });
    studentIds.push(...pupils.map(({ studentId }) => studentId));
  }
  if (studentIds.length === 0) throw wrongUsage('Nobody is named: say --pupil or --class.');
  return { orderId: idOr(id), studentIds: [...new Set(studentIds)], meals: [{ date, meal: mealFrom(meal) }] };
}

async function bookMeals(session: Session, options: WhoseOptions): Promise<void> {
  const { bookings } = await session.clients.canteen.bookMeals(await orderOf(session.clients, options));
  tellBookings(session, bookings);
}

async function cancelMeals(session: Session, options: WhoseOptions & { reason: string; reportedAt?: SaidTime }): Promise<void> {
  const { reason, reportedAt, date = schoolDateOf(new Date()) } = options;
  const order = { ...(await orderOf(session.clients, options)), reason, reportedAt: reportedAt?.(date) };
  tellBookings(session, (await session.clients.canteen.cancelMeals(order)).bookings);
}

async function restoreMeals(session: Session, options: WhoseOptions & { reason: string }): Promise<void> {
  const order = { ...(await orderOf(session.clients, options)), reason: options.reason };
  tellBookings(session, (await session.clients.canteen.restoreMeals(order)).bookings);
}

async function listMeals(session: Session, options: ListOptions & { pupil?: string; month?: string; date?: string }): Promise<void> {
  const { clients } = session;
  const { pupil, month = '', date = '' } = options;
  if (pupil === undefined && month !== '') throw wrongUsage('--month needs a --pupil; of the whole school say --date.');
  const studentId = pupil === undefined ? '' : await pupilIdOf(clients, pupil);
  const rows = await listed(session, options, async (page) => {
    const answer = await clients.canteen.listBookings({ studentId, month, date, page });
    return { rows: answer.bookings, page: answer.page };
  });
  tellBookings(session, rows);
}

function tellBookings({ out }: Session, bookings: readonly Booking[]): void {
  out.result(bookings.map((row) => toJson(Booking, row)));
  out.table(bookings, [
    { title: 'day', text: (row) => row.date },
    { title: 'meal', text: (row) => enumText(Meal, row.meal) },
    { title: 'pupil', text: (row) => row.studentName },
    { title: 'class', text: (row) => row.className },
    { title: 'price', text: (row) => moneyText(row.price), align: 'right' },
    { title: 'status', text: (row) => enumText(BookingStatus, row.status) },
    { title: 'why', text: (row) => enumText(CancelReason, row.cutReason) },
    { title: 'told', text: (row) => clockText(row.cutReportedAt) },
    { title: 'cut-off', text: (row) => clockText(row.cutoffAt) },
  ]);
}
