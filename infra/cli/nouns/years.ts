import { readFileSync } from 'node:fs';
import { type Holiday, SchoolYear } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { parseSchoolDate } from '@schoolbell/kernel';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { toJson } from '../contract.ts';
import { wrongUsage } from '../failure.ts';
import { present } from '../long-work.ts';
import { asHour, asWeekdays } from '../said-time.ts';
import type { Act, Session } from '../session.ts';
import { asDate, idOption, idOr, verb } from '../verbs.ts';

export function addYearNoun(program: Command, act: Act): void {
  const year = program.command('year').description('the calendar of a school year: its days, its holidays, its halves of the day');
  verb(year, 'show', 'The calendar that holds a day.', ['year show', 'year show --date 2027-02-10', 'year show --json > year.json'])
    .option('--date <day>', 'a day of the year; today when left out', asDate)
    .action(act('principal', showYear));
  verb(
    year,
    'define',
    'Lays down the calendar of a school year; the newest version counts. What is not said is as in the file, or as schools usually have it.',
    [
      'year define --name 2026-2027 --first 2026-09-05 --last 2027-05-31 --citation "QĐ 2045/QĐ-UBND" --holiday "2027-01-01 Tết Dương lịch"',
      'year define --file year.json        (a calendar as "year show --json" gives it, and changed)',
    ],
  )
    .option('--file <file>', 'calendar as JSON, as "year show --json" gives it')
    .option('--name <name>', 'name of the year: 2026-2027')
    .option('--first <day>', 'first day', asDate)
    .option('--last <day>', 'last day', asDate)
    .option('--citation <text>', 'where first and last day are laid down, and holidays that name no place of their own')
    .option('--holiday <span>', '"FIRST[..LAST] NAME [(CITATION)]"; may be repeated; instead of those of the file', asHoliday)
    .option('--mornings <days>', 'weekdays with school in the morning, 1 is Monday: 1,2,3,4,5, or none', asWeekdaysOrNone)
    .option('--afternoons <days>', 'the same of the afternoon', asWeekdaysOrNone)
    .option('--morning-opens <hour>', 'from when the roll may be called: 06:00', asHour)
    .option('--afternoon-opens <hour>', 'the same of the afternoon: 12:00', asHour)
    .addOption(idOption('version of the calendar'))
    .action(act('principal', defineYear));
  verb(year, 'holiday', 'Adds a span without school to the calendar that holds it: a storm, a feast.', [
    'year holiday "2026-11-25..2026-11-26 Nghỉ bão số 15 (Công văn 812/UBND)"',
  ])
    .argument('<span>', '"FIRST[..LAST] NAME (CITATION)"', (text) => asHoliday(text))
    .addOption(idOption('version of the calendar'))
    .action(act('principal', addHoliday));
}

