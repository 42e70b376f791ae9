import { Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { FoodSample, ListedSample, SampleForm, Serving } from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { schoolDateOf } from '@schoolbell/kernel';
import { type Command, InvalidArgumentError } from 'commander';
import { toJson } from '../contract.ts';
import { refused } from '../failure.ts';
import { present } from '../long-work.ts';
import { asTime, type SaidTime, timeForms } from '../said-time.ts';
import type { Act, Session } from '../session.ts';
import { asCount, asUuid, idOption, idOr, type ListOptions, listed, listOptions, verb } from '../verbs.ts';
import { clockText, enumText } from '../wording.ts';
import { type MealOptions, mealOptions } from './meal-options.ts';
import { dishOf, type EntryOptions, entryFrom, entryOptions, servedAt, tellServing } from './serving.ts';

/** Lưu mẫu, hủy mẫu. */
export function addSampleVerbs(kitchen: Command, act: Act): void {
  listOptions(
    verb(kitchen, 'samples', 'Food samples, the one that may be destroyed first at the head.', [
      'kitchen samples',
      'kitchen samples --due',
    ]),
  )
    .option('--due', 'only those that may be destroyed now')
    .action(act('kitchen', listSamples));
  addSample(kitchen, act);
  verb(kitchen, 'destroy', 'Writes down that a sample is gone; refused before its time and while it is held.', [
    'kitchen destroy 0198c1de-… --by "Nguyễn Thị Vỹ" --witness "Trần Văn Hùng" --note "Mẫu bình thường"',
  ])
    .argument('<sample>', 'id of the sample; "kitchen samples --due" has it', asUuid)
    .requiredOption('--by <name>', 'who did it')
    .requiredOption('--witness <name>', 'who saw it; somebody else')
    .option('--at <time>', `when: ${timeForms}; now when left out`, asTime)
    .option('--note <text>', 'what else is to be said', '')
    .action(act('kitchen', destroySample));
  mealOptions(
    verb(kitchen, 'hold', 'Keeps the samples of a meal: nobody may destroy them until the authority says so.', [
      'kitchen hold --meal lunch --reason "Ba học sinh lớp 2A đau bụng sau bữa trưa"',
    ]),
  )
    .requiredOption('--reason <text>', 'why')
    .addOption(idOption('hold'))
    .action(act('nurse', hold));
  mealOptions(
    verb(kitchen, 'release', "Lets the samples of a meal go, by the authority's paper.", [
      'kitchen release --date 2026-11-23 --document "Công văn 45/TTYT ngày 25-11-2026"',
    ]),
  )
    .requiredOption('--document <text>', 'the paper by which the authority allows it')
    .option('--hold <id>', 'which hold, where there are several', asUuid)
    .action(act('nurse', release));
}

function addSample(kitchen: Command, act: Act): void {
  const sample = verb(kitchen, 'sample', 'Keeps a sample of a dish, at least 100 g of a solid or 150 ml of a liquid.', [
    'kitchen sample "Cá thu sốt cà chua" --amount 120 --container "Hộp inox có nắp" --celsius 4.5 --taken-at 10:20 --by "Vỹ"',
    'kitchen sample "Canh bí đỏ" --amount 200 --liquid --container "Hộp inox có nắp" --celsius 4.5 --by "Vỹ"',
  ]);
  mealOptions(sample)
    .argument('<dish>', 'dish of the meal, by name or id')
    .requiredOption('--amount <n>', 'grams, with --liquid millilitres', asCount)
    .option('--liquid', 'it is a liquid')
    .requiredOption('--container <text>', 'what it is kept in')
    .requiredOption('--celsius <degrees>', 'how cold it is kept: 4.5', asTenths)
    .option('--taken-at <time>', `when it was taken: ${timeForms}; now when left out`, asTime);
  entryOptions(sample).action(act('kitchen', takeSample));
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

interface SampleOptions extends MealOptions, EntryOptions {
  readonly amount: number;
  readonly liquid?: boolean;
  readonly container: string;
  readonly celsius: number;
  readonly takenAt?: SaidTime;
}

async function takeSample(session: Session, nameOrId: string, options: SampleOptions): Promise<void> {
  const { serving } = await servedAt(session, options);
  const dish = dishOf(serving, nameOrId);
  const { amount, liquid, container, celsius, takenAt } = options;
  const sample = {
    ...{ entry: entryFrom(options), servingId: serving.servingId, dishId: dish.dishId },
    ...{ form: liquid ? SampleForm.LIQUID : SampleForm.SOLID, amount, container, celsiusTenths: celsius },
    ...{ takenAt: takenAt?.(serving.date) ?? new Date(), destroyableFrom: undefined, destroyed: undefined },
  };
  const kept = present((await session.clients.canteen.takeSample({ sample })).sample);
  session.out.result(toJson(FoodSample, kept));
  session.out.say(`The sample of ${dish.name} is kept until ${clockText(kept.destroyableFrom)}: ${kept.entry?.recordId}`);
}

interface DestroyOptions {
  readonly by: string;
  readonly witness: string;
  readonly at?: SaidTime;
  readonly note: string;
}

async function destroySample({ out, clients }: Session, sampleId: string, { by, witness, at, note }: DestroyOptions): Promise<void> {
  const destroyedAt = at?.(schoolDateOf(new Date())) ?? new Date();
  const destruction = { destroyedAt, destroyedBy: by, witness, note, recordedAt: undefined, recordedBy: '' };
  const sample = present((await clients.canteen.destroySample({ sampleId, destruction })).sample);
  out.result(toJson(FoodSample, sample));
  out.say(`The sample is gone since ${clockText(sample.destroyed?.destroyedAt)}, seen by ${sample.destroyed?.witness}.`);
}

async function hold(session: Session, options: MealOptions & { reason: string; id?: string }): Promise<void> {
  const { servingId } = (await servedAt(session, options)).serving;
  const held = { servingId, holdId: idOr(options.id), reason: options.reason };
  tellHeld(session, present((await session.clients.canteen.holdSamples(held)).serving));
}

async function release(session: Session, options: MealOptions & { document: string; hold?: string }): Promise<void> {
  const { serving } = await servedAt(session, options);
  const open = serving.holds.filter(({ releasedAt }) => releasedAt === undefined);
  if (options.hold === undefined && open.length !== 1) {
    const which = open.map(({ holdId, reason }) => `${holdId} (${reason})`).join(', ');
    throw refused(
      'HOLD_UNCLEAR',
      open.length === 0 ? 'Nobody holds the samples of this meal.' : `There are several holds: say --hold with one of ${which}.`,
    );
  }
  const holdId = options.hold ?? open[0]?.holdId ?? '';
  const released = { servingId: serving.servingId, holdId, document: options.document };
  tellHeld(session, present((await session.clients.canteen.releaseSamples(released)).serving));
}

function tellHeld(session: Session, serving: Serving): void {
  session.out.result(toJson(Serving, serving));
  tellServing(session, serving);
}

/** Tenths of "4.5" or "4,5". */
function asTenths(text: string): number {
  const [, sign = '', whole = '', part = '0'] = /^(-?)(\d{1,3})(?:[.,](\d))?$/.exec(text) ?? [];
  if (whole === '') throw new InvalidArgumentError('It must be degrees Celsius like 4.5, with one decimal at most.');
  return Number(`${sign}${Number(whole) * 10 + Number(part)}`);
}
