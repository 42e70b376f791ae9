import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Finding, FindingLevel, Import, ImportKind, ImportStatus } from '@schoolbell/contracts/school/registry/v1/registry';
import type { Command } from 'commander';
import { toJson } from '../contract.ts';
import { refused, wrongUsage } from '../failure.ts';
import { applyImport, present } from '../long-work.ts';
import type { Output } from '../output.ts';
import type { Act, Session } from '../session.ts';
import { idOption, idOr, verb } from '../verbs.ts';
import { enumText } from '../wording.ts';

export function addRosterNoun(program: Command, act: Act): void {
  const roster = program.command('roster').description("the school's pupils and guardians from files");
  const kinds = [
    ['import', ImportKind.ROSTER, 'Takes over the sector workbook C1-HocSinh (xlsx).', 'C1-HocSinh.xlsx'],
    ['contacts', ImportKind.CONTACTS, "Takes over the school's own contact list (CSV).", 'phu-huynh.csv'],
  ] as const;
  for (const [name, kind, what, example] of kinds) {
    verb(roster, name, `${what} Shows what would change, asks, then takes it over.`, [
      `roster ${name} ${example} --dry-run`,
      `roster ${name} ${example} --yes`,
    ])
      .argument('<file>', 'the file, 16 MiB at most')
      .option('--dry-run', 'show what would change and stop')
      .option('--yes', 'take it over without asking')
      .addOption(idOption('import'))
      .action(act('principal', (session, file: string, options: ImportOptions) => importFile(session, kind, file, options)));
  }
}

interface ImportOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly id?: string;
}

async function importFile(session: Session, kind: ImportKind, file: string, { dryRun, yes, id }: ImportOptions): Promise<void> {
  const { out, clients } = session;
  const content = readWhole(file);
  const importId = idOr(id);
  const planned = present((await clients.registry.planImport({ importId, kind, fileName: basename(file), content })).import);
  tellPlan(out, planned);
  if (dryRun) return finish(out, planned, 'Nothing was changed: a dry run.');
  if (planned.status === ImportStatus.FAILED) throw failed(planned);
  if (planned.status === ImportStatus.APPLIED) return finish(out, planned, 'This import was taken over before.');
  if (changes(planned) === 0) return finish(out, planned, 'Nothing differs from what the school has.');
  if (!yes && !(await session.confirm(`Take over ${changes(planned)} changes?`, '--yes to go on, or --dry-run to look only')))
    return finish(out, planned, 'Nothing was changed.');

  const bar = out.progress('Taking over');
  const applied = await applyImport(clients.registry, importId, bar.on).finally(bar.end);
  if (applied.status === ImportStatus.FAILED) throw failed(applied);
  finish(out, applied, 'Taken over.');
}

const whyFailed: Readonly<Record<string, string>> = {
  ROWS_LOST: 'its rows are gone, because it was left for more than a week',
  TOO_LARGE: 'one of its rows says more than an announcement can hold',
};

function failed({ failure, appliedRows, rows, refused: held }: Import): Error {
  const why = whyFailed[failure] ?? 'something unexpected is in it; the log of registry says what';
  return refused(
    'IMPORT_FAILED',
    `The import ended after ${appliedRows} of ${rows - held} rows: ${why}. What was taken over stays. Mend the file and import it again.`,
  );
}

function finish(out: Output, state: Import, sentence: string): void {
  out.result(toJson(Import, state));
  out.say(sentence);
}

function changes({ diff }: Import): number {
  return diff ? diff.added + diff.changed + diff.ended + diff.merged : 0;
}

function tellPlan(out: Output, { rows, accepted, refused, left, classes, diff, findings, kind }: Import): void {
  const isRoster = kind === ImportKind.ROSTER;
  out.facts([
    ['Rows', String(rows)],
    [isRoster ? 'Pupils enrolled' : 'Taken in', String(accepted)],
    ['Left the school', isRoster ? String(left) : ''],
    ['Classes', isRoster ? String(classes) : ''],
    ['Held back', String(refused)],
    ['New', String(diff?.added ?? 0)],
    ['Changed', String(diff?.changed ?? 0)],
    ['Unchanged', String(diff?.unchanged ?? 0)],
    [isRoster ? 'Leave' : 'Guardianships that end', String(diff?.ended ?? 0)],
    ['Temporary ids merged', isRoster ? String(diff?.merged ?? 0) : ''],
  ]);
  if (findings.length === 0) return;
  out.say('');
  out.table(grouped(findings), [
    { title: 'level', text: ({ level }) => enumText(FindingLevel, level) },
    { title: 'finding', text: ({ code }) => code },
    { title: 'rows', text: ({ rows: found }) => String(found.length), align: 'right' },
    { title: 'which', text: ({ rows: found }) => `${found.slice(0, 10).join(', ')}${found.length > 10 ? ' …' : ''}` },
  ]);
  out.say('');
}

interface Group {
  readonly level: FindingLevel;
  readonly code: string;
  readonly rows: number[];
}

/** The gravest first. */
function grouped(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { code, level, row } of findings) {
    const group = groups.get(code) ?? { level, code, rows: [] };
    group.rows.push(row);
    groups.set(code, group);
  }
  return [...groups.values()].sort((a, b) => b.level - a.level || a.code.localeCompare(b.code));
}

const mostBytes = 16 * 1024 * 1024;

function readWhole(file: string): Buffer {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw wrongUsage(`There is no file ${file}.`);
  if (!found.isFile()) throw wrongUsage(`${file} is not a file.`);
  if (found.size === 0) throw refused('FILE_EMPTY', `${file} is empty.`);
  if (found.size > mostBytes) {
    throw refused(
      'FILE_TOO_LARGE',
      `${file} has ${(found.size / 1_048_576).toFixed(1)} MiB; an import may have 16 MiB at most. Split it, or remove pictures from it.`,
    );
  }
  return readFileSync(file);
}