/** "2027-02-04..2027-02-12 Tết Nguyên đán (QĐ 2045/QĐ-UBND)" */
function asHoliday(text: string, before: readonly Holiday[] = []): Holiday[] {
  const [, firstDay = '', lastDay = firstDay, name = '', citation = ''] =
    /^(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?\s+([^()]+?)(?:\s*\((.+)\))?\s*$/.exec(text) ?? [];
  if (!parseSchoolDate(firstDay) || !parseSchoolDate(lastDay) || lastDay < firstDay)
    throw new InvalidArgumentError('It must look like "2027-02-04..2027-02-12 Tết Nguyên đán (QĐ 2045/QĐ-UBND)".');
  return [...before, { firstDay, lastDay, name, citation }];
}

function asWeekdaysOrNone(text: string): number[] {
  return text === 'none' ? [] : asWeekdays(text);
}

async function showYear(session: Session, { date = '' }: { date?: string }): Promise<void> {
  tellYear(session, present((await session.clients.attendance.getSchoolYear({ date })).schoolYear));
}

interface YearOptions {
  readonly file?: string;
  readonly name?: string;
  readonly first?: string;
  readonly last?: string;
  readonly citation?: string;
  readonly holiday?: readonly Holiday[];
  readonly mornings?: number[];
  readonly afternoons?: number[];
  readonly morningOpens?: string;
  readonly afternoonOpens?: string;
  readonly id?: string;
}

const usual = { morningWeekdays: [1, 2, 3, 4, 5], afternoonWeekdays: [1, 2, 3, 4, 5], morningOpens: '06:00', afternoonOpens: '12:00' };

async function defineYear(session: Session, options: YearOptions): Promise<void> {
  const known = options.file === undefined ? {} : readYear(options.file);
  const { name, firstDay, lastDay, citation, holidays, ...rest } = { ...usual, ...known, ...typed(options) };
  if (name === undefined || firstDay === undefined || lastDay === undefined || citation === undefined)
    throw wrongUsage('A calendar needs --name, --first, --last and --citation, or a --file that says them.');
  const cited = (holidays ?? []).map((each) => ({ ...each, citation: each.citation || citation }));
  const schoolYear = { ...rest, calendarId: idOr(options.id), name, firstDay, lastDay, citation, holidays: cited };
  tellYear(session, present((await session.clients.attendance.defineSchoolYear({ schoolYear })).schoolYear));
}

/** Only what was said, so that it stands in for what the file says. */
function typed(options: YearOptions): Partial<SchoolYear> {
  const { name, first, last, citation, holiday, mornings, afternoons, morningOpens, afternoonOpens } = options;
  return {
    ...(name !== undefined && { name }),
    ...(first !== undefined && { firstDay: first }),
    ...(last !== undefined && { lastDay: last }),
    ...(citation !== undefined && { citation }),
    ...(holiday !== undefined && { holidays: [...holiday] }),
    ...(mornings !== undefined && { morningWeekdays: mornings }),
    ...(afternoons !== undefined && { afternoonWeekdays: afternoons }),
    ...(morningOpens !== undefined && { morningOpens }),
    ...(afternoonOpens !== undefined && { afternoonOpens }),
  };
}

const holidayShape = z.strictObject({ firstDay: z.string(), lastDay: z.string(), name: z.string(), citation: z.string().default('') });
/** The service judges what is said; here only the names are checked, so that a misspelt one is not passed over. */
const yearShape = z.strictObject({
  calendarId: z.string().optional(),
  ...{ name: z.string().optional(), firstDay: z.string().optional(), lastDay: z.string().optional(), citation: z.string().optional() },
  holidays: z.array(holidayShape).optional(),
  ...{ morningWeekdays: z.array(z.number()).optional(), afternoonWeekdays: z.array(z.number()).optional() },
  ...{ morningOpens: z.string().optional(), afternoonOpens: z.string().optional() },
});

function readYear(file: string): Partial<SchoolYear> {
  const read = yearShape.safeParse(readJson(file));
  if (!read.success) throw wrongUsage(`${file} is no calendar as "year show --json" gives it: ${z.prettifyError(read.error)}`);
  // Another version has another id.
  const { calendarId: _, ...said } = read.data;
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrongUsage(`${file} cannot be read as JSON (${(error as Error).message}).`);
  }
}

async function addHoliday(session: Session, added: readonly Holiday[], { id }: { id?: string }): Promise<void> {
  const { attendance } = session.clients;
  const [holiday] = added;
  if (!holiday?.citation) throw wrongUsage('Say in brackets where it is laid down: "2026-11-25 Nghỉ bão (Công văn 812/UBND)".');
  const known = present((await attendance.getSchoolYear({ date: holiday.firstDay })).schoolYear);
  const holidays = [...known.holidays, holiday].sort((a, b) => (a.firstDay < b.firstDay ? -1 : 1));
  const schoolYear = { ...known, calendarId: idOr(id), holidays };
  tellYear(session, present((await attendance.defineSchoolYear({ schoolYear })).schoolYear));
}

function tellYear({ out }: Session, year: SchoolYear): void {
  out.result(toJson(SchoolYear, year));
  out.facts([
    ['School year', year.name],
    ['From', year.firstDay],
    ['Until', year.lastDay],
    ['Mornings', `${year.morningWeekdays.join(',')}; roll from ${year.morningOpens}`],
    ['Afternoons', year.afternoonWeekdays.length === 0 ? 'none' : `${year.afternoonWeekdays.join(',')}; roll from ${year.afternoonOpens}`],
    ['Laid down in', year.citation],
  ]);
  if (year.holidays.length === 0) return;
  out.say('');
  out.table(year.holidays, [
    { title: 'from', text: (row) => row.firstDay },
    { title: 'until', text: (row) => row.lastDay },
    { title: 'holiday', text: (row) => row.name },
    { title: 'laid down in', text: (row) => row.citation },
  ]);
}
