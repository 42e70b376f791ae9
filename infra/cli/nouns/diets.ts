import { Allergen, Diet, PupilDiet } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { schoolDateOf } from '@schoolbell/kernel';
import { type Command, Option } from 'commander';
import { toJson } from '../contract.ts';
import { wrongUsage } from '../failure.ts';
import { present } from '../long-work.ts';
import type { Act, Session } from '../session.ts';
import { asDate, idOption, idOr, verb } from '../verbs.ts';
import { enumChoices, enumText } from '../wording.ts';
import { allergenFrom } from './dish-text.ts';
import { enumFrom } from './meal-options.ts';
import { pupilIdOf } from './registry.ts';

export function addDietNoun(program: Command, act: Act): void {
  const diets = program.command('diet').description('what a pupil eats and must not eat');
  verb(diets, 'set', 'Lays down how a pupil eats from a day on. What is not said stays as it is; it reaches the kitchen at once.', [
    'diet set 79000701000001 --diet vegetarian',
    'diet set 79000701000001 --avoid peanuts --avoid eggs --note "Mang theo thuốc"',
    'diet set 79000701000001 --clear eggs --clear note',
  ])
    .argument('<pupil>', 'pupil code or id')
    .addOption(new Option('--diet <diet>', 'diet').choices(enumChoices(Diet)))
    .option(
      '--avoid <allergen>',
      `what the pupil must not eat besides; may be repeated: ${enumChoices(Allergen).join(', ')}`,
      asAllergen,
      [],
    )
    .option('--note <text>', 'what the kitchen must know besides, in place of the note before')
    .option('--clear <what>', 'an allergen the pupil may eat from now on, or "note"; may be repeated', asCleared, [])
    .option('--since <day>', 'first day; today when left out', asDate)
    .addOption(idOption('diet'))
    .action(act('principal', setDiet));
  verb(diets, 'list', 'Diets of a pupil.', ['diet list 79000701000001'])
    .argument('<pupil>', 'pupil code or id')
    .action(act('principal', listDiets));
}

function asAllergen(text: string, before: readonly Allergen[]): Allergen[] {
  return [...before, allergenFrom(text)];
}

function asCleared(text: string, before: readonly string[]): string[] {
  if (text !== 'note') allergenFrom(text);
  return [...before, text];
}

export interface DietOptions {
  readonly diet?: string;
  readonly avoid: readonly Allergen[];
  readonly note?: string;
  readonly clear: readonly string[];
  readonly since?: string;
  readonly id?: string;
}

async function setDiet(session: Session, pupil: string, options: DietOptions): Promise<void> {
  const { since = schoolDateOf(new Date()), id } = options;
  const { canteen } = session.clients;
  const studentId = await pupilIdOf(session.clients, pupil);
  const { diets } = await canteen.listDiets({ studentId });
  const { diet, ...may } = changedDiet(dietOn(diets, since), options);
  const set = present((await canteen.setDiet({ diet: { ...diet, dietId: idOr(id), studentId, since }, ...may })).diet);
  tellDiets(session, [set]);
  const next = diets.map((each) => each.since).filter((day) => day > since);
  if (next.length > 0) session.out.say(`From ${next.sort()[0]} on another diet was laid down: see "diet list ${pupil}".`);
}

/** Of those that have begun the one that begins last, of those of one day the one that was set last. */
export function dietOn(diets: readonly PupilDiet[], date: string): PupilDiet | undefined {
  return diets
    .filter(({ since }) => since <= date)
    .reduce<PupilDiet | undefined>((holding, each) => (holding && holding.since > each.since ? holding : each), undefined);
}

/** The diet that holds, with what is said changed: what is not named is neither lost nor asked for again. */
export function changedDiet(before: PupilDiet | undefined, { diet, avoid, note, clear }: DietOptions) {
  const cleared = clear.filter((what) => what !== 'note').map((what) => allergenFrom(what));
  const both = cleared.find((each) => avoid.includes(each));
  if (both !== undefined) throw wrongUsage(`${enumText(Allergen, both)} is named by --avoid and by --clear: say one of them.`);
  const noteCleared = clear.includes('note') || note !== undefined;
  const kept = (before?.avoided ?? []).filter((each) => !cleared.includes(each));
  const wanted = {
    diet: diet === undefined ? (before?.diet ?? Diet.STANDARD) : (enumFrom(Diet, diet) as Diet),
    note: note ?? (noteCleared ? '' : (before?.note ?? '')),
    avoided: [...new Set([...kept, ...avoid])],
  };
  return { diet: wanted, cleared, noteCleared };
}

async function listDiets(session: Session, pupil: string): Promise<void> {
  const studentId = await pupilIdOf(session.clients, pupil);
  tellDiets(session, (await session.clients.canteen.listDiets({ studentId })).diets);
}

function tellDiets({ out }: Session, diets: readonly PupilDiet[]): void {
  out.result(diets.map((row) => toJson(PupilDiet, row)));
  out.table(diets, [
    { title: 'since', text: (row) => row.since },
    { title: 'diet', text: (row) => enumText(Diet, row.diet) },
    { title: 'avoids', text: (row) => row.avoided.map((each) => enumText(Allergen, each)).join(', ') },
    { title: 'note', text: (row) => row.note },
  ]);
}
